package backup_test

import "errors"

// is returns a function that reports whether an error is want. is(nil) wants no error.
func is(want error) func(error) bool {
	return func(err error) bool { return errors.Is(err, want) }
}

// isA reports whether an error is or wraps an E.
func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
