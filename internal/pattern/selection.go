package pattern

// Selection says which tables are chosen: those that a pattern of the first
// list matches, all if it is empty, without those that one of the second
// matches. The zero Selection chooses all.
type Selection struct{ only, without []Pattern }

// Select reads the patterns of what to choose and of what to leave out. An
// error is a [*SyntaxError].
func Select(only, without []string) (s Selection, err error) {
	if s.only, err = Parse(only...); err != nil {
		return Selection{}, err
	}
	s.without, err = Parse(without...)
	return s, err
}

// Has reports whether the table of that name is chosen.
func (s Selection) Has(name string) bool {
	return (len(s.only) == 0 || MatchAny(s.only, name)) && !MatchAny(s.without, name)
}

// Check returns an [*UnmatchedError] for each pattern that none of the names is
// like: a table whose name was misspelt would be left out, or not be left out,
// without a word.
func (s Selection) Check(what string, names []string) error {
	return CheckAll(append(s.only[:len(s.only):len(s.only)], s.without...), what, names)
}
