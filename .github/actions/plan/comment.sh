# The comment on the pull request: one per plan, found again by its marker, made or updated.

api_attempts=5

# api METHOD PATH [FILE]: sets status (000: no answer); the answer is in $work/answer, its headers in $work/headers. Waits and
# tries again when the server says so or is out of order, except for POST, which might then be done twice.
api() {
    local method=$1 path=$2 file=${3-} attempt wait data=()
    if [[ -n $file ]]; then data=(-H 'Content-Type: application/json' --data-binary "@$file"); fi
    for ((attempt = 1; ; attempt++)); do
        : >"$work/headers"
        # The token by a file descriptor: arguments can be seen by every process.
        status=$(curl --silent --show-error --max-time 30 --request "$method" --output "$work/answer" --dump-header "$work/headers" \
            --write-out '%{http_code}' -H 'Accept: application/vnd.github+json' -H 'X-GitHub-Api-Version: 2022-11-28' \
            --config <(printf 'header = "Authorization: Bearer %s"\n' "$WEIR_TOKEN") "${data[@]}" -- "$GITHUB_API_URL$path" 2>"$work/curl") || status=000
        if ! transient || ((attempt == api_attempts)); then return; fi
        if [[ $method == POST ]] && ! limited; then return; fi
        wait=$(pause "$attempt")
        if ((wait > 90)); then return; fi
        say "the API answered $status; trying again in $wait s" >&2
        sleep "$wait"
    done
}

header() { sed -n "s/^$1: *\([^\r]*\)\r*\$/\1/Ip" "$work/headers" | tail -n 1; }

# Whether the request was turned away for coming too often; it was not carried out.
limited() { [[ $status == 429 || ($status == 403 && (-n $(header retry-after) || $(header x-ratelimit-remaining) == 0)) ]]; }

transient() { [[ $status == 000 || $status == 5?? ]] || limited; }

# Seconds to wait before another attempt.
pause() {
    local after reset
    after=$(header retry-after)
    reset=$(header x-ratelimit-reset)
    if [[ $after =~ ^[0-9]{1,6}$ ]]; then echo "$after"
    elif limited && [[ $reset =~ ^[0-9]{1,12}$ ]]; then echo $((reset > $(date +%s) ? reset - $(date +%s) + 1 : 1))
    else echo $((${WEIR_RETRY_SECONDS:-2} * (1 << ($1 - 1)))); fi
}

# Prints the number of our comment, or nothing. Others may write the marker, too: only our own author's comment counts.
find_comment() {
    local page found
    for ((page = 1; page <= 100; page++)); do
        api GET "/repos/$GITHUB_REPOSITORY/issues/$pull/comments?per_page=100&page=$page"
        if [[ $status != 200 ]]; then return 1; fi
        found=$(jq -r --arg marker "$marker" --arg author "$WEIR_COMMENT_AUTHOR" \
            '[.[] | select(.user.login == $author and ((.body // "") | startswith($marker)))][0].id // empty' "$work/answer") || return 1
        if [[ -n $found ]]; then echo "$found"; return 0; fi
        if [[ $(header link) != *'rel="next"'* ]]; then return 0; fi
    done
}

# publish FILE: sets comment_url. Never fails the step: the plan is in the job summary all the same.
publish() {
    local attempt id
    comment_url=""
    jq -n --rawfile body "$1" '{body: $body}' >"$work/request"
    for attempt in 1 2 3; do
        find_comment >"$work/found" || break
        id=$(<"$work/found")
        if [[ -n $id ]]; then api PATCH "/repos/$GITHUB_REPOSITORY/issues/comments/$id" "$work/request"
        else api POST "/repos/$GITHUB_REPOSITORY/issues/$pull/comments" "$work/request"; fi
        if [[ $status == 200 || $status == 201 ]]; then
            comment_url=$(jq -r '.html_url // empty' "$work/answer")
            return 0
        fi
        # Removed since we looked, or an answer lost on its way: look again, so that there is one comment and not two.
        if [[ $status == 404 && -n $id ]] || { transient && ! limited; }; then sleep "$((attempt * ${WEIR_RETRY_SECONDS:-2}))"; continue; fi
        break
    done

    case $status in
        401 | 403 | 404) if ! limited; then
            annotate warning "Weir: no comment" "The token may not comment here ($status). Give the job pull-requests: write; the plan is in the job summary."
            return 0
        fi ;;
    esac
    annotate warning "Weir: no comment" "The API answered $status: $(jq -r '.message // empty' "$work/answer" 2>/dev/null | head -c 300). The plan is in the job summary."
}
