package main

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/generate"
)

// An unfitError means that the built-in fixtures do not fit the schema of another app. No user can
// correct built-in fixtures, so the error tells one of their mistakes and not its place.
type unfitError struct {
	schema   string
	first    *generate.FixtureError
	mistakes int
}

func (e *unfitError) Error() string {
	text := fmt.Sprintf("the built-in fixtures are the Epic Stack's and do not fit %s: %s: %s",
		e.schema, e.first.Path, e.first.Msg)
	if e.mistakes > 1 {
		text += fmt.Sprintf(", and %d more", e.mistakes-1)
	}
	return text
}

// Unwrap returns the first mistake.
func (e *unfitError) Unwrap() error { return e.first }

// unfit returns err as an unfitError if it consists of mistakes in fixtures.
func unfit(schema string, err error) error {
	first, ok := errors.AsType[*generate.FixtureError](err)
	if !ok {
		return err
	}
	if schema == "" {
		schema = "its own schema"
	}
	return &unfitError{schema: schema, first: first, mistakes: countMistakes(err)}
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
