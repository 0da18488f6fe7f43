#!/usr/bin/env bash
# Installs what is missing, builds, and measures what Weir costs: one table, ratios to the floor program in the same run.
# Progress goes to stderr. Measuring needs root and takes some minutes; the fewer other things run, the better.
#
#   tests/benchmarks/run.sh [--only PATTERN] [--json FILE] [--list]
set -euo pipefail

case ${1-} in -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
"$root/tests/install.sh" runtime lab </dev/null
for project in applier/Cli/Weir.Applier.Cli.csproj tests/benchmarks/Weir.Benchmarks.csproj; do
    dotnet build "$root/$project" -c Release -v quiet --disable-build-servers </dev/null >&2
done

as_root() { if ((EUID == 0)); then "$@"; else sudo -E env "PATH=$PATH" "$@"; fi; }
# Namespaces of its own: no interface, mount or pin of the benchmark is seen by others or outlives it.
as_root unshare --mount --net "$root/artifacts/build/Weir.Benchmarks/Release/net10.0/weir-benchmarks" "$@"
