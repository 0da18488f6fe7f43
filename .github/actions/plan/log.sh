# What the step says in its log. Everything that may hold words of others (names of files and branches, answers of servers)
# goes through here, so that none of it is taken for a command to the runner.

say() { quote <<<"$*"; }

# Prints standard input with the runner's commands switched off.
quote() {
    local word
    word=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
    echo "::stop-commands::$word"
    cat
    echo "::$word::"
}

# An annotation of the whole run: annotate warning|error TITLE TEXT
annotate() {
    local text=$3
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    echo "::$1 title=$2::$text"
}

# output NAME VALUE
output() {
    local end
    end=end-$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
    printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}
