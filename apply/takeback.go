package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// takingBack takes the rows of a run back through one connection: for the plan through an overlay,
// and later in the target. Its notes are in temporary tables of the connection.
type takingBack struct {
	c        *sqlite.Conn
	entry    journal.Entry
	log      *runLog // nil in the plan
	there    *schema.Schema
	tables   []*undoTable
	old      *oldValues
	undone   *undone
	kept     []KeptRow
	triggers []Trigger
	dangling []live.ForeignKeyViolation // before the undo; only if triggers fire
}

// undoTable is a table whose rows the run has changed.
type undoTable struct {
	*journal.Table
	there *schema.Table // nil if the table is gone
	why   string        // why no row of the table can be taken back, or ""
	id    []string      // quoted, see [journal.Identity]
	// doomed is the temporary table of the inserted rows that nobody has changed. Its columns are
	// id0, id1 … and held, which reports that another row refers to the row.
	doomed  string
	doom    *sqlite.Stmt
	unnamed string // the temporary table of hashes of rows without a key; "" if there are none
	finders map[string]*journal.Finder
	UndoTable
}

// takeBack does the work of an undo in a transaction of c, which the caller ends. log is nil for
// the plan. After an error the caller need not close the result.
func (u *undo) takeBack(c *sqlite.Conn, log *runLog) (*takingBack, error) {
	// Without foreign keys no deletion is passed on to rows of others.
	if err := c.ExecScript("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	w := &takingBack{
		c: c, entry: u.entry, log: log,
		old: &oldValues{ctx: c.Context(), path: u.entry.BackupPath()},
	}
	err := w.readSchema()
	if err == nil {
		w.undone, err = newUndone(c, u.earlier)
	}
	if err == nil {
		err = w.run(reporter(u.opts.Progress))
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *takingBack) close() {
	for _, t := range w.tables {
		if t.doom != nil {
			t.doom.Close()
		}
		for _, f := range t.finders {
			f.Close()
		}
	}
	w.old.close()
}

// counts returns what became of the rows of each table.
func (w *takingBack) counts() []UndoTable {
	var all []UndoTable
	for _, t := range w.tables {
		all = append(all, t.UndoTable)
	}
	return all
}

func (w *takingBack) readSchema() (err error) {
	if w.there, err = schema.Read(w.c); err == nil && w.firesAny() {
		w.dangling, err = live.ForeignKeyViolations(w.c)
	}
	return err
}

func (w *takingBack) run(progress reporter) error {
	const edits = "CREATE TEMP TABLE seedkit_edits(n INTEGER PRIMARY KEY, place INTEGER, " +
		"tbl INTEGER, why TEXT NOT NULL DEFAULT '')"
	if err := w.c.Exec(edits); err != nil {
		return err
	}
	progress.report(Undoing, 0, 0)
	if err := w.gather(); err != nil {
		return err
	}
	for {
		restored, err := w.restoreEdits()
		if err != nil {
			return err
		}
		deleted, err := w.deleteDoomed()
		if err != nil {
			return err
		}
		if restored == 0 && deleted == 0 { // nothing makes room for more
			break
		}
	}
	return w.keepRest()
}

// firesAny reports whether a table of the run has a trigger.
func (w *takingBack) firesAny() bool {
	return slices.ContainsFunc(w.there.Tables, func(t *schema.Table) bool {
		of := func(r journal.Rows) bool { return strings.EqualFold(r.Table, t.Name) }
		return len(t.Triggers) > 0 && slices.ContainsFunc(w.entry.Rows, of)
	})
}

// gather looks for the rows of the run, and notes those that nobody has changed.
func (w *takingBack) gather() error {
	for c, err := range w.entry.Changes() {
		if err != nil {
			return err
		}
		t, err := w.table(c.Table)
		taken := false
		if err == nil {
			taken, err = w.undone.has(c)
		}
		switch {
		case err != nil:
		case taken:
			t.Gone++
		case t.why != "":
			w.keep(t, c.Key, t.why)
		case c.Kind != journal.Insert:
			err = w.c.Exec("INSERT INTO temp.seedkit_edits(place, tbl) VALUES(?, ?)",
				c.Place, slices.Index(w.tables, t))
		case len(t.Key) == 0:
			err = w.noteUnnamed(t, c.Hash)
		default:
			err = w.gatherRow(t, c)
		}
		if err != nil {
			return err
		}
	}
	for _, t := range w.tables {
		if t.unnamed != "" {
			if err := w.gatherUnnamed(t); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	whyChanged = "it was changed since"
	whyGone    = "it was deleted since"
)

func (w *takingBack) gatherRow(t *undoTable, c journal.Change) error {
	f, err := t.finder(w.c, t.Columns)
	if err != nil {
		return err
	}
	id, state, err := f.Find(c.Key, c.Hash)
	switch {
	case err != nil:
	case state == journal.Gone:
		t.Gone++
	case state == journal.Changed:
		w.keep(t, c.Key, whyChanged)
	default:
		err = t.doom.Exec(sqlite.Args(id)...)
	}
	return err
}

// table returns the table of the present schema, and prepares its notes.
func (w *takingBack) table(of *journal.Table) (*undoTable, error) {
	i := slices.IndexFunc(w.tables, func(t *undoTable) bool { return t.Table.Name == of.Name })
	if i >= 0 {
		return w.tables[i], nil
	}
	t := &undoTable{
		Table: of, there: w.there.Table(of.Name), finders: map[string]*journal.Finder{},
		UndoTable: UndoTable{Table: of.Name},
	}
	w.tables = append(w.tables, t)
	switch {
	case t.there == nil:
		t.why = "the table is gone"
		return t, nil
	case !of.Is(t.there):
		t.why = "the table has other columns since"
		return t, nil
	}
	if t.id = journal.Identity(t.there); len(t.id) == 0 {
		t.why = "nothing tells the table's rows apart"
		return t, nil
	}
	return t, w.prepare(t)
}

func (w *takingBack) prepare(t *undoTable) (err error) {
	t.doomed = fmt.Sprintf("temp.seedkit_undo%d", len(w.tables))
	columns := strings.Join(t.idColumns(""), ", ")
	if t.there.RowidName() != "" {
		columns = "id0 INTEGER PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0"
	} else {
		columns += ", held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(" + columns + ")"
	}
	if err := w.c.Exec(fmt.Sprintf("CREATE TABLE %s(%s)", t.doomed, columns)); err != nil {
		return err
	}
	t.doom, err = w.c.PrepareOne(fmt.Sprintf("INSERT OR IGNORE INTO %s(%s) VALUES(?%s)",
		t.doomed, strings.Join(t.idColumns(""), ", "), strings.Repeat(", ?", len(t.id)-1)))
	return err
}

// idColumns returns the columns of the notes that have the identity of a row, after a prefix.
func (t *undoTable) idColumns(prefix string) []string {
	names := make([]string, len(t.id))
	for i := range names {
		names[i] = fmt.Sprintf("%sid%d", prefix, i)
	}
	return names
}

// isDoomed returns the condition that the row with the given name in a query is the note with the
// other name.
func (t *undoTable) isDoomed(row, note string) string {
	conditions := make([]string, len(t.id))
	for i, column := range t.idColumns(note + ".") {
		conditions[i] = fmt.Sprintf("%s.%s = %s", row, t.id[i], column)
	}
	return strings.Join(conditions, " AND ")
}

// finder returns the finder of rows by their hashes over columns.
func (t *undoTable) finder(c *sqlite.Conn, columns []string) (*journal.Finder, error) {
	name := strings.Join(columns, "\x00")
	if f := t.finders[name]; f != nil {
		return f, nil
	}
	f, err := journal.NewFinder(c, t.Table, t.there, columns)
	if err == nil {
		t.finders[name] = f
	}
	return f, err
}

// keep counts a row that stays.
func (w *takingBack) keep(t *undoTable, key []sqlite.Value, why string) {
	t.Kept++
	w.kept = appendListed(w.kept, KeptRow{
		Table: t.Table.Name, Row: assignments(t.Key, keyTexts(t.Key, key)), Why: why,
	})
}

// fires notes triggers that the undo fires.
func (w *takingBack) fires(t *undoTable, event string) {
	for _, trigger := range triggersOn(t.there, event) {
		if !slices.Contains(w.triggers, trigger) {
			w.triggers = append(w.triggers, trigger)
		}
	}
}

// tableName returns the quoted name of the table of the main database.
func (t *undoTable) tableName() string { return "main." + sqltext.QuoteIdent(t.there.Name) }
