package generate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/nearest"
)

// FixtureError is a mistake in a fixture.
type FixtureError struct {
	File string // where the fixture is declared
	Line int
	Path string // of the row, such as User/demo#3/Note#1
	Msg  string
	Err  error // what SQLite said, if it was asked
}

func (e *FixtureError) Error() string {
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Path, e.Msg)
}

// Unwrap returns what SQLite said, or nil.
func (e *FixtureError) Unwrap() error { return e.Err }

// abort is what a cell panics with when it cannot be generated; the engine
// makes a FixtureError of it.
type abort struct{ msg string }

func (e *engine) abort(r *row, format string, args ...any) {
	panic(abort{fmt.Sprintf(format, args...)})
}

// mistake notes what is wrong with a fixture, to be reported with the others,
// once: a link to sixteen rows may lack its table sixteen times.
func (e *engine) mistake(at position, path, format string, args ...any) {
	m := &FixtureError{File: at.file, Line: at.line, Path: path, Msg: fmt.Sprintf(format, args...)}
	known := func(err error) bool {
		other, ok := err.(*FixtureError)
		return ok && *other == *m
	}
	if !slices.ContainsFunc(e.errs, known) {
		e.errs = append(e.errs, m)
	}
}

// mistakes returns all that were noted, or nil.
func (e *engine) mistakes() error { return errors.Join(e.errs...) }

// didYouMean suggests the candidate that is nearest to name, if any is near.
func didYouMean(name string, candidates []string) string {
	if near, ok := nearest.Nearest(name, candidates); ok {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}
