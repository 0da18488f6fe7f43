#!/usr/bin/env bash
# Validates a topology, plans base..head, and says so: annotations, SARIF, one comment, the job summary, outputs.
#
# Reads inputs as WEIR_* and the runner's GITHUB_* from the environment. Exit codes: 0 done; 1 the topology is invalid or planning
# failed; 3 the gate refuses; 2 something changes and fail-on is "changes"; 64 an input is wrong.
#
# A pull request's files are read as data, never run: the compiler comes with the action or from where the workflow says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/log.sh"
source "$here/range.sh"
source "$here/comment.sh"
source "$here/text.sh"

comment_limit=65536
summary_limit=1048576

main() {
    local code=0
    : "${WEIR_TOPOLOGY:=topology}" "${WEIR_NAME:=topology}" "${WEIR_COMMENT:=true}" "${WEIR_FAIL_ON:=gate}"
    : "${WEIR_COMMENT_AUTHOR:=github-actions[bot]}" "${WEIR_TOKEN:=}" "${GITHUB_API_URL:=https://api.github.com}"
    check_inputs
    weir=$(compiler)
    marker="<!-- weir-plan:$WEIR_NAME -->"
    work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/weir-plan-XXXXXX")
    pull=$(event .pull_request.number)
    find_range

    validate
    if [[ $valid == true ]]; then make_plan || code=$?; fi
    if [[ $valid != true ]]; then code=1; fi
    write_outputs
    report

    # What the gate says is said; whether it stops the merge is the workflow's to decide.
    case $code:$WEIR_FAIL_ON in
        0:changes) if [[ $changes == true ]]; then code=2; fi ;;
        3:never) code=0 ;;
    esac
    return "$code"
}

check_inputs() {
    local problem=""
    if [[ $GITHUB_EVENT_NAME == pull_request_target ]]; then problem="run this on pull_request, not on pull_request_target: it needs no secrets, also for forks"
    elif [[ ! $WEIR_NAME =~ ^[A-Za-z0-9._-]{1,64}$ || $WEIR_NAME == *--* ]]; then problem="the input name has other characters than letters, digits, dots, underscores and single hyphens, or more than 64"
    elif [[ $WEIR_COMMENT != true && $WEIR_COMMENT != false ]]; then problem="the input comment is neither true nor false"
    elif [[ ! $WEIR_FAIL_ON =~ ^(gate|changes|never)$ ]]; then problem="the input fail-on is none of gate, changes, never"
    elif [[ $WEIR_TOPOLOGY == /* || /$WEIR_TOPOLOGY/ == */../* || $WEIR_TOPOLOGY == -* ]]; then problem="the input topology is not a directory below the working directory"
    elif [[ $WEIR_TOKEN == *[[:space:]\"\\]* ]]; then problem="the input token is not a token"
    fi
    if [[ -n $problem ]]; then annotate error "Weir" "$problem"; exit 64; fi
}

# The compiler's path. One that git knows came with the change under review, and would be run with its author's words.
compiler() {
    local path=${WEIR_PATH:-${RUNNER_TEMP-}/weir/bin/weir} problem=""
    if [[ ! -x $path || -d $path ]]; then problem="there is no weir at $path"
    elif git ls-files --error-unmatch -- "$path" >/dev/null 2>&1; then problem="the input weir names a file of the repository under review"
    fi
    if [[ -n $problem ]]; then annotate error "Weir" "$problem" >&2; exit 64; fi
    realpath -- "$path"
}

validate() {
    local code=0
    valid=false
    "$weir" validate "$WEIR_TOPOLOGY" --format github || code=$?
    "$weir" validate "$WEIR_TOPOLOGY" --format sarif >"$work/findings.sarif" 2>/dev/null || true
    "$weir" validate "$WEIR_TOPOLOGY" --color never >"$work/summary.txt" 2>"$work/findings.txt" || true
    cat "$work/summary.txt" "$work/findings.txt" | quote
    case $code in
        0) valid=true ;;
        1) ;;
        *) annotate error "Weir" "weir validate failed with exit code $code."; exit 1 ;;
    esac
}

# Returns 0 or 3, as the gate says, or 1 when there is no plan: $work/errors.txt then has the reason.
make_plan() {
    local code=0 plan
    # Where there was no topology yet, everything is new.
    if [[ -z $base ]] || ! git cat-file -e "$base:./$WEIR_TOPOLOGY" 2>/dev/null; then base=none; fi
    plan=("$weir" plan "$WEIR_TOPOLOGY" --base "$base" --head "$head")
    "${plan[@]}" --format json >"$work/plan.json" 2>"$work/errors.txt" || code=$?
    if [[ $code != 0 && $code != 3 ]]; then
        rm "$work/plan.json"
        quote <"$work/errors.txt"
        annotate error "Weir" "weir plan failed with exit code $code: $(head -c 1000 "$work/errors.txt")"
        return 1
    fi
    "${plan[@]}" --format markdown >"$work/plan.md" 2>/dev/null || true
    "${plan[@]}" --format text --color never 2>&1 | quote || true
    return "$code"
}

write_outputs() {
    local name
    changes=""
    for name in changes risk refused digest; do
        if [[ -f $work/plan.json ]]; then output "$name" "$(jq -r ".$name" "$work/plan.json")"; else output "$name" ""; fi
    done
    if [[ -f $work/plan.json ]]; then
        changes=$(jq -r .changes "$work/plan.json")
        output json "$work/plan.json"
    fi
    output valid "$valid"
    if [[ -s $work/findings.sarif ]]; then output sarif "$work/findings.sarif"; fi
    output markdown "$work/comment.md"
}

report() {
    local room fork
    compose "$work/comment.md"
    cp "$work/comment.md" "$work/summary.md"
    if [[ -n ${GITHUB_STEP_SUMMARY-} ]]; then
        room=$((summary_limit - $(stat -c %s "$GITHUB_STEP_SUMMARY" 2>/dev/null || echo 0) - 2))
        # A unit is at most three bytes.
        within "$work/summary.md" "$((room / 3))" "**Cut here.** The whole plan is in the step's log."$'\n\n'"$(footer)"
        cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
    fi

    within "$work/comment.md" "$comment_limit" "**Cut here**, at what a comment may hold. The whole plan is in the job's summary."$'\n\n'"$(footer)"
    fork=$(event '.pull_request | select(. != null) | (.head.repo.full_name != .base.repo.full_name)')
    if [[ -z $pull || $WEIR_COMMENT != true ]]; then return; fi
    if [[ $fork == true ]]; then
        say "a pull request from a fork has a read-only token: the plan is in the job's summary"
        return
    fi
    if [[ -z $WEIR_TOKEN ]]; then annotate warning "Weir: no comment" "There is no token. The plan is in the job's summary."; return; fi
    publish "$work/comment.md"
    output comment-url "$comment_url"
}

main "$@"
