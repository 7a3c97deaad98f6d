package pattern

// Selection chooses tables: the tables that match a pattern of the first list, or all if the list
// is empty, without the tables that match a pattern of the second list. The zero Selection chooses
// all tables.
type Selection struct{ only, without []Pattern }

// Select reads the patterns of the tables to choose and of the tables to leave out. An error is a
// [*SyntaxError].
func Select(only, without []string) (s Selection, err error) {
	if s.only, err = Parse(only...); err != nil {
		return Selection{}, err
	}
	s.without, err = Parse(without...)
	return s, err
}

// Has reports whether the selection chooses the table with the given name.
func (s Selection) Has(name string) bool {
	return (len(s.only) == 0 || MatchAny(s.only, name)) && !MatchAny(s.without, name)
}

// Check returns an [*UnmatchedError] for every pattern that matches none of the names. Without this
// error, a misspelt pattern would leave out a table, or keep a table, without a message.
func (s Selection) Check(what string, names []string) error {
	return CheckAll(append(s.only[:len(s.only):len(s.only)], s.without...), what, names)
}
