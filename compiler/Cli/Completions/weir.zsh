#compdef weir
# Completion of weir for zsh. In a folder of $fpath: weir completion zsh > _weir; or in ~/.zshrc, behind compinit: source <(weir completion zsh)
_weir() {
    local -a found
    found=("${(@f)$(weir "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
    found=(${found:#})
    if (( $#found )); then
        compadd -a found || _files
    else
        _files
    fi
}
if [[ $funcstack[1] == _weir ]]; then
    _weir "$@"
else
    compdef _weir weir
fi
