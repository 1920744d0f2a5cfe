#!/bin/sh
# Runs dotnet for one build. usage: build/compile.sh build|publish ARGUMENTS
# All projects share one compiler, which is warm after the first (a third less time than one for each); it ends with the build.
set -eu
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# A compiler lives too short to win back what measuring itself costs.
export DOTNET_TieredPGO=0
compiler="nhi-$$"
end() { if command -v pkill >/dev/null; then pkill -f -- "-pipename:$compiler\$" || true; fi; }
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
dotnet "$@" -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler"
