# Which two revisions are compared, and that both are there with the history between them.

event() { jq -r "($1) // empty" "$GITHUB_EVENT_PATH"; }

have() { git cat-file -e "$1^{commit}" 2>/dev/null; }

commit_of() { git rev-parse --verify --quiet --end-of-options "$1^{commit}"; }

# The common ancestor: what only the base got since the two parted is not taken back by a merge.
parting() { git merge-base "$1" "$2" 2>/dev/null || true; }

# Fetches REVISION and all that leads to it. An override of the gate stands in a commit's message, and which commits are new can
# only be told with the history at hand, so a shallow clone is deepened.
fetch() {
    local revision=$1 deepen=()
    if [[ $(git rev-parse --is-shallow-repository) == true ]]; then deepen=(--unshallow); fi
    with_credentials git fetch --quiet --no-tags --no-recurse-submodules "${deepen[@]}" origin "$revision"
}

# Runs git with the token, unless the checkout keeps credentials of its own.
with_credentials() {
    local url key
    url=$(git remote get-url origin 2>/dev/null || true)
    key=http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader
    if [[ -z ${WEIR_TOKEN-} || $url != "${GITHUB_SERVER_URL:-https://github.com}"/* ]] || git config --get-urlmatch http.extraheader "$url" >/dev/null; then
        GIT_TERMINAL_PROMPT=0 "$@"
        return
    fi
    GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=$key \
        GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$WEIR_TOKEN" | base64 -w 0)" "$@"
}

# Sets head, and base, which is empty when there is nothing to compare with.
find_range() {
    local default
    head=$(commit_of HEAD) || { annotate error "Weir" "There is no git checkout here: actions/checkout comes before this step."; exit 1; }
    base=""
    if [[ $(git rev-parse --is-shallow-repository) == true ]]; then
        fetch "$head" || say "could not deepen the clone; going on with what is there"
    fi

    if [[ -n ${WEIR_BASE-} ]]; then
        if [[ $WEIR_BASE == -* ]]; then annotate error "Weir" "The input base is not a revision."; exit 64; fi
        if ! base=$(commit_of "$WEIR_BASE") && ! base=$(commit_of "origin/$WEIR_BASE"); then
            { fetch "$WEIR_BASE" 2>/dev/null && base=$(commit_of FETCH_HEAD); } || { annotate error "Weir" "The revision to compare with, $WEIR_BASE, is not in the repository."; exit 1; }
        fi
        return
    fi

    default=$(event .repository.default_branch)
    case $GITHUB_EVENT_NAME in
        pull_request*)
            # A merge made by the server for this event: what it adds to the target branch, as that is now.
            if base=$(commit_of HEAD^1) && commit_of HEAD^2 >/dev/null && [[ $head == "${GITHUB_SHA-}" ]]; then return; fi
            base=$(event .pull_request.base.sha)
            have "$base" || fetch "$base" || true
            base=$(parting "$base" "$head")
            ;;
        merge_group)
            base=$(event .merge_group.base_sha)
            have "$base" || fetch "$base" || true
            ;;
        push)
            base=$(event .before)
            # A new branch has nothing before it; a forced push may have dropped it.
            if [[ $base =~ ^0*$ ]] || ! { have "$base" || fetch "$base" 2>/dev/null; }; then base=$(since "$default"); fi
            ;;
        *) base=$(since "$default") ;;
    esac
    if [[ -n $base ]] && ! have "$base"; then base=""; fi
}

# Where this branch left the default branch; on that one itself, the commit before.
since() {
    local tip
    if ! commit_of "origin/$1" >/dev/null; then fetch "+refs/heads/$1:refs/remotes/origin/$1" 2>/dev/null || true; fi
    tip=$(commit_of "origin/$1") || return 0
    tip=$(parting "$tip" "$head")
    if [[ $tip == "$head" ]]; then commit_of HEAD^1 || true; else echo "$tip"; fi
}
