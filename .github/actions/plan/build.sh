#!/usr/bin/env bash
# Builds weir from the repository that this action is part of.
#
#   build.sh key             prints key=HASH, a hash of everything that the build reads, for a cache
#   build.sh build FOLDER    leaves FOLDER/bin/weir
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)

case ${1-} in
    key)
        cd "$root"
        hash=$(find compiler bpf schemas global.json Directory.*.props -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
        echo "key=${hash%% *}"
        ;;
    build)
        export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
        dotnet build "$root/compiler/Cli/Weir.Cli.csproj" -c Release -v quiet --disable-build-servers "-p:ArtifactsRoot=${2:?}/" </dev/null
        ;;
    *) echo "build.sh: key, or build FOLDER" >&2; exit 64 ;;
esac
