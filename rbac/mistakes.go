package rbac

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/document"
)

// A PolicyError is a mistake in a policy. File, Line and Column say where it is in a file. They are
// zero for a policy that is a Go value. Lines and columns count from 1, columns in characters.
type PolicyError struct {
	File         string
	Line, Column int
	Err          error // a *GrantError and a *CheckError among others
}

func (e *PolicyError) Error() string {
	if e.Line == 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

// Unwrap returns the mistake without its place.
func (e *PolicyError) Unwrap() error { return e.Err }

// mistakes collects the mistakes of one policy.
type mistakes struct {
	file string
	all  []*PolicyError
}

func (m *mistakes) add(at document.Position, err error) {
	m.all = append(m.all, &PolicyError{m.file, at.Line, at.Column, err})
}

func (m *mistakes) addf(at document.Position, format string, args ...any) {
	m.add(at, fmt.Errorf(format, args...))
}

// err returns the mistakes in the order of the file, joined, or nil if there is none. It returns
// the first hundred and the number of the others.
func (m *mistakes) err() error {
	const most = 100
	slices.SortStableFunc(m.all, func(a, b *PolicyError) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for i, e := range m.all {
		if i == most {
			errs = append(errs, fmt.Errorf("and %d more mistakes", len(m.all)-most))
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}
