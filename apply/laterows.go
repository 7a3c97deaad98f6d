package apply

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// lateRows keeps the identities of inserted rows whose values are known only at the end of the
// transaction: defaults and triggers make them.
type lateRows struct {
	c       *sqlite.Conn
	scratch *sqlite.Conn // nil before the first row
	tables  []*lateTable
	rowid   *sqlite.Stmt
}

type lateTable struct {
	of    *loggedTable
	name  string // in the scratch database
	store *sqlite.Stmt
}

func (l *lateRows) close() {
	for _, t := range l.tables {
		t.store.Close()
	}
	if l.rowid != nil {
		l.rowid.Close()
	}
	if l.scratch != nil {
		l.scratch.Close()
	}
}

// add keeps the row that was inserted last. It has the given values in columns.
func (l *lateRows) add(of *loggedTable, columns []string, row []sqlite.Value) error {
	t, err := l.table(of)
	if err != nil {
		return err
	}
	if of.there.RowidName() == "" {
		at, ok := schema.Positions(columns, of.there.Key())
		if !ok {
			return fmt.Errorf("the journal cannot name a row of %s: its key is a default", of.Name)
		}
		return t.store.Exec(sqlite.Args(sqlite.Pick(row, at))...)
	}
	for last, err := range l.rowid.Rows() {
		if err != nil {
			return err
		}
		return t.store.Exec(last.Value(0))
	}
	return nil
}

func (l *lateRows) table(of *loggedTable) (t *lateTable, err error) {
	if n := len(l.tables); n > 0 && l.tables[n-1].of == of {
		return l.tables[n-1], nil
	}
	if l.scratch == nil {
		if err := l.open(); err != nil {
			return nil, err
		}
	}
	t = &lateTable{of: of, name: fmt.Sprintf("late%d", len(l.tables))}
	columns := make([]string, len(journal.Identity(of.there)))
	for i := range columns {
		columns[i] = fmt.Sprintf("c%d", i)
	}
	err = l.scratch.Exec(fmt.Sprintf("CREATE TABLE %s(%s)", t.name, strings.Join(columns, ", ")))
	if err != nil {
		return nil, err
	}
	t.store, err = l.scratch.PrepareOne(fmt.Sprintf("INSERT INTO %s VALUES(?%s)",
		t.name, strings.Repeat(", ?", len(columns)-1)))
	if err == nil {
		l.tables = append(l.tables, t)
	}
	return t, err
}

func (l *lateRows) open() (err error) {
	if l.rowid, err = l.c.PrepareOne("SELECT last_insert_rowid()"); err != nil {
		return err
	}
	if l.scratch, err = seed.OpenScratch(l.c.Context()); err != nil {
		return err
	}
	return l.scratch.Exec("BEGIN")
}

// each reads each row that is still there, and passes it on.
func (l *lateRows) each(pass func(of *loggedTable, stored []sqlite.Value) error) error {
	for _, t := range l.tables {
		for id, err := range l.scratch.Query("SELECT * FROM " + t.name + " ORDER BY rowid") {
			if err != nil {
				return err
			}
			stored, err := readRow(l.c, t.of, id.Values())
			if err == nil && stored != nil {
				err = pass(t.of, stored)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// equals returns the condition that quoted columns have the values of parameters.
func equals(quoted []string) string {
	return strings.Join(quoted, " = ? AND ") + " = ?"
}
