#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, if they are missing. Says nothing when nothing is.
#
#   tests/install.sh [SET...]      sets: runtime, lab, kernels, action; none given: all
#
#   runtime   what weir-applier needs on a load balancer: clang, libbpf, ip
#   lab       what labs of network namespaces need besides
#   kernels   what booting other kernels under QEMU needs besides
#   action    what the GitHub action's scripts use, and runners have
set -euo pipefail

packages_of() {
    case $1 in
        runtime) echo clang libbpf1 iproute2 ca-certificates ;;
        lab) echo iproute2 ethtool util-linux procps git gcc libc6-dev libgnutls28-dev libngtcp2-dev libngtcp2-crypto-gnutls-dev ngtcp2-client tshark ;;
        kernels) echo qemu-system-x86 busybox-static kmod xz-utils socat iproute2 ethtool util-linux ;;
        action) echo curl git jq ;;
        *) echo "tests/install.sh: no such set: $1 (runtime, lab, kernels, action)" >&2; return 64 ;;
    esac
}

# Debian 12's own clang is 14; 16 is there beside it under its own name, and is what our figures are for.
present() {
    case $1 in
        clang) command -v clang-16 >/dev/null || { command -v clang >/dev/null && ! offered clang-16; } ;;
        *) [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]] ;;
    esac
}

offered() { [[ -n $(apt-cache search --names-only "^$1\$" 2>/dev/null) ]]; }

as_root() {
    if ((EUID == 0)); then env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else echo "tests/install.sh: installing packages needs root or sudo" >&2; return 1
    fi
}

# Mirrors and other users of the lock come and go: three attempts, each a little later.
persistently() {
    local attempt
    for attempt in 1 2 3; do
        if as_root apt-get -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@"; then return 0; fi
        echo "tests/install.sh: apt-get $1 failed (attempt $attempt of 3)" >&2
        if ((attempt < 3)); then sleep $((attempt * 5)); fi
    done
    return 1
}

main() {
    local set package index packages=() missing=()
    if (($# == 0)); then set -- runtime lab kernels action; fi
    case $1 in -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; return 0 ;; esac

    for set in "$@"; do
        packages=($(packages_of "$set"))
        for package in "${packages[@]}"; do
            if ! present "$package" && [[ " ${missing[*]} " != *" $package "* ]]; then missing+=("$package"); fi
        done
    done

    if ((${#missing[@]} == 0)); then return 0; fi
    if ! command -v apt-get >/dev/null; then
        echo "tests/install.sh: this is not a Debian system; please install what these packages hold: ${missing[*]}" >&2
        return 1
    fi

    echo "installing ${missing[*]}" >&2
    # A source of somebody else's may be out of order without harm to ours: the installation decides.
    persistently update -q >&2 || echo "tests/install.sh: going on with the package lists at hand" >&2
    for index in "${!missing[@]}"; do
        if [[ ${missing[index]} == clang ]] && offered clang-16; then missing[index]=clang-16; fi
    done
    if ! persistently install -q -y --no-install-recommends "${missing[@]}" >&2; then
        echo "tests/install.sh: could not install ${missing[*]}" >&2
        return 1
    fi
}

main "$@"
