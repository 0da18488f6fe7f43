#!/usr/bin/env bash
# From a topology in git to real traffic through a load balancer, in network namespaces of this machine: installs what is
# missing, builds, serves HTTP and UDP over IPv4 and IPv6, then changes the topology under load and accounts for every packet.
#
#   examples/quickstart/run.sh             less than a minute after installing and building
#   examples/quickstart/run.sh --flood     ends with as many packets per second as this machine makes
#   examples/quickstart/run.sh --stay      leaves the lab standing until Ctrl-C, to look around
#
# Needs root (or sudo) and the .NET SDK. Nothing is left behind, also after Ctrl-C or a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
name=weir-quickstart-$$
lab=artifacts/build/Weir.Lab/Release/net10.0/Weir.Lab

say() { printf '%s\n' "$*" >&2; }
as_root() { if ((EUID == 0)); then "$@"; else sudo -E env "PATH=$PATH" "$@"; fi; }

# The lab removes itself whatever happens to it; this is for the case that it was killed.
clean_up() {
    local status=$?
    trap '' INT TERM HUP
    if [[ -d /tmp/$name ]] || compgen -G "/run/netns/$name-*" >/dev/null; then as_root "$lab" clean --name "$name" || true; fi
    exit "$status"
}

main() {
    case ${1-} in -h | --help) sed -n "2,9s/^# \{0,1\}//p" examples/quickstart/run.sh; exit 0 ;; esac
    if ! command -v dotnet >/dev/null; then say "examples/quickstart/run.sh: needs the .NET SDK that global.json names"; exit 1; fi
    tests/install.sh runtime lab

    say "building"
    local log
    log=$(mktemp)
    if ! dotnet build tests/lab -c Release -v quiet --disable-build-servers </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"

    trap clean_up EXIT
    if ((EUID != 0)); then
        trap : INT TERM HUP
        as_root "$lab" quickstart --name "$name" "$@"
        return
    fi

    # In the background, so that a signal for this script alone reaches the lab, too; it is waited for until it has removed itself.
    local child status=0 received=""
    "$lab" quickstart --name "$name" "$@" &
    child=$!
    trap 'received=130; kill -TERM "$child" 2>/dev/null || true' INT
    trap 'received=143; kill -TERM "$child" 2>/dev/null || true' TERM HUP
    wait "$child" || status=$?
    while kill -0 "$child" 2>/dev/null; do wait "$child" || status=$?; done
    return "${received:-$status}"
}

main "$@"
