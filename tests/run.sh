#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The last line is "N passed, N failed".
#
#   tests/run.sh                        everything
#   tests/run.sh PATTERN                the suites whose name contains PATTERN: compiler, data-plane, applier,
#                                       end-to-end, kernels, action
#   tests/run.sh PATTERN -- ARGUMENTS   the rest goes to the tests' runner, for example: -method '*Drain*'
#
# Reports are left in artifacts/tests. A runner that crashes, hangs, leaves no report or runs no test is a failure;
# so is a skipped test. WEIR_SUITE_SECONDS (900) bounds each suite.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
reports=artifacts/tests
passed=0
failed=0

heading() { printf '\n== %s\n' "$*"; }

finish() {
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    if ((failed > 0 || passed == 0)); then exit 1; fi
    exit 0
}

fail() {
    echo "FAILED: $*"
    failed=$((failed + 1))
}

# The named attribute of the report's <Counters>, or nothing.
counter() { grep -o '<Counters [^>]*>' "$1" 2>/dev/null | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p"; }

# Loading programs and making network namespaces needs root.
as_root() { if ((EUID == 0)); then "$@"; else sudo -E env "PATH=$PATH" "$@"; fi; }

run_suite() {
    local project=$1 name=$2 assembly runner report status total ok bad
    shift 2
    assembly=$(basename "$project" .csproj)
    runner=artifacts/build/$assembly/Release/net10.0/$assembly
    report=$reports/$name.trx
    heading "$name"
    if [[ ! -x $runner ]]; then fail "$name: no runner at $runner"; return; fi

    as_root timeout --foreground --kill-after=30 "${WEIR_SUITE_SECONDS:-900}" \
        "$runner" -noLogo -noColor -noAutoReporters -failSkips -reporter verbose -longRunning 60 \
        -result-trx "$report" "$@" </dev/null | { grep --line-buffered -v " \\[STARTING\\]\$" || true; }
    status=${PIPESTATUS[0]}

    total=$(counter "$report" total)
    ok=$(counter "$report" passed)
    bad=$(counter "$report" failed)
    if [[ -z $total || -z $ok || -z $bad ]]; then fail "$name: the runner left no report (exit code $status)"; return; fi
    passed=$((passed + ok))
    failed=$((failed + total - ok))
    if ((total == 0)); then fail "$name: no test was run"; fi
    if ((status != 0 && total == ok)); then fail "$name: the runner's exit code is $status though every test passed"; fi
}

main() {
    local pattern="" project name started=$SECONDS suites=()
    case ${1-} in
        -h | --help) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        --) ;;
        -*) echo "tests/run.sh: no such option: $1 (see --help)" >&2; exit 64 ;;
        ?*) pattern=$1; shift ;;
    esac
    case ${1-} in
        --) shift ;;
        ?*) echo "tests/run.sh: arguments of the runner come after -- (see --help)" >&2; exit 64 ;;
    esac

    for project in tests/*/*.Tests.csproj; do
        name=$(basename "$(dirname "$project")")
        if [[ $name == *"$pattern"* ]]; then suites+=("$project"); fi
    done
    if ((${#suites[@]} == 0)); then echo "tests/run.sh: no suite's name contains \"$pattern\"" >&2; exit 64; fi
    if ! command -v dotnet >/dev/null; then echo "tests/run.sh: needs the .NET SDK that global.json names" >&2; exit 1; fi

    heading "install"
    tests/install.sh </dev/null || { fail "installing packages"; finish; }
    echo "all packages are there"

    heading "build"
    dotnet build Weir.slnx -c Release -v minimal --disable-build-servers </dev/null || { fail "building"; finish; }

    rm -rf "$reports"
    mkdir -p "$reports"
    for project in "${suites[@]}"; do run_suite "$project" "$(basename "$(dirname "$project")")" "$@"; done

    printf '\n%d suites in %d s\n' "${#suites[@]}" "$((SECONDS - started))"
    finish
}

main "$@"
