package sqlite

import (
	"context"
	"errors"
)

// CommitError reports an error of a commit after which nobody knows whether the commit took effect.
// For example, the rows are in the -wal, and only the flush to the disk has failed. Other
// connections do not see such rows, but after a crash of the machine they can be there.
type CommitError struct{ Err error }

func (e *CommitError) Error() string { return "commit: " + e.Err.Error() }

// Unwrap returns SQLite's error.
func (e *CommitError) Unwrap() error { return e.Err }

// Commit commits the transaction. After a [*CommitError] nobody knows whether the transaction took
// effect. After any other error it did not, and the transaction can be rolled back.
func (c *Conn) Commit() error {
	return commitError(c.Exec("COMMIT"))
}

// commitError wraps the error of a commit, unless SQLite returns the error before it writes:
// another connection holds a lock, a deferred foreign key is violated, the context is done.
func commitError(err error) error {
	if err == nil || Is(err, Busy) || Is(err, Constraint) || Is(err, Interrupt) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &CommitError{err}
}
