package generate

import (
	"errors"
	"fmt"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	// File is the file that declares the fixture. It is empty for rows of Options.Rows, and
	// relative to this module for its own fixtures.
	File string
	Line int
	// Path is the path of the row, such as User/demo#3/Note#1, or the start of the paths of several
	// rows, or the set, such as "set sample".
	Path string
	Msg  string
	Err  error // SQLite's error, or nil
}

func (e *FixtureError) Error() string {
	if e.File == "" {
		return fmt.Sprintf("%s: %s", e.Path, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Path, e.Msg)
}

// Unwrap returns SQLite's error, or nil.
func (e *FixtureError) Unwrap() error { return e.Err }

// mistakes collects the mistakes in fixtures, in the order in which they show. The zero
// value has none.
type mistakes struct {
	errs []error
	seen map[string]bool // by message

	warnings []string
	warned   map[warnedOf]bool
}

// warnedOf names a column of a declaration's rows, of which one warning is enough.
type warnedOf struct {
	t      *template
	column string
}

// add records a mistake in a fixture.
func (m *mistakes) add(at position, path, format string, args ...any) {
	m.note(&FixtureError{
		File: at.file, Line: at.line, Path: path, Msg: fmt.Sprintf(format, args...),
	})
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

// err returns all mistakes, joined, or nil.
func (m *mistakes) err() error { return errors.Join(m.errs...) }
