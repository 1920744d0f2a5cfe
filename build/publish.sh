#!/bin/sh
# Publishes the product, self-contained. usage: build/publish.sh RUNTIME_IDENTIFIER OUTPUT_FOLDER [INTERMEDIATE_FOLDER]
# The runtime is named because an SDK brings its own, which may be older than the last security fixes.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
exec dotnet publish "$root/src/NhiGovernance.Web" --configuration Release --runtime "$1" --self-contained \
  -p:RuntimeFrameworkVersion=10.0.14 -p:RunAnalyzers=false -p:UseSharedCompilation=false \
  --artifacts-path "${3:-$root/.run/build}" --output "$2" --verbosity quiet
