# Completion of weir for fish: weir completion fish > ~/.config/fish/completions/weir.fish
function __weir_complete
    set -l line (commandline -cp)
    weir "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -rv '^$'
end
complete -c weir -a '(__weir_complete)'
