package live

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// UncertainError reports a commit that may or may not have taken effect. Nobody can tell.
type UncertainError struct {
	Path string
	// Err is SQLite's error of the commit, or what is known of LiteFS after it.
	Err error
}

func (e *UncertainError) Error() string {
	return fmt.Sprintf("%s may or may not have been written: %v", e.Path, e.Err)
}

// Unwrap returns what is known.
func (e *UncertainError) Unwrap() error { return e.Err }

// ConfirmCommit judges the commit to the database at path db that ended with err. On LiteFS, a
// success of SQLite proves nothing: LiteFS takes the transaction after it, and can fail without
// SQLite's knowledge (https://github.com/superfly/litefs/issues/445). Then its position does not
// move.
//
// The caller passes LiteFS's position under the write lock before the commit, or "" without LiteFS.
// ConfirmCommit returns the position after the commit. It returns an [*UncertainError] if nobody
// knows whether the commit took effect, and any other err unchanged.
func ConfirmCommit(db, before string, err error) (after string, _ error) {
	uncertain, ok := errors.AsType[*sqlite.CommitError](err)
	if ok {
		return "", &UncertainError{db, uncertain}
	}
	if err != nil || before == "" {
		return "", err
	}
	after, err = litefs.CheckMoved(db, before)
	if err != nil {
		return "", &UncertainError{db, err}
	}
	return after, nil
}
