package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// staysError is why a row cannot get its old values now. That may change when other rows of the run
// are taken back.
type staysError struct{ why string }

func (e *staysError) Error() string { return e.why }

// restoreEdits gives rows their old values back, the last edit of the run first, and returns how
// many. It leaves the other edits in the notes, each with the reason.
func (w *takingBack) restoreEdits() (restored int64, err error) {
	reader, err := w.entry.Open()
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	const next = "SELECT n, place, tbl FROM temp.seedkit_edits WHERE n < ? ORDER BY n DESC LIMIT 1"
	query, err := w.c.PrepareOne(next)
	if err != nil {
		return 0, err
	}
	defer query.Close()
	for n, found := int64(1)<<62, true; found; {
		found = false
		var place int64
		var t *undoTable
		for row, err := range query.Rows(n) {
			if err != nil {
				return 0, err
			}
			found, n, place, t = true, row.Int64(0), row.Int64(1), w.tables[row.Int64(2)]
		}
		if !found {
			break
		}
		done, err := w.restoreEdit(reader, n, place, t)
		if err != nil {
			return 0, err
		}
		if done {
			restored++
		}
	}
	return restored, nil
}

func (w *takingBack) restoreEdit(
	reader *journal.Reader, n, place int64, t *undoTable,
) (done bool, err error) {
	c, err := reader.At(place, t.Table)
	if err != nil {
		return false, err
	}
	if err := w.c.Exec("SAVEPOINT seedkit_edit"); err != nil {
		return false, err
	}
	restore := w.restoreRow
	if c.Kind == journal.Delete {
		restore = w.insertAgain
	}
	err = restore(t, c)
	stays, kept := errors.AsType[*staysError](err)
	switch {
	case kept:
		const note = "UPDATE temp.seedkit_edits SET why = ? WHERE n = ?"
		err = w.c.ExecScript("ROLLBACK TO seedkit_edit; RELEASE seedkit_edit")
		if err == nil {
			err = w.c.Exec(note, stays.why, n)
		}
		return false, err
	case err != nil:
		return false, fmt.Errorf("restore %s with %s: %w",
			t.there.Name, assignments(t.Key, keyTexts(t.Key, c.Key)), err)
	}
	t.Restored++
	if err := w.c.Exec("RELEASE seedkit_edit"); err != nil {
		return false, err
	}
	return true, w.c.Exec("DELETE FROM temp.seedkit_edits WHERE n = ?", n)
}

// restoreRow gives an updated row the old values of its columns.
func (w *takingBack) restoreRow(t *undoTable, c journal.Change) error {
	if len(t.Key) == 0 {
		return &staysError{"the table has no key by which the journal names a row"}
	}
	columns := c.Columns()
	f, err := t.finder(w.c, columns)
	if err != nil {
		return err
	}
	id, state, err := f.Find(c.Key, c.Hash)
	switch {
	case err != nil:
		return err
	case state == journal.Gone:
		return &staysError{whyGone}
	case state == journal.Changed:
		return &staysError{whyChanged}
	}
	old, err := w.old.of(t, c)
	if err != nil {
		return err
	}
	if child, err := w.childOf(t, id, columns); err != nil || child != "" {
		if err == nil {
			err = &staysError{child + " refers to it"}
		}
		return err
	}
	was, err := readRow(w.c, &loggedTable{Table: t.Table, there: t.there}, id)
	if err != nil {
		return err
	}
	set := make([]string, len(columns))
	for i, name := range columns {
		set[i] = sqltext.QuoteIdent(name) + " = ?"
	}
	update := fmt.Sprintf("UPDATE OR ABORT %s SET %s WHERE %s",
		t.tableName(), strings.Join(set, ", "), equals(t.id))
	if err := w.edit(t, "UPDATE", update, slices.Concat(old, id)); err != nil {
		return err
	}
	after := w.over(t, was, columns, old)
	if err := w.checkParents(t, after, columns); err != nil {
		return err
	}
	return w.logRestored(journal.Change{
		Table: t.Table, Kind: journal.Update, Key: t.KeyOf(after),
		Hash: journal.HashOf(old), Was: c.Hash,
		Old: journal.OldValues(columns, pick(t, was, columns)),
	})
}

// insertAgain inserts a row that the run has deleted.
func (w *takingBack) insertAgain(t *undoTable, c journal.Change) error {
	old, err := w.old.of(t, c)
	if err != nil {
		return err
	}
	insert := fmt.Sprintf("INSERT OR ABORT INTO %s(%s) VALUES(?%s)", t.tableName(),
		sqltext.QuoteIdents(t.Columns), strings.Repeat(", ?", len(t.Columns)-1))
	if err := w.edit(t, "INSERT", insert, old); err != nil {
		return err
	}
	if err := w.checkParents(t, old, t.Columns); err != nil {
		return err
	}
	return w.logRestored(journal.Change{
		Table: t.Table, Kind: journal.Insert, Key: t.KeyOf(old), Hash: journal.HashOf(old),
	})
}

// edit runs the statement that changes one row. A row that a constraint refuses stays.
func (w *takingBack) edit(t *undoTable, event, sql string, args []sqlite.Value) error {
	w.fires(t, event)
	before := w.c.TotalChanges()
	err := w.c.Exec(sql, sqlite.Args(args)...)
	if sqlite.Is(err, sqlite.Constraint) {
		return &staysError{err.Error()}
	}
	if err != nil || len(triggersOn(t.there, event)) > 0 {
		return err
	}
	if n := w.c.TotalChanges() - before; n != 1 {
		return fmt.Errorf("%d rows were changed where 1 was expected", n)
	}
	return nil
}

// checkParents returns a [*staysError] if a row refers by one of the columns to a row that is gone.
func (w *takingBack) checkParents(t *undoTable, row []sqlite.Value, columns []string) error {
	for _, r := range w.references(nil, t.there) {
		own := func(name string) bool { return containsFold(columns, name) }
		if !slices.ContainsFunc(r.fk.Columns, own) {
			continue
		}
		key := pick(t, row, r.fk.Columns)
		if slices.ContainsFunc(key, sqlite.Value.IsNull) {
			continue
		}
		query := fmt.Sprintf("SELECT count(*) FROM main.%s WHERE %s",
			sqltext.QuoteIdent(r.parent.Name), sqltext.Equal(r.fk.ParentColumns))
		n, err := w.c.Int64(query, sqlite.Args(key)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return &staysError{"the row of " + r.parent.Name + " to which it referred is gone"}
		}
	}
	return nil
}

func (w *takingBack) logRestored(c journal.Change) error {
	if w.log == nil {
		return nil
	}
	return w.log.log.Add(c)
}

// over returns a row of all stored columns with other values in some columns.
func (w *takingBack) over(
	t *undoTable, row []sqlite.Value, columns []string, values []sqlite.Value,
) []sqlite.Value {
	after := slices.Clone(row)
	for i, name := range columns {
		at := slices.Index(t.Columns, name)
		after[at] = values[i]
	}
	return after
}

// pick returns the values that a row of all stored columns has in some columns.
func pick(t *undoTable, row []sqlite.Value, columns []string) []sqlite.Value {
	values := make([]sqlite.Value, len(columns))
	for i, name := range columns {
		at := slices.IndexFunc(t.Columns, func(c string) bool { return strings.EqualFold(c, name) })
		if at >= 0 {
			values[i] = row[at]
		}
	}
	return values
}

// keepEdits counts the edits that could not be taken back.
func (w *takingBack) keepEdits() error {
	reader, err := w.entry.Open()
	if err != nil {
		return err
	}
	defer reader.Close()
	const rest = "SELECT place, tbl, why FROM temp.seedkit_edits ORDER BY n"
	for row, err := range w.c.Query(rest) {
		if err != nil {
			return err
		}
		t := w.tables[row.Int64(1)]
		c, err := reader.At(row.Int64(0), t.Table)
		if err != nil {
			return err
		}
		w.keep(t, c.Key, row.Text(2))
	}
	return nil
}
