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

hash_of() { (cd "$root" && "$@" -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0) | LC_ALL=C sort -z \
  | (cd "$root" && xargs -0 sha256sum) | sha256sum | cut -c1-20; }
source_hash() { hash_of find src migrations build wwwroot appsettings.json global.json Directory.Build.props Directory.Packages.props; }
package_hash() { hash_of find package.json package-lock.json; }

install_packages() {
  local want=$1
  [ "$(cat "$root/node_modules/.nhi-packages" 2>/dev/null)" = "$want" ] && return
  need npm "Node with npm"
  say "Fetching packages …"
  (cd "$root" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  printf '%s' "$want" > "$root/node_modules/.nhi-packages"
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
  # The runtime is named because an SDK brings its own, which may be older than the last security fixes.
  if ! (cd "$root" && MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet publish src/NhiGovernance.Web \
      --configuration Release --runtime "$(runtime_identifier)" --self-contained -p:RuntimeFrameworkVersion=10.0.14 \
      -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -p:UseSharedCompilation=false --artifacts-path "$root/.run/build" \
      --output "$draft" --verbosity quiet) > "$root/.run/build.log" 2>&1; then
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
packages=$(package_hash)
if [ ! -x "$app/NhiGovernance.Web" ] || [ "$(cat "$root/node_modules/.nhi-packages" 2>/dev/null)" != "$packages" ]; then
  exec 9> "$root/.run/lock"
  if command -v flock >/dev/null; then flock 9; fi
  install_packages "$packages"
  [ -x "$app/NhiGovernance.Web" ] || publish "$app"
  exec 9>&-
fi

export Data="${Data:-$root/.data}"
exec "$app/NhiGovernance.Web" "$@"
