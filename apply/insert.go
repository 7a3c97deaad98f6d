package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// RowError reports a row that the target refuses.
type RowError struct {
	Table string `json:"table"`
	// Key names the row: `id = 7`. It is empty for a table without a key.
	Key string `json:"key"`
	// Err is the reason. MarshalJSON writes its text as why.
	Err error `json:"-"`
}

func (e *RowError) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("insert into %s: %v", e.Table, e.Err)
	}
	return fmt.Sprintf("insert into %s the row with %s: %v", e.Table, e.Key, e.Err)
}

// MarshalJSON adds the text of Err. A struct tag cannot.
func (e *RowError) MarshalJSON() ([]byte, error) {
	type plain RowError
	return json.Marshal(struct {
		*plain
		Why string `json:"why"`
	}{(*plain)(e), e.Err.Error()})
}

// Unwrap returns the reason.
func (e *RowError) Unwrap() error { return e.Err }

// write makes the edits and inserts the new rows in one transaction, and commits it if every check
// succeeds. It returns how many rows there were.
func (r *run) write() (*writer, error) {
	if err := r.dst.Exec("PRAGMA foreign_keys = ON"); err != nil { // a no-op inside a transaction
		return nil, err
	}
	if err := r.dst.Exec("BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	defer r.dst.Rollback()
	position, _, err := litefs.Position(r.path)
	if err != nil {
		return nil, err
	}
	if err := r.dst.Exec("PRAGMA defer_foreign_keys = ON"); err != nil {
		return nil, err
	}
	before, err := live.ForeignKeyViolations(r.dst)
	if err != nil {
		return nil, err
	}
	w := &writer{}
	if err := r.edit(w.edited); err != nil {
		return nil, fmt.Errorf("%w; rolled back", err)
	}
	x := newTransfer(r, w)
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Inserting, int64(i), int64(len(r.tables)))
		if err := r.insertTable(x, w, t); err != nil {
			return nil, err
		}
	}
	if err := r.raiseCounters(); err != nil {
		return nil, err
	}
	if err := r.checkInside(before); err != nil {
		return nil, err
	}
	r.position, err = live.ConfirmCommit(r.path, position, r.dst.Commit())
	switch _, uncertain := errors.AsType[*UncertainError](err); {
	case uncertain:
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%s: commit: %w", r.path, err)
	}
	return w, nil
}

func (r *run) insertTable(x *transfer, w *writer, t tablePlace) error {
	before, err := r.countRows(t.there.Name)
	if err != nil {
		return err
	}
	inserted := w.total
	if err := x.table(t); err != nil {
		return err
	}
	return r.checkGrowth(t.there.Name, before, w.total-inserted)
}

// writer ends a transfer at the first row that cannot be inserted.
type writer struct {
	total            int64 // how many rows were inserted
	updated, deleted int64 // how many rows were edited
}

func (w *writer) edited(p preparedEdit, _ []sqlite.Value) {
	if p.deletes {
		w.deleted++
	} else {
		w.updated++
	}
}

func (w *writer) decided(t tablePlace, d decision) error {
	if d.fate == stop {
		return &ConflictsError{Conflicts: []Conflict{newConflict(t, d.Row)}, Total: 1}
	}
	return nil
}

func (w *writer) inserted(tablePlace, []sqlite.Value) error {
	w.total++
	return nil
}

func (w *writer) refused(err *RowError) error { return err }

func (w *writer) estranged(s Stranger) error {
	return &StrangersError{Strangers: []Stranger{s}, Total: 1}
}

func (r *run) countRows(table string) (int64, error) {
	n, err := r.dst.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(table))
	if err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", table, err)
	}
	return n, nil
}

// checkGrowth returns an error unless the table has grown by growth rows: the inserted rows less
// the deleted rows. Triggers may insert more rows, so checkGrowth passes if triggers fire.
func (r *run) checkGrowth(table string, before, growth int64) error {
	after, err := r.countRows(table)
	if err != nil || r.firesTriggers() {
		return err
	}
	if after != before+growth {
		return fmt.Errorf("table %s has %d rows where %d were expected; rolled back",
			table, after, before+growth)
	}
	return nil
}

func (r *run) firesTriggers() bool { return len(r.plan.Triggers) > 0 }

// checkInside checks the transaction's result before the commit.
func (r *run) checkInside(before []live.ForeignKeyViolation) error {
	if err := r.checkPresence(); err != nil {
		return err
	}
	if err := r.checkEdits(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	if err := r.checkCounters(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	after, err := live.ForeignKeyViolations(r.dst)
	if err != nil {
		return err
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			return fmt.Errorf("foreign keys would be violated: %s; rolled back", v)
		}
	}
	if err := r.check(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	return nil
}

var errNotThere = errors.New("it is not in the target as the seed has it")

// checkPresence returns an error unless the target has every row of the seed. If triggers fire, a
// row with the same key and other values is enough.
func (r *run) checkPresence() error {
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Verifying, int64(i), int64(len(r.tables)))
		for d, err := range r.decisions(t) {
			switch {
			case err != nil:
				return err
			case d.fate == keep, d.fate == leaveOut, d.fate == stop && r.firesTriggers():
			default:
				return &RowError{Table: t.there.Name, Key: rowKey(t, d.Values), Err: errNotThere}
			}
		}
	}
	return nil
}
