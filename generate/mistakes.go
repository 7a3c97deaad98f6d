package generate

import (
	"fmt"
	"runtime"
	"slices"
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
	Err  error // SQLite's error, or nil
}

func (e *FixtureError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Path, e.Msg)
}

// Unwrap returns SQLite's error, or nil.
func (e *FixtureError) Unwrap() error { return e.Err }

// mistake records a mistake in a fixture. It records the same mistake only once, because a link to
// sixteen rows may lack its table sixteen times.
func (e *engine) mistake(at position, path, format string, args ...any) {
	e.note(&FixtureError{
		File: at.file, Line: at.line, Path: path, Msg: fmt.Sprintf(format, args...),
	})
}

func (e *engine) note(m *FixtureError) {
	if !slices.ContainsFunc(e.errs, func(err error) bool { return err.Error() == m.Error() }) {
		e.errs = append(e.errs, m)
	}
}

// abort ends the generation of a row. msg describes the mistake in the row r.
type abort struct {
	r   *row
	msg string
}

func (e *engine) abort(r *row, format string, args ...any) {
	panic(abort{r, fmt.Sprintf(format, args...)})
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
			return position{frame.File, frame.Line}
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
}
