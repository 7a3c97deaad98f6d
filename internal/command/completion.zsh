#compdef seedkit
# Completion of seedkit for zsh. It asks seedkit for what can stand in place of the word before the
# cursor; where seedkit has no answer, zsh completes names of files.
_seedkit() {
	local -a before candidates
	before=("${(@Q)words[2,CURRENT-1]}")
	if [[ $PREFIX == --*=* ]]; then
		before+=("${PREFIX%%=*}")
		compset -P 1 '*='
	fi
	# Under a name that ends with zsh, seedkit adds what each verb does.
	candidates=("${(@f)$(env 0=zsh ${(Q)words[1]} "${before[@]}" "$PREFIX" --generate-bash-completion 2>/dev/null)}")
	if [[ -n ${candidates[1]} ]]; then
		_describe seedkit candidates
	else
		_files
	fi
}
if [[ ${funcstack[1]} == _seedkit ]]; then
	_seedkit "$@"
else
	compdef _seedkit seedkit
fi
