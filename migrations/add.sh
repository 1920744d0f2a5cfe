#!/usr/bin/env bash
# Adds one migration to every database: migrations/add.sh AddThing
set -euo pipefail
name=${1:?usage: migrations/add.sh NameOfTheMigration}
root=$(cd "$(dirname "$0")/.." && pwd)
dotnet tool restore --tool-manifest "$root/dotnet-tools.json" >/dev/null
for provider in PostgreSql SqlServer; do
  project="$root/migrations/NhiGovernance.Migrations.$provider"
  dotnet build "$project" -v q
  (cd "$project" && dotnet ef migrations add "$name" --no-build -o Migrations)
done
