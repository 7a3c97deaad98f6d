package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ReferenceError reports a row that refers to a missing row.
type ReferenceError struct {
	// Columns are the columns of the foreign key.
	Columns []string
	// Values are the values of the foreign key, written as in [Differing].
	Values []string
	// Parent is the table that lacks the row.
	Parent string
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("there is no row of %s for %s", e.Parent, assignments(e.Columns, e.Values))
}

// referenceCheck finds rows that refer to missing rows. A row may come before its parent. So a row
// without a parent waits in a scratch database, and finish looks for the parent again.
type referenceCheck struct {
	c       *sqlite.Conn
	keys    []*referenceKey // the keys of the current table
	late    []*referenceKey // the keys for which rows wait
	waiting *sqlite.Conn    // the scratch database; nil before the first row waits
}

// referenceKey is a foreign key, and the query that looks for its parents.
type referenceKey struct {
	fk     schema.ForeignKey
	table  string
	at     []int // the positions of the key's columns in a row
	exists *sqlite.Stmt
	last   []sqlite.Value // the last key with a parent
	wait   *sqlite.Stmt   // stores a row that waits; nil before the first one
	name   string         // the table in which rows wait
}

// begin prepares the foreign keys of a table.
func (r *referenceCheck) begin(t tablePlace) error {
	r.closeKeys()
	for _, fk := range t.there.ForeignKeys {
		at, ok := schema.Positions(t.seed.Stored(), fk.Columns)
		if !ok || len(fk.ParentColumns) == 0 {
			continue
		}
		exists, err := r.c.PrepareOne(parentSQL(fk))
		if err != nil {
			return fmt.Errorf("look for rows that %s refers to: %w", t.there.Name, err)
		}
		r.keys = append(r.keys, &referenceKey{fk: fk, table: t.there.Name, at: at, exists: exists})
	}
	return nil
}

// closeKeys frees the keys of the current table for which no row waits.
func (r *referenceCheck) closeKeys() {
	for _, k := range r.keys {
		if k.wait == nil {
			k.exists.Close()
		}
	}
	r.keys = nil
}

func (r *referenceCheck) close() {
	r.closeKeys()
	for _, k := range r.late {
		k.exists.Close()
		k.wait.Close()
	}
	if r.waiting != nil {
		r.waiting.Close()
	}
}

// check looks for the rows that a row refers to. The row waits if one of them is missing. updates
// says that the row is updated. Otherwise it is inserted.
func (r *referenceCheck) check(t tablePlace, row []sqlite.Value, updates bool) error {
	for _, k := range r.keys {
		values := sqlite.Pick(row, k.at)
		if slices.ContainsFunc(values, sqlite.Value.IsNull) || slices.Equal(values, k.last) {
			continue
		}
		found, err := queryHasRow(k.exists, values)
		switch {
		case err != nil:
			return fmt.Errorf("look for rows that %s refers to: %w", k.table, err)
		case found:
			k.last = values
		default:
			err = r.postpone(k, rowKey(t, row), updates, values)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *referenceCheck) postpone(
	k *referenceKey, key string, updates bool, values []sqlite.Value,
) error {
	if k.wait == nil {
		if err := r.makeRoom(r.c.Context(), k); err != nil {
			return err
		}
	}
	return k.wait.Exec(append([]any{key, updates}, sqlite.Args(values)...)...)
}

func (r *referenceCheck) makeRoom(ctx context.Context, k *referenceKey) (err error) {
	if r.waiting == nil {
		if r.waiting, err = seed.OpenScratch(ctx); err != nil {
			return err
		}
		if err := r.waiting.Exec("BEGIN"); err != nil {
			return err
		}
	}
	k.name = fmt.Sprintf("waiting%d", len(r.late))
	columns, parameters := "key, updates", "?, ?"
	for i := range k.at {
		columns, parameters = fmt.Sprintf("%s, c%d", columns, i), parameters+", ?"
	}
	if err := r.waiting.Exec(fmt.Sprintf("CREATE TABLE %s(%s)", k.name, columns)); err != nil {
		return err
	}
	k.wait, err = r.waiting.PrepareOne(fmt.Sprintf("INSERT INTO %s VALUES(%s)", k.name, parameters))
	if err == nil {
		r.late = append(r.late, k)
	}
	return err
}

// finish looks again for the parents of the rows that wait, and reports each row whose parent is
// missing.
func (r *referenceCheck) finish(report func(*RowError) error) error {
	for _, k := range r.late {
		for row, err := range r.waiting.Query("SELECT * FROM " + k.name + " ORDER BY rowid") {
			if err != nil {
				return err
			}
			values := row.Values()
			updates, key := values[1].Int64() != 0, values[2:]
			found, err := queryHasRow(k.exists, key)
			if err == nil && !found {
				err = report(&RowError{
					Table: k.table, Key: values[0].Data(), Updates: updates,
					Err: newReferenceError(k.fk, key),
				})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func queryHasRow(query *sqlite.Stmt, values []sqlite.Value) (bool, error) {
	for _, err := range query.Rows(sqlite.Args(values)...) {
		return err == nil, err
	}
	return false, nil
}
