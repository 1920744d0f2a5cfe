#!/bin/sh
# Publishes the product, self-contained. usage: build/publish.sh RUNTIME_IDENTIFIER OUTPUT_FOLDER [INTERMEDIATE_FOLDER]
# Compiled ahead, so that it is up a second sooner. The runtime is named because an SDK brings its own, which may be older than the last security fixes.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
exec "$root/build/compile.sh" publish "$root/src/NhiGovernance.Web" --configuration Release --runtime "$1" --self-contained \
  -p:RuntimeFrameworkVersion=10.0.14 -p:PublishReadyToRun=true -p:RunAnalyzers=false --artifacts-path "${3:-$root/.run/build}" --output "$2" --verbosity quiet
