package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// reference is a foreign key of a table of the target.
type reference struct {
	child, parent *schema.Table
	fk            schema.ForeignKey
}

// references yields the foreign keys that refer to the table, or that belong to it.
func (w *takingBack) references(parent, child *schema.Table) (all []reference) {
	for _, t := range w.there.Tables {
		for _, fk := range t.ForeignKeys {
			to := w.there.Table(fk.Parent)
			if to == nil || len(fk.ParentColumns) != len(fk.Columns) {
				continue
			}
			if parent != nil && to == parent || child != nil && t == child {
				all = append(all, reference{child: t, parent: to, fk: fk})
			}
		}
	}
	return all
}

// joins returns the condition that a row of the child refers to a row of the parent. The parent's
// collation decides, as it does for SQLite (https://sqlite.org/foreignkeys.html).
func (r reference) joins(parent, child string) string {
	conditions := make([]string, len(r.fk.Columns))
	for i, name := range r.fk.Columns {
		conditions[i] = fmt.Sprintf("%s.%s = %s.%s", parent,
			sqltext.QuoteIdent(r.fk.ParentColumns[i]), child, sqltext.QuoteIdent(name))
	}
	return strings.Join(conditions, " AND ")
}

// deleteDoomed deletes the inserted rows to which no other row refers, and returns how many.
func (w *takingBack) deleteDoomed() (total int64, err error) {
	if err := w.hold(); err != nil {
		return 0, err
	}
	for _, t := range w.tables {
		if t.doomed == "" {
			continue
		}
		n, err := w.deleteRows(t)
		if err != nil {
			return 0, fmt.Errorf("delete rows of %s: %w", t.there.Name, err)
		}
		total += n
	}
	return total, nil
}

// hold marks the doomed rows to which rows refer that stay. A row that is marked stays, too, so
// hold looks again until no more rows are marked.
func (w *takingBack) hold() error {
	for _, t := range w.tables {
		if t.doomed != "" {
			if err := w.c.Exec("UPDATE " + t.doomed + " SET held = 0 WHERE held"); err != nil {
				return err
			}
		}
	}
	for again := true; again; {
		again = false
		for _, t := range w.tables {
			if t.doomed == "" {
				continue
			}
			for _, r := range w.references(t.there, nil) {
				if err := w.c.Exec(w.holdSQL(t, r)); err != nil {
					return fmt.Errorf("look for rows of %s that refer to %s: %w",
						r.child.Name, t.there.Name, err)
				}
				again = again || w.c.Changes() > 0
			}
		}
	}
	return nil
}

func (w *takingBack) holdSQL(t *undoTable, r reference) string {
	return fmt.Sprintf("UPDATE %s SET held = 1 WHERE held = 0 AND (%s) IN "+
		"(SELECT %s FROM %s d JOIN %s p ON %s JOIN main.%s c ON %s WHERE d.held = 0%s)",
		t.doomed, strings.Join(t.idColumns(""), ", "),
		strings.Join(t.idColumns("d."), ", "), t.doomed, t.tableName(), t.isDoomed("p", "d"),
		sqltext.QuoteIdent(r.child.Name), r.joins("p", "c"), w.andStays(r.child))
}

// andStays returns the condition that the row c of the child is not doomed itself, after AND.
func (w *takingBack) andStays(child *schema.Table) string {
	i := slices.IndexFunc(w.tables, func(t *undoTable) bool { return t.there == child })
	if i < 0 || w.tables[i].doomed == "" {
		return ""
	}
	t := w.tables[i]
	return fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM %s x WHERE %s AND x.held = 0)",
		t.doomed, t.isDoomed("c", "x"))
}

// deleteRows deletes the doomed rows of a table that are not held.
func (w *takingBack) deleteRows(t *undoTable) (n int64, err error) {
	if n, err = w.c.Int64("SELECT count(*) FROM " + t.doomed + " WHERE held = 0"); n == 0 {
		return 0, err
	}
	w.fires(t, "DELETE")
	if err := w.logDeleted(t); err != nil {
		return 0, err
	}
	before := w.c.TotalChanges()
	err = w.c.Exec(fmt.Sprintf("DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE held = 0)",
		t.tableName(), strings.Join(t.id, ", "), strings.Join(t.idColumns(""), ", "), t.doomed))
	if err != nil {
		return 0, err
	}
	deleted := w.c.Changes()
	if others := w.c.TotalChanges() - before - deleted; deleted != n ||
		others != 0 && len(triggersOn(t.there, "DELETE")) == 0 {
		return 0, fmt.Errorf("%d rows and %d of others were deleted where %d were expected",
			deleted, others, n)
	}
	t.Deleted += n
	return n, w.c.Exec("DELETE FROM " + t.doomed + " WHERE held = 0")
}

// logDeleted writes the rows that are about to be deleted into the journal of the undo.
func (w *takingBack) logDeleted(t *undoTable) error {
	if w.log == nil {
		return nil
	}
	rows := fmt.Sprintf("SELECT %s FROM %s d JOIN %s p ON %s WHERE d.held = 0",
		qualified("p", t.Columns), t.doomed, t.tableName(), t.isDoomed("p", "d"))
	for row, err := range w.c.Query(rows) {
		if err != nil {
			return err
		}
		stored := row.Values()
		err := w.log.log.Add(journal.Change{
			Table: t.Table, Kind: journal.Delete,
			Key: t.KeyOf(stored), Hash: journal.HashOf(stored),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keepRest counts the rows that could not be taken back.
func (w *takingBack) keepRest() error {
	for _, t := range w.tables {
		if t.doomed == "" {
			continue
		}
		held, err := w.c.Int64("SELECT count(*) FROM " + t.doomed)
		if err != nil {
			return err
		}
		listed := len(w.kept)
		if err := w.listHeld(t); err != nil {
			return err
		}
		t.Kept += held - int64(len(w.kept)-listed)
	}
	return w.keepEdits()
}

// listHeld keeps the first rows to which other rows refer.
func (w *takingBack) listHeld(t *undoTable) error {
	for id, err := range w.c.Query(fmt.Sprintf("SELECT %s FROM %s LIMIT %d",
		strings.Join(t.idColumns(""), ", "), t.doomed, listed-len(w.kept))) {
		if err != nil {
			return err
		}
		row := id.Values()
		stored, err := readRow(w.c, &loggedTable{Table: t.Table, there: t.there}, row)
		if err != nil || stored == nil {
			return err
		}
		child, err := w.childOf(t, row, nil)
		if err != nil {
			return err
		}
		w.keep(t, t.KeyOf(stored), child+" refers to it")
	}
	return nil
}

// childOf names a row that refers to the row with the identity by a foreign key to one of the
// columns, or by any foreign key if columns is nil. It returns "" if there is none.
func (w *takingBack) childOf(t *undoTable, id []sqlite.Value, columns []string) (string, error) {
	for _, r := range w.references(t.there, nil) {
		if columns != nil && !slices.ContainsFunc(r.fk.ParentColumns, func(name string) bool {
			return containsFold(columns, name)
		}) {
			continue
		}
		name, err := w.firstChild(t, r, id)
		if err != nil || name != "" {
			return name, err
		}
	}
	return "", nil
}

func (w *takingBack) firstChild(t *undoTable, r reference, id []sqlite.Value) (string, error) {
	key := r.child.Key()
	columns := "1"
	if len(key) > 0 {
		columns = qualified("c", key)
	}
	identity := make([]string, len(t.id))
	for i, name := range t.id {
		identity[i] = "p." + name
	}
	query := fmt.Sprintf("SELECT %s FROM %s p JOIN main.%s c ON %s WHERE %s%s LIMIT 1",
		columns, t.tableName(), sqltext.QuoteIdent(r.child.Name), r.joins("p", "c"),
		equals(identity), w.andStays(r.child))
	for row, err := range w.c.Query(query, sqlite.Args(id)...) {
		if err != nil {
			return "", err
		}
		if len(key) == 0 {
			return "a row of " + r.child.Name, nil
		}
		return r.child.Name + " with " + assignments(key, keyTexts(key, row.Values())), nil
	}
	return "", nil
}

// qualified returns the columns of the row with the given name in a query.
func qualified(row string, columns []string) string {
	quoted := make([]string, len(columns))
	for i, name := range columns {
		quoted[i] = row + "." + sqltext.QuoteIdent(name)
	}
	return strings.Join(quoted, ", ")
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
