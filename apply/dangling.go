package apply

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// DanglingError reports a reference that the change would leave without its row.
type DanglingError struct {
	Table string
	// Key names the row that refers: `id = 7`. It is empty for a table without a key.
	Key string
	Err *ReferenceError
}

func (e *DanglingError) Error() string {
	row := "a row of " + e.Table
	if e.Key != "" {
		row = fmt.Sprintf("%s with %s", e.Table, e.Key)
	}
	return fmt.Sprintf("foreign keys would be violated: %s: %v", row, e.Err)
}

// Unwrap returns the reference.
func (e *DanglingError) Unwrap() error { return e.Err }

// check returns a [*DanglingError] if a reference dangles that did not dangle before.
func (w *touched) check() error {
	if w.err != nil {
		return fmt.Errorf("note which references change: %w", w.err)
	}
	for _, t := range w.tables {
		for _, ref := range t.refs {
			if err := w.checkRows(t, ref.fk); err != nil {
				return err
			}
		}
		for _, key := range t.lost {
			if err := w.checkKeys(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRows looks for the rows to which the noted rows refer.
func (w *touched) checkRows(t *touchedTable, fk schema.ForeignKey) error {
	children, err := w.children(t.table, fk, t.where())
	if err != nil {
		return err
	}
	defer children.close()
	for note, err := range w.notes.Query("SELECT * FROM " + t.kept) {
		if err == nil {
			err = children.check(note.Values())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// where returns the condition that a row is the noted one. A table whose columns have all names of
// the rowid is read whole.
func (t *touchedTable) where() string {
	switch name := t.table.RowidName(); {
	case t.table.WithoutRowid:
		return sqltext.Equal(t.table.PrimaryKey)
	case name != "":
		return name + " = ?"
	case t.table.RowidAlias != "":
		return sqltext.Equal([]string{t.table.RowidAlias})
	}
	return "? IS NOT NULL"
}

// checkKeys looks for rows that refer to noted keys that no row has now.
func (w *touched) checkKeys(key *lostKey) error {
	children, err := w.children(key.child, key.fk, sqltext.Equal(key.fk.Columns))
	if err != nil {
		return err
	}
	defer children.close()
	for note, err := range w.notes.Query("SELECT * FROM " + key.kept) {
		var there bool
		values := []sqlite.Value(nil)
		if err == nil {
			values = note.Values()
			there, err = queryHasRow(children.parent, values)
		}
		if err == nil && !there {
			err = children.check(values)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// childRows finds rows that refer by one foreign key, and the rows to which they refer.
type childRows struct {
	table  *schema.Table
	fk     schema.ForeignKey
	query  *sqlite.Stmt // selects the foreign key and the row's key
	parent *sqlite.Stmt
}

func (w *touched) children(
	t *schema.Table, fk schema.ForeignKey, where string,
) (c *childRows, err error) {
	c = &childRows{table: t, fk: fk}
	columns := slices.Concat(fk.Columns, t.Key())
	c.query, err = w.c.PrepareOne(fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(columns), sqltext.QuoteIdent(t.Name), where))
	if err == nil {
		c.parent, err = w.c.PrepareOne(parentSQL(fk))
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("look for rows that %s refers to: %w", t.Name, err)
	}
	return c, nil
}

func (c *childRows) close() {
	c.query.Close()
	c.parent.Close()
}

// check looks for the rows to which the rows refer that a note finds.
func (c *childRows) check(note []sqlite.Value) error {
	for row, err := range c.query.Rows(sqlite.Args(note)...) {
		if err != nil {
			return err
		}
		values := row.Values()
		values, key := values[:len(c.fk.Columns)], values[len(c.fk.Columns):]
		if slices.ContainsFunc(values, sqlite.Value.IsNull) {
			continue
		}
		found, err := queryHasRow(c.parent, values)
		if err != nil {
			return err
		}
		if !found {
			columns := c.table.Key()
			return &DanglingError{
				Table: c.table.Name, Key: assignments(columns, keyTexts(columns, key)),
				Err: newReferenceError(c.fk, values),
			}
		}
	}
	return nil
}

// parentSQL returns the query for the row to which a foreign key refers.
func parentSQL(fk schema.ForeignKey) string {
	return fmt.Sprintf("SELECT 1 FROM %s WHERE %s",
		sqltext.QuoteIdent(fk.Parent), sqltext.Equal(fk.ParentColumns))
}

func newReferenceError(fk schema.ForeignKey, values []sqlite.Value) *ReferenceError {
	return &ReferenceError{
		Columns: fk.Columns, Values: keyTexts(fk.Columns, values), Parent: fk.Parent,
	}
}
