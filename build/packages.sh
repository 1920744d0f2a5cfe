#!/usr/bin/env bash
# Fetches what package.json names (PostgreSQL's programs), when that is not done yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
want=$(cat package.json package-lock.json | sha256sum)
[ "$(cat node_modules/.fetched 2>/dev/null)" != "$want" ] || exit 0
command -v npm >/dev/null || { echo "This needs Node with npm; install it and run again." >&2; exit 2; }
echo "Fetching packages …" >&2
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2
printf '%s' "$want" > node_modules/.fetched
