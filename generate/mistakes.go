package generate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	// File is the file that declares the fixture. It is empty for rows of Options.Rows, and
	// relative to this module for its own fixtures.
	File   string
	Line   int
	Column int // in characters, from 1; 0 for a fixture in Go
	// Path is the path of the row, such as User/demo#3/Note#1, or the start of the paths of several
	// rows, or the set, such as "set sample". Path is empty for a mistake in a file that is about
	// no row.
	Path string
	Msg  string
	Err  error // SQLite's error, or nil
}

func (e *FixtureError) Error() string {
	at := position{e.File, e.Line, e.Column}
	switch {
	case e.File == "":
		return fmt.Sprintf("%s: %s", e.Path, e.Msg)
	case e.Path == "":
		return fmt.Sprintf("%s: %s", at, e.Msg)
	}
	return fmt.Sprintf("%s: %s: %s", at, e.Path, e.Msg)
}

// Unwrap returns SQLite's error, or nil.
func (e *FixtureError) Unwrap() error { return e.Err }

// mistakes collects the mistakes in fixtures, in the order in which they show. The zero
// value has none.
type mistakes struct {
	errs []*FixtureError
	seen map[string]bool // by message

	warnings []string
	warned   map[warnedOf]bool
}

// warnedOf names a column of a declaration's rows, of which one warning is enough.
type warnedOf struct {
	t      *template
	column string
}

// mistake makes a mistake at a place.
func mistake(at position, path, format string, args ...any) *FixtureError {
	return &FixtureError{
		File: at.file, Line: at.line, Column: at.column, Path: path,
		Msg: fmt.Sprintf(format, args...),
	}
}

// add records a mistake in a fixture.
func (m *mistakes) add(at position, path, format string, args ...any) {
	m.note(mistake(at, path, format, args...))
}

// note records a mistake. It records the same mistake only once, because a link to sixteen rows may
// lack its table sixteen times.
func (m *mistakes) note(err *FixtureError) {
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	if message := err.Error(); !m.seen[message] {
		m.seen[message] = true
		m.errs = append(m.errs, err)
	}
}

// warn records what is odd about a column of a row, but for other rows of the same declaration.
func (m *mistakes) warn(t *template, path, column, text string) {
	if m.warned == nil {
		m.warned = map[warnedOf]bool{}
	}
	if of := (warnedOf{t, column}); !m.warned[of] {
		m.warned[of] = true
		m.warnings = append(m.warnings, fmt.Sprintf("%s: %s: %s", t.at, path, text))
	}
}

// err returns all mistakes, joined, or nil. Mistakes in files are in the order of the files' names
// and lines. Of more than a hundred mistakes, err returns a hundred and the number of the others.
func (m *mistakes) err() error {
	const most = 100
	inFile := func(e *FixtureError) bool { return e.Column > 0 }
	if !slices.ContainsFunc(m.errs, func(e *FixtureError) bool { return !inFile(e) }) {
		slices.SortStableFunc(m.errs, func(a, b *FixtureError) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
				cmp.Compare(a.Column, b.Column))
		})
	}
	var errs []error
	for i, e := range m.errs {
		if i == most {
			errs = append(errs, fmt.Errorf("and %d more mistakes", len(m.errs)-most))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}
