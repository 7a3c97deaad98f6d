package generate

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	File string // the file that declares the fixture
	Line int
	// Path is the path of the row, such as User/demo#3/Note#1, or the start of the paths of several
	// rows, or the set, such as "set sample".
	Path string
	Msg  string
	More int   // the number of other rows with the same mistake that the same line declares
	Err  error // SQLite's error, or nil
}

func (e *FixtureError) Error() string {
	text := fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Path, e.Msg)
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
	errs  []error
	told  map[string]bool          // by message
	first map[string]*FixtureError // by message without the path
}

// add records a mistake in a fixture.
func (m *mistakes) add(at position, path, format string, args ...any) {
	m.note(&FixtureError{
		File: at.file, Line: at.line, Path: path, Msg: fmt.Sprintf(format, args...),
	})
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
	line := fmt.Sprintf("%s:%d: %s", err.File, err.Line, err.Msg)
	if first := m.first[line]; first != nil {
		first.More++
		return false
	}
	m.first[line] = err
	m.errs = append(m.errs, err)
	return true
}

// err returns all mistakes, joined, or nil.
func (m *mistakes) err() error { return errors.Join(m.errs...) }

// panicSite returns the position that called panic, or that made the runtime panic. It works only
// in a deferred function.
func panicSite() position {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") || !more {
			return positionOf(frame)
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}
