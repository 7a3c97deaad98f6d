package apply

import (
	"context"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ReferenceError says that a row refers to a row that is not there.
type ReferenceError struct {
	Columns []string // of the row
	Values  []string // as text
	Parent  string   // the table that should have the row
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("there is no row of %s for %s", e.Parent, assignments(e.Columns, e.Values))
}

// referenceCheck finds rows that refer to rows which are not there. A row may
// come before the one that it refers to, so what is not there at once is
// looked up again at the end; until then it waits in a scratch database.
type referenceCheck struct {
	c       *sqlite.Conn
	keys    []*referenceKey // of the current table
	late    []*referenceKey // by which rows wait
	waiting *sqlite.Conn    // nil before the first row that waits
}

// referenceKey is a foreign key, and how its parents are looked up.
type referenceKey struct {
	fk     schema.ForeignKey
	table  string
	at     []int
	exists *sqlite.Stmt
	last   []sqlite.Value // that was found
	wait   *sqlite.Stmt   // nil before the first row that waits
	name   string         // of the table in which rows wait
}

// begin prepares for the rows of a table.
func (r *referenceCheck) begin(t tablePlace) error {
	r.closeKeys()
	for _, fk := range t.there.ForeignKeys {
		at, ok := schema.Positions(t.seed.Stored(), fk.Columns)
		if !ok || len(fk.ParentColumns) == 0 {
			continue
		}
		sql := fmt.Sprintf("SELECT 1 FROM %s WHERE %s", sqltext.QuoteIdent(fk.Parent), sqltext.Equal(fk.ParentColumns))
		exists, err := r.c.PrepareOne(sql)
		if err != nil {
			return fmt.Errorf("look for rows that %s refers to: %w", t.there.Name, err)
		}
		r.keys = append(r.keys, &referenceKey{fk: fk, table: t.there.Name, at: at, exists: exists})
	}
	return nil
}

// closeKeys frees the keys of a table by which no row waits.
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

// check looks for the rows that a row refers to.
func (r *referenceCheck) check(t tablePlace, row []sqlite.Value) error {
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
			err = r.postpone(k, rowKey(t, row), values)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// postpone lets a row wait.
func (r *referenceCheck) postpone(k *referenceKey, key string, values []sqlite.Value) (err error) {
	if k.wait == nil {
		if err := r.makeRoom(r.c.Context(), k); err != nil {
			return err
		}
	}
	return k.wait.Exec(append([]any{key}, sqlite.Args(values)...)...)
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
	columns, parameters := "key", "?"
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

// finish looks the rows up for which others wait, and reports those that are
// not there.
func (r *referenceCheck) finish(report func(*RowError) error) error {
	for _, k := range r.late {
		for row, err := range r.waiting.Query("SELECT * FROM " + k.name + " ORDER BY rowid") {
			if err != nil {
				return err
			}
			values := row.Values()
			found, err := queryHasRow(k.exists, values[1:])
			if err == nil && !found {
				err = report(&RowError{Table: k.table, Key: values[0].Data(), Err: &ReferenceError{
					Columns: k.fk.Columns, Values: keyTexts(k.fk.Columns, values[1:]), Parent: k.fk.Parent,
				}})
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
