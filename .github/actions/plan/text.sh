# What is said in the comment and the job summary.

# Length as the API counts it, in UTF-16 units.
length_of() { jq -Rs '[explode[] | if . > 65535 then 2 else 1 end] | add // 0' <"$1"; }

# within FILE LIMIT NOTE: cuts the file after a whole line so that it has at most LIMIT units, closes what the cut left open, and
# says so with NOTE.
within() {
    local file=$1 limit=$2 note=$3
    if (($(length_of "$file") <= limit)); then return 0; fi
    # 300 units for what closes the open blocks.
    jq -Rsr --argjson limit "$((limit - ${#note} - 300))" '
        def units: [explode[] | if . > 65535 then 2 else 1 end] | add // 0;
        reduce (split("\n")[]) as $line ({n: 0, done: false, out: []};
            ($line | units + 1) as $u
            | if .done or .n + $u > $limit then .done = true else .n += $u | .out += [$line] end)
        | .out as $out
        | (reduce ($out[] | select(test("^\\s*(`{3,}|~{3,})"))) as $l (null;
            ($l | capture("^\\s*(?<f>`{3,}|~{3,})").f) as $f
            | if . == null then $f elif ($f | startswith(.[0:1])) and ($f | length) >= length then null else . end)) as $fence
        | ([$out[] | select(test("^\\s*<details"))] | length) as $opened
        | ([$out[] | select(test("</details>\\s*$"))] | length) as $closed
        | ($out + (if $fence then [$fence] else [] end) + [range($opened - $closed) | "\n</details>"]) | join("\n")' "$file" >"$file.cut"
    printf '\n%s\n' "$note" >>"$file.cut"
    mv "$file.cut" "$file"
}

# Prints standard input as a code block that nothing in it can end.
fenced() {
    local text longest
    text=$(cat)
    longest=$(grep -o '`*' <<<"$text" | awk '{ if (length($0) > n) n = length($0) } END { print (n < 3 ? 3 : n + 1) }')
    printf -v longest '%*s' "$longest" ''
    printf '%s\n%s\n%s\n' "${longest// /\`}" "$text" "${longest// /\`}"
}

# compose FILE: the body, from what is known.
compose() {
    local file=$1
    {
        printf '%s\n' "$marker"
        if [[ $valid != true ]]; then
            printf '## %s: not valid\n\nNothing can be planned, and no host would take this.\n\n' "$WEIR_NAME"
            fenced <"$work/findings.txt"
        elif [[ ! -f $work/plan.json ]]; then
            printf '## %s: no plan\n\nThe topology is valid, but what the merge changes could not be found out.\n\n' "$WEIR_NAME"
            fenced <"$work/errors.txt"
        else
            cat "$work/plan.md"
        fi
        if [[ $valid == true && -s $work/findings.txt ]]; then
            printf '\n<details><summary>Findings</summary>\n\n'
            fenced <"$work/findings.txt"
            printf '\n</details>\n'
        fi
        printf '\n%s\n' "$(footer)"
    } >"$file"
}

footer() {
    local run="${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:-0}"
    if [[ $valid == true ]]; then printf '<sub>`%s` of %s..%s · [run](%s)</sub>' "$WEIR_NAME" "${base:0:12}" "${head:0:12}" "$run"
    else printf '<sub>`%s` of %s · [run](%s)</sub>' "$WEIR_NAME" "${head:0:12}" "$run"; fi
}
