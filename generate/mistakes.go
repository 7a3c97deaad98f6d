package generate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	// File is the file that declares the fixture. It is empty for rows of Options.Rows, relative
	// to this module for its own fixtures, and relative to Options.SourceDir for others in Go.
	File   string
	Line   int
	Column int // in characters, from 1; 0 for a fixture in Go
	// Path is the path of the row, such as User/demo#3/Note#1, or the start of the paths of several
	// rows, or the set, such as "set sample". Path is empty for a mistake in a file that is about
	// no row.
	Path string
	Msg  string
	More int   // the number of other rows with the same mistake that the same line declares
	Err  error // SQLite's error, or nil
}

func (e *FixtureError) Error() string {
	at, text := position{e.File, e.Line, e.Column}, ""
	switch {
	case e.File == "":
		text = fmt.Sprintf("%s: %s", e.Path, e.Msg)
	case e.Path == "":
		text = fmt.Sprintf("%s: %s", at, e.Msg)
	default:
		text = fmt.Sprintf("%s: %s: %s", at, e.Path, e.Msg)
	}
	if e.More > 0 {
		text += ", and " + grouped(e.More) + " more"
	}
	return text
}

// grouped writes a number with commas between groups of three digits.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// Unwrap returns SQLite's error, or nil.
func (e *FixtureError) Unwrap() error { return e.Err }

// mistakes collects the mistakes in fixtures, in the order in which they show. The zero
// value has none.
type mistakes struct {
	sourceDir string // see Options

	errs  []*FixtureError
	told  map[string]bool          // by message
	first map[string]*FixtureError // by message without the path

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
	m.note(mistake(at.from(m.sourceDir), path, format, args...))
}

// note records a mistake, unless it has recorded it before, because a link to sixteen rows may lack
// its table sixteen times. It only counts the same mistake in other rows of a line, because a loop
// may declare thousands. It reports whether it recorded the mistake.
func (m *mistakes) note(err *FixtureError) bool {
	if m.told == nil {
		m.told, m.first = map[string]bool{}, map[string]*FixtureError{}
	}
	if m.told[err.Error()] {
		return false
	}
	m.told[err.Error()] = true
	line := fmt.Sprintf("%s: %s", position{err.File, err.Line, err.Column}, err.Msg)
	if first := m.first[line]; first != nil {
		first.More++
		return false
	}
	m.first[line] = err
	m.errs = append(m.errs, err)
	return true
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
