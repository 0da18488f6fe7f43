# Completion of weir for bash, 4.0 or newer. In ~/.bashrc: source <(weir completion bash)
_weir() {
    local current="${COMP_WORDS[COMP_CWORD]}" line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -n $line && $line == "$current"* ]]; then
            COMPREPLY+=("$line")
        fi
    done < <(weir "[suggest:${COMP_POINT}]" "$COMP_LINE" 2>/dev/null)
}
# Where weir has nothing to offer, names of files are completed.
complete -o default -F _weir weir
