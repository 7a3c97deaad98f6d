package transcribe

import (
	"errors"
	"iter"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Same reports whether the tables of a database hold the rows that the script
// inserts, in the script's order, and no others. The script is read again for
// that. [ErrCannot] means that they differ, or that only a replay can tell.
func (t *Transcript) Same(c *sqlite.Conn, tables []*schema.Table, script iter.Seq2[load.Part, error]) error {
	r := &reader{tables: t.tables, kept: t.kept}
	var stop func()
	r.parts, stop = iter.Pull2(script)
	defer stop()
	left := map[string]*schema.Table{}
	for _, table := range tables {
		left[table.Name] = table
	}
	err := r.next()
	for err == nil && r.rows != nil {
		there := left[r.table.name]
		if there == nil {
			return ErrCannot // the rows come in two pieces, or the table is left out
		}
		delete(left, there.Name)
		err = r.compare(scan.New(c, scan.DecodeLarge).Rows(rowdiff.Query(there)))
	}
	if err != nil {
		return err
	}
	for _, table := range left {
		for _, err := range rowdiff.Scan(c, table) {
			return errors.Join(err, ErrCannot) // it has a row that the script does not insert
		}
	}
	return nil
}

// reader reads the rows of a script, table by table.
type reader struct {
	tables map[string]*table // by name as the script writes it
	kept   map[string]bool   // tables whose rows are not the app's
	parts  func() (load.Part, error, bool)
	rows   *load.Rows // the next rows; nil after the last
	table  *table     // of the next rows
}

// next goes on to the next rows of a table of the app's.
func (r *reader) next() error {
	for {
		part, err, ok := r.parts()
		r.rows = part.Rows
		switch {
		case err != nil || !ok:
			return err
		case part.Rows == nil && part.Statement.Kind() == sqltext.KindInsert:
			return ErrCannot
		case part.Rows == nil:
			continue
		}
		r.table = r.tables[part.Rows.Table]
		switch {
		case r.kept[part.Rows.Table]:
			continue
		case r.table == nil, part.Rows.Width() != len(r.table.columns),
			!r.table.hasColumns(part.Rows.Columns):
			return ErrCannot
		}
		return nil
	}
}

// compare compares the next table's rows with those that are there, and goes
// on to the table after it.
func (r *reader) compare(there iter.Seq2[[]scan.Value, error]) error {
	t, at := r.table, 0
	for row, err := range there {
		if err == nil && at == r.rows.Len() {
			at, err = 0, r.next()
		}
		switch {
		case err != nil:
			return err
		case r.rows == nil, r.table != t, !t.stores(r.rows, at, row):
			return ErrCannot
		}
		at++
	}
	if at < r.rows.Len() {
		return ErrCannot
	}
	return r.next()
}

// stores reports whether the table is known to store a row of the script as
// the row that is there.
func (t *table) stores(rows *load.Rows, at int, there []scan.Value) bool {
	if len(there) != len(t.columns) {
		return false
	}
	for k := range t.columns {
		v, column := rows.Value(at, k), &t.columns[k]
		if !column.takes.has(v.Type) || !column.stores.as(v, &there[k]) {
			return false
		}
	}
	return true
}
