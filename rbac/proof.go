package rbac

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// A ProofError reports that statements do not do in a trial what they must do everywhere.
type ProofError struct {
	// Database says on which of the databases for the trial: "a database of the schema", or "a
	// database with other ids".
	Database string
	// Statement is the one that SQLite refuses, or "".
	Statement string
	Msg       string
	Err       error // SQLite's error, or nil
}

func (e *ProofError) Error() string {
	text := "the statements fail on " + e.Database + ": " + e.Msg
	if e.Statement != "" {
		text += ": " + e.Statement
	}
	return text
}

// Unwrap returns SQLite's error, or nil.
func (e *ProofError) Unwrap() error { return e.Err }

// The databases for the trial.
const (
	ofSchema     = "a database of the schema"
	withOtherIDs = "a database with other ids"
)

// prove tries the statements.
func (w *sqlWriter) prove(ctx context.Context, statements []string) error {
	s := &stranger{writer: w}
	if err := s.make(ctx, w.path("other.db")); err != nil {
		return fmt.Errorf("make %s for the proof: %w", withOtherIDs, err)
	}
	for _, trial := range []struct{ path, name string }{
		{w.path("schema.db"), ofSchema}, {w.path("other.db"), withOtherIDs},
	} {
		if err := runTwice(ctx, trial.path, statements); err != nil {
			err.Database = trial.name
			return err
		}
		d, err := Open(ctx, trial.path, w.layout)
		if err != nil {
			return err
		}
		found := w.wrong(d)
		if found == "" && trial.name == withOtherIDs {
			found = s.wrong(d)
		}
		if err := d.Close(); err != nil {
			return err
		}
		if found != "" {
			return &ProofError{Database: trial.name, Msg: found}
		}
	}
	return nil
}

// runTwice runs the statements one by one, as most tools do. The second time they must change
// nothing.
func runTwice(ctx context.Context, path string, statements []string) *ProofError {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	defer c.Close()
	if err := c.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	for again := range 2 {
		for _, statement := range statements {
			before := c.TotalChanges()
			if err := c.ExecScript(statement); err != nil {
				var at *sqlite.ScriptError
				if errors.As(err, &at) {
					err = at.Err
				}
				return &ProofError{Statement: statement, Msg: err.Error(), Err: err}
			}
			if again == 1 && c.TotalChanges() != before {
				return &ProofError{Statement: statement, Msg: "the second run changes rows"}
			}
		}
	}
	return nil
}

// wrong says in what the database differs from the policy, or returns "". It passes over what
// statements do not change: duplicates, for example, a role of the schema's scripts that also has a
// former name, or without Revoke the grants that the policy does not give.
func (w *sqlWriter) wrong(d *Database) string {
	diff, err := Compare(w.policy, d)
	if err != nil {
		return err.Error()
	}
	must := []Kind{MissingRole, MissingPermission, MissingGrant, RenamedRole}
	if w.opts.Revoke {
		must = append(must, ExtraGrant)
	}
	for _, c := range diff.Changes {
		is := func(known Change) bool { return known.Kind == c.Kind && known.Role == c.Role }
		fresh := c.Kind == RenameConflict && !slices.ContainsFunc(w.before.Changes, is)
		if slices.Contains(must, c.Kind) || fresh {
			return "it then differs from the policy: " + c.text()
		}
	}
	return ""
}

// text names a change: its kind, and the role and the permission if it has any.
func (c Change) text() string {
	text := string(c.Kind)
	if c.Role != "" {
		text += fmt.Sprintf(", role %q", c.Role)
	}
	if c.Permission != (Permission{}) {
		text += ", " + c.Permission.String()
	}
	return text
}
