#!/usr/bin/env bash
# Sets up what is missing and serves; with a verb, does that and ends:
#   ./run.sh [VERB] [--urls URL] [--data DIR] [--Key=value …]        ./run.sh --help
# Needs the .NET 10 SDK, Node with npm, and Git. All state is in --data (default: .data beside this file).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s\n' "$*" >&2; }
need() { command -v "$1" >/dev/null || { say "run.sh needs $2; install it and run again."; exit 2; }; }

# Tools that write to a home folder get one of ours where there is none.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  export HOME="$root/.run/home"
  mkdir -p "$HOME"
fi

# Changes with every file that the build reads.
source_hash() {
  (cd "$root" && find src migrations build wwwroot appsettings.json package-lock.json global.json Directory.Build.props Directory.Packages.props \
    -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-20)
}

runtime_identifier() {
  local system cpu
  case $(uname -s) in Linux) system=linux ;; Darwin) system=osx ;; *) say "run.sh runs on Linux and macOS."; exit 2 ;; esac
  case $(uname -m) in x86_64 | amd64) cpu=x64 ;; aarch64 | arm64) cpu=arm64 ;; *) say "No build for $(uname -m)."; exit 2 ;; esac
  printf '%s-%s' "$system" "$cpu"
}

publish() {
  local target=$1 draft="$1.draft.$$"
  need dotnet "the .NET 10 SDK"
  say "Building (once for this source tree) …"
  if ! "$root/build/publish.sh" "$(runtime_identifier)" "$draft" > "$root/.run/build.log" 2>&1; then
    cat "$root/.run/build.log" >&2
    rm -rf "$draft"
    exit 1
  fi
  rm -rf "$target"
  mv "$draft" "$target"
  # Older builds go, but for the last two: one of them may be serving.
  (cd "$root/.run" && ls -dt app-*/ 2>/dev/null | tail -n +4 | while read -r old; do rm -rf -- "$old"; done)
}

mkdir -p "$root/.run"
app="$root/.run/app-$(source_hash)"
if [ ! -x "$app/NhiGovernance.Web" ] || [ ! -e "$root/node_modules/.fetched" ]; then
  exec 9> "$root/.run/lock"
  if command -v flock >/dev/null; then flock 9; fi
  "$root/build/packages.sh"
  [ -x "$app/NhiGovernance.Web" ] || publish "$app"
  exec 9>&-
fi

export Data="${Data:-$root/.data}"
exec "$app/NhiGovernance.Web" "$@"
