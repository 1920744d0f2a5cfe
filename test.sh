#!/usr/bin/env bash
# Builds and runs every test; installs what tests need and this machine lacks. The last line says how many passed.
#   ./test.sh          all tests
#   ./test.sh long     also the full-length fault and fuzz loops, all from one new seed, which is printed first
# The end names the seed of every test that draws its cases from one, and what came of it.
# One loop at a length of its own: NHI_TEST_POLLS=5000, NHI_TEST_OVERLAPS=1000 or NHI_TEST_KILLS=50, NHI_SEED to repeat one, and
#   dotnet tests/NhiGovernance.Tests/bin/Debug/net10.0/NhiGovernance.Tests.dll --show-live-output on --filter-class "*GitHubReconcileTests"
# (or "*OverlapTests", "*KilledWorkerTests").
# Documents that tests read: the folder NHI_TEST_DATA (default ../shared/data); without it those tests are skipped by name.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export NHI_TEST_SCRIPTS=1
case "${1:-}" in
  '') ;;
  # Chosen and said here: a run that dies in the middle has named its seed too.
  long) export NHI_TEST_LONG=1 NHI_SEED="${NHI_SEED:-$((RANDOM * 32768 + RANDOM))}"; echo "seed $NHI_SEED (NHI_SEED=$NHI_SEED repeats it)" ;;
  *) echo "usage: ./test.sh [long]" >&2; exit 2 ;;
esac

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }

# Chromium for the journeys; PostgreSQL 15, the oldest server that is supported.
missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
command -v git >/dev/null || missing+=(git)
# Commits and tags are signed with the real programs.
command -v gpg >/dev/null && command -v gpg-agent >/dev/null || missing+=(gnupg)
command -v ssh-keygen >/dev/null || missing+=(openssh-client)
# A server to read from over ssh. Its package would start it; the tests start one of their own, on a free port.
[ -x /usr/sbin/sshd ] || missing+=(openssh-server)
command -v openssl >/dev/null || missing+=(openssl)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]} …"
  # Debian's package would start a server of its own; only the programs are wanted.
  as_root mkdir -p /etc/postgresql-common && as_root sh -c '[ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'
  as_root apt-get update -qq > /tmp/nhi-apt.$$ 2>&1 || tail -3 /tmp/nhi-apt.$$
  # One by one: a release of Debian that no longer has one of them (PostgreSQL 15 is of Debian 12) still has the others.
  for package in "${missing[@]}"; do
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" > /tmp/nhi-apt.$$ 2>&1 \
      || { tail -2 /tmp/nhi-apt.$$; echo "Could not install $package; the tests that need it fail or are skipped by name."; }
  done
  rm -f /tmp/nhi-apt.$$
fi

build/packages.sh || { echo "0 passed, 1 failed"; exit 1; }

# Prism serves GitHub's own API description to the connector's test, which is skipped by name without it.
[ -d tests/peers/prism/node_modules ] || npm ci --prefix tests/peers/prism --no-audit --no-fund >/dev/null 2>&1 || echo "Could not install Prism; its test is skipped."

echo "Building …"
if ! build/compile.sh build NhiGovernance.sln --verbosity quiet > TestResults.build.log 2>&1; then
  grep -E "error" TestResults.build.log | sort -u | head -40
  rm -f TestResults.build.log
  echo "0 passed, 1 failed"
  exit 1
fi
rm -f TestResults.build.log

rm -rf TestResults
mkdir -p TestResults
# Databases and repositories of tests last seconds: where memory is plenty they are in it, and no file system is asked to make their files.
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 6000000 ] 2>/dev/null && scratch=$(mktemp -d /dev/shm/nhi-test.XXXXXX); then
  trap 'rm -rf "$scratch"' EXIT
  # Like /tmp: tests run programs of other users, and scripts of their own.
  chmod 1777 "$scratch"
  printf '#!/bin/sh\n' > "$scratch/script" && chmod +x "$scratch/script" && "$scratch/script" 2>/dev/null && export TMPDIR="$scratch"
fi
# A test runs most code once or twice, so that what makes hot code faster only costs.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
# Two cores: no thread that collects beside the tests, and a first generation that holds what one test makes (a tenth less processor time).
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x8000000
# One after the other: both halves fill two cores.
crashed=0
for project in tests/*Tests; do
  name=$(basename "$project")
  echo "Running $name …"
  # The exit code also says "a test failed"; a report that is missing says that the run itself did.
  dotnet "$project/bin/Debug/net10.0/$name.dll" --results-directory TestResults --report-xunit --report-xunit-filename "$name.xml" \
    --no-progress --no-ansi > "TestResults/$name.log" 2>&1 || true
  [ -s "TestResults/$name.xml" ] || { tail -40 "TestResults/$name.log"; crashed=$((crashed + 1)); }
done

node build/tally.mjs "$crashed" TestResults/*.xml
