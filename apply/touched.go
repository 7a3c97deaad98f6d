package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// touched notes the rows and keys by which a transaction can leave a reference without its row: the
// rows that are inserted or get another reference, and the keys that rows lose. It notes what
// statements, triggers and foreign keys do. No other reference can dangle that did not dangle
// before. The notes are in a scratch database, so that they need little memory.
type touched struct {
	c      *sqlite.Conn
	stop   func()
	notes  *sqlite.Conn
	tables []*touchedTable
	byName map[string]*touchedTable
	err    error // why a note could not be kept
}

// touchedTable is a table that has foreign keys, or to which foreign keys refer.
type touchedTable struct {
	table *schema.Table
	refs  []touchedReference
	key   []int        // the positions of the primary key; nil for the rowid
	rows  *sqlite.Stmt // notes the key of a row
	kept  string       // the table with these notes
	lost  []*lostKey
}

// touchedReference is a foreign key of a table, and the positions of its columns there.
type touchedReference struct {
	fk schema.ForeignKey
	at []int
}

// lostKey is a key of a table to which a foreign key refers.
type lostKey struct {
	child  *schema.Table
	fk     schema.ForeignKey
	at     []int        // the positions of the key's columns in the table
	values *sqlite.Stmt // notes the values that a row loses
	kept   string       // the table with these notes
}

// watchTouched begins to note what c changes. The caller must close the result before c.
func watchTouched(c *sqlite.Conn, there *schema.Schema) (w *touched, err error) {
	w = &touched{c: c, byName: map[string]*touchedTable{}}
	if w.notes, err = seed.OpenScratch(c.Context()); err != nil {
		return nil, err
	}
	err = w.notes.Exec("BEGIN")
	for _, t := range there.Tables {
		if err == nil {
			err = w.addTable(t)
		}
	}
	for _, child := range there.Tables {
		for _, fk := range child.ForeignKeys {
			if err == nil {
				err = w.addReference(child, fk)
			}
		}
	}
	if err != nil {
		w.close()
		return nil, err
	}
	w.stop = c.Watch(w.note)
	return w, nil
}

func (w *touched) close() {
	if w == nil {
		return
	}
	if w.stop != nil {
		w.stop()
	}
	for _, t := range w.tables {
		t.rows.Close()
		for _, key := range t.lost {
			key.values.Close()
		}
	}
	w.notes.Close()
}

func (w *touched) addTable(t *schema.Table) (err error) {
	of := &touchedTable{table: t, kept: fmt.Sprintf("rows%d", len(w.tables))}
	w.tables, w.byName[t.Name] = append(w.tables, of), of
	columns := 1
	if t.WithoutRowid {
		of.key, _ = schema.Positions(t.ColumnNames(), t.PrimaryKey)
		columns = len(of.key)
	}
	of.rows, err = w.keep(of.kept, columns)
	return err
}

// addReference adds a foreign key. SQLite compiles no statement that needs a foreign key to a
// missing table or column.
func (w *touched) addReference(child *schema.Table, fk schema.ForeignKey) (err error) {
	parent := w.byName[fk.Parent]
	if parent == nil || len(fk.ParentColumns) == 0 {
		return nil
	}
	at, ok := schema.Positions(parent.table.ColumnNames(), fk.ParentColumns)
	if !ok {
		return nil
	}
	own, _ := schema.Positions(child.ColumnNames(), fk.Columns)
	of := w.byName[child.Name]
	of.refs = append(of.refs, touchedReference{fk, own})
	key := &lostKey{child: child, fk: fk, at: at}
	key.kept = fmt.Sprintf("keys%s_%d", parent.kept, len(parent.lost))
	parent.lost = append(parent.lost, key)
	key.values, err = w.keep(key.kept, len(at))
	return err
}

// keep makes a table of notes, each once, and the statement that adds a note.
func (w *touched) keep(name string, columns int) (*sqlite.Stmt, error) {
	names := make([]string, columns)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	list := strings.Join(names, ", ")
	const table = "CREATE TABLE %s(%s, PRIMARY KEY(%[2]s)) WITHOUT ROWID"
	if err := w.notes.Exec(fmt.Sprintf(table, name, list)); err != nil {
		return nil, err
	}
	return w.notes.PrepareOne(fmt.Sprintf("INSERT OR IGNORE INTO %s VALUES(?%s)",
		name, strings.Repeat(", ?", columns-1)))
}

// note notes a change of a row.
func (w *touched) note(row sqlite.ChangedRow) {
	t := w.byName[row.Table]
	if t == nil || w.err != nil {
		return
	}
	if row.HasNew && slices.ContainsFunc(t.refs, func(ref touchedReference) bool {
		return !row.HasOld || changes(row, ref.at)
	}) {
		w.err = t.noteRow(row)
	}
	for _, key := range t.lost {
		if row.HasOld && w.err == nil && (!row.HasNew || changes(row, key.at)) {
			w.err = key.note(row)
		}
	}
}

// changes reports whether the row gets other values in the columns. It is true for a value that is
// unknown.
func changes(row sqlite.ChangedRow, at []int) bool {
	return slices.ContainsFunc(at, func(column int) bool {
		before, known := row.Old(column)
		after, knownToo := row.New(column)
		return !known || !knownToo || before != after
	})
}

func (t *touchedTable) noteRow(row sqlite.ChangedRow) error {
	if !t.table.WithoutRowid {
		return t.rows.Exec(row.Rowid)
	}
	key := make([]any, len(t.key))
	for i, column := range t.key {
		key[i], _ = row.New(column)
	}
	return t.rows.Exec(key...)
}

func (k *lostKey) note(row sqlite.ChangedRow) error {
	values := make([]any, len(k.at))
	for i, column := range k.at {
		v, known := row.Old(column)
		if known && v.IsNull() {
			return nil
		}
		values[i] = v
	}
	return k.values.Exec(values...)
}
