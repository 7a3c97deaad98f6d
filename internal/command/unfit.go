package command

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/generate"
)

// An unfitError means that the built-in fixtures do not fit the schema of another app. No user can
// correct built-in fixtures, so the error tells one of their mistakes and not its place.
type unfitError struct {
	schema string
	err    error
	reason string
}

func (e *unfitError) Error() string {
	return fmt.Sprintf("the built-in fixtures are the Epic Stack's and do not fit %s: %s",
		e.schema, e.reason)
}

// Unwrap returns the error of generate.
func (e *unfitError) Unwrap() error { return e.err }

// unfit returns err as an unfitError if it consists of mistakes in the built-in fixtures.
func (o genOptions) unfit(err error) error {
	first, ok := errors.AsType[*generate.FixtureError](err)
	reason := ""
	switch {
	case errors.Is(err, generate.ErrNoTables):
		reason = "it has none of their tables"
	case !ok || first.File == "":
		return err
	default:
		reason = first.Path + ": " + first.Msg
		if more := countMistakes(err) - 1; more > 0 {
			reason += fmt.Sprintf(", and %d more", more)
		}
	}
	schema := o.schema
	if schema == "" {
		schema = "its own schema"
	}
	return &unfitError{schema, err, reason}
}

// countMistakes counts mistakes in fixtures, also those that one of them only counts.
func countMistakes(err error) (n int) {
	switch e := err.(type) {
	case nil:
		return 0
	case *generate.FixtureError:
		return 1 + e.More
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			n += countMistakes(part)
		}
		return n
	}
	return countMistakes(errors.Unwrap(err))
}
