package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// RowError is a row that the target refuses, and why.
type RowError struct {
	Table string
	Key   string // "id = 7", "" for a table without a key
	Err   error
}

func (e *RowError) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("insert into %s: %v", e.Table, e.Err)
	}
	return fmt.Sprintf("insert into %s the row with %s: %v", e.Table, e.Key, e.Err)
}

// Unwrap returns what SQLite said.
func (e *RowError) Unwrap() error { return e.Err }

// insertAll inserts the new rows in one transaction, and commits it if all is
// as it should be. It returns how many rows there were.
func (r *run) insertAll() (inserted int, err error) {
	if err := r.dst.Exec("PRAGMA foreign_keys = ON"); err != nil { // a no-op inside a transaction
		return 0, err
	}
	if err := r.dst.Exec("BEGIN IMMEDIATE"); err != nil {
		return 0, fmt.Errorf("%s: %w", r.path, err)
	}
	defer r.dst.Rollback()
	if err := r.dst.Exec("PRAGMA defer_foreign_keys = ON"); err != nil {
		return 0, err
	}
	before, err := foreignKeyViolations(r.dst)
	if err != nil {
		return 0, err
	}
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Inserting, int64(i), int64(len(r.tables)))
		n, err := r.insertTable(t)
		if err != nil {
			return 0, err
		}
		inserted += n
	}
	if err := r.checkInside(before); err != nil {
		return 0, err
	}
	if err := r.dst.Exec("COMMIT"); err != nil {
		return 0, fmt.Errorf("%s: commit: %w", r.path, err)
	}
	return inserted, nil
}

func (r *run) insertTable(t tablePlace) (int, error) {
	before, err := r.countRows(t)
	if err != nil {
		return 0, err
	}
	insert, err := r.dst.PrepareOne(insertSQL(t))
	if err != nil {
		return 0, fmt.Errorf("insert into %s: %w", t.there.Name, err)
	}
	defer insert.Close()
	inserted := 0
	for row, err := range r.rows(t) {
		switch {
		case err != nil:
			return 0, err
		case row.Class == rowdiff.Conflict && r.opts.OnConflict != Skip:
			return 0, &ConflictsError{Conflicts: []Conflict{newConflict(t, row)}, Total: 1}
		case row.Class != rowdiff.New:
			continue
		}
		if err := insert.Exec(sqlite.Args(row.Values)...); err != nil {
			return 0, &RowError{Table: t.there.Name, Key: rowKey(t, row.Values), Err: err}
		}
		inserted++
	}
	return inserted, r.checkGrowth(t, before, inserted)
}

func insertSQL(t tablePlace) string {
	columns := t.seed.Stored()
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)",
		sqltext.QuoteIdent(t.there.Name), sqltext.QuoteIdents(columns), strings.Repeat(", ?", len(columns)-1))
}

func rowKey(t tablePlace, row []sqlite.Value) string {
	columns := t.seed.Key()
	if columns == nil {
		return ""
	}
	at, _ := schema.Positions(t.seed.Stored(), columns)
	values := texts(sqlite.Pick(row, at))
	return fmt.Sprintf("%s = %s", strings.Join(columns, ", "), strings.Join(values, ", "))
}

func (r *run) countRows(t tablePlace) (int, error) {
	n, err := r.dst.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(t.there.Name))
	if err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", t.there.Name, err)
	}
	return int(n), nil
}

// checkGrowth holds the table's growth against the rows that were inserted. A
// trigger that fires may add rows of its own, and was consented to.
func (r *run) checkGrowth(t tablePlace, before, inserted int) error {
	after, err := r.countRows(t)
	if err != nil || r.firesTriggers() {
		return err
	}
	if after != before+inserted {
		return fmt.Errorf("table %s has %d rows where %d were expected; rolled back", t.there.Name, after, before+inserted)
	}
	return nil
}

func (r *run) firesTriggers() bool { return len(r.plan.Triggers) > 0 }

// checkInside looks at the transaction's result before it is committed.
func (r *run) checkInside(before []ForeignKeyViolation) error {
	if err := r.checkPresence(); err != nil {
		return err
	}
	after, err := foreignKeyViolations(r.dst)
	if err != nil {
		return err
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			return fmt.Errorf("foreign keys would be violated: %s; rolled back", v)
		}
	}
	return nil
}

var errNotThere = errors.New("it is not in the target as the seed has it")

// checkPresence looks for every row of the seed in the target. A trigger may
// have changed a row; then it is enough that its key is there.
func (r *run) checkPresence() error {
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Verifying, int64(i), int64(len(r.tables)))
		for row, err := range r.rows(t) {
			switch {
			case err != nil:
				return err
			case row.Class == rowdiff.Identical:
			case row.Class == rowdiff.Conflict && (r.opts.OnConflict == Skip || r.firesTriggers()):
			default:
				return &RowError{Table: t.there.Name, Key: rowKey(t, row.Values), Err: errNotThere}
			}
		}
	}
	return nil
}
