package generate

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	File   string // the file that declares the fixture
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
	if e.Path == "" {
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

// err returns all mistakes, joined, or nil. Mistakes in files are in the order of the files' names
// and lines.
func (m *mistakes) err() error {
	inFile := func(e *FixtureError) bool { return e.Column > 0 }
	if !slices.ContainsFunc(m.errs, func(e *FixtureError) bool { return !inFile(e) }) {
		slices.SortStableFunc(m.errs, func(a, b *FixtureError) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
				cmp.Compare(a.Column, b.Column))
		})
	}
	var errs []error
	for _, e := range m.errs {
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// panicSite returns the position that called panic, or that made the runtime panic. It works only
// in a deferred function.
func panicSite() position {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return position{file: frame.File, line: frame.Line}
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}
