package command

import (
	"fmt"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
)

// An unreportedError says that a verb has changed something, and could not print its answer.
type unreportedError struct {
	outcome string // what the verb did; see outcomeOf
	err     error
}

func (e *unreportedError) Error() string {
	return fmt.Sprintf("%v; before that, seedkit %s", e.err, e.outcome)
}

func (e *unreportedError) Unwrap() error { return e.err }

// unreported returns the error of a verb whose answer could not be printed. It returns err alone if
// the verb changed nothing, and nil if err is nil.
func unreported(report any, err error) error {
	if outcome := outcomeOf(report); err != nil && outcome != "" {
		return &unreportedError{outcome, err}
	}
	return err
}

// outcomeOf says what a verb that succeeded did to files or to a database, by its report. It
// returns "" if the verb changed nothing.
func outcomeOf(report any) string {
	switch r := report.(type) {
	case genReport:
		return "made " + r.Path
	case startReport:
		return "wrote " + listed("and", r.Files)
	case dumpReport:
		return "wrote " + r.Path
	case typesReport:
		return "wrote " + r.Path
	case initReport:
		return "wrote " + r.Path
	case extractReport:
		return outcomeOfEdit(r.Written, r.Path)
	case sqlReport:
		return outcomeOfEdit(r.Written, r.Path)
	case backup.Manifest:
		return "made the backup " + r.Path
	case apply.Result:
		if r.Inserted+r.Updated+r.Deleted > 0 {
			return fmt.Sprintf("inserted %s, updated %d and deleted %d", countRows(r.Inserted),
				r.Updated, r.Deleted)
		}
	case apply.UndoResult:
		if len(r.Tables) > 0 {
			return "took the rows of the run back"
		}
	case restoreReport:
		if len(r.Copies) == 0 {
			return "restored the database"
		}
	}
	return ""
}

func outcomeOfEdit(written bool, path string) string {
	if !written {
		return ""
	}
	return "wrote " + path
}
