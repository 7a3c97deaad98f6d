# Completion of seedkit for bash. It asks seedkit for what can stand in place of the word before the
# cursor; where seedkit has no answer, bash completes names of files.
_seedkit() {
	local words=() word candidates
	# bash takes the = of --flag=value for a word of its own.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		[[ $word == "=" ]] || words+=("$word")
	done
	local current=${COMP_WORDS[COMP_CWORD]}
	if [[ $current == "=" ]]; then
		current=
		words+=("")
	fi
	candidates=$("${1/#\~\//$HOME/}" "${words[@]}" --generate-bash-completion 2>/dev/null)
	COMPREPLY=()
	while IFS= read -r word; do
		[[ -n $word && $word == "$current"* ]] && COMPREPLY+=("$word")
	done <<<"$candidates"
}
complete -o bashdefault -o default -F _seedkit seedkit
