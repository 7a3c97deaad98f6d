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

// Same returns nil if the tables of a database hold exactly the rows that the script inserts, in
// the script's order. It reads the script again. [ErrCannot] means that they differ, or that only a
// replay can tell.
func (t *Transcript) Same(
	c *sqlite.Conn, tables []*schema.Table, script iter.Seq2[load.Part, error],
) error {
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
			return ErrCannot // the table is left out, or its rows are in two pieces
		}
		delete(left, there.Name)
		err = r.compare(scan.New(c, scan.DecodeLarge).Rows(rowdiff.Query(there)))
	}
	if err != nil {
		return err
	}
	for _, table := range left {
		for _, err := range rowdiff.Scan(c, table) {
			// The table has a row that the script does not insert.
			return errors.Join(err, ErrCannot)
		}
	}
	return nil
}

// reader reads the rows of a script, one table after another.
type reader struct {
	tables map[string]*table // By the name that the script writes.
	kept   map[string]bool   // Tables whose rows do not belong to the app.
	parts  func() (load.Part, error, bool)
	rows   *load.Rows // The next rows; nil after the last.
	table  *table     // The table of the next rows.
}

// next reads the next rows of a table that belongs to the app.
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

// compare compares the rows of the next table with the rows in the database. It then reads the
// first rows of the table after it.
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

// stores reports whether the table is known to store a row of the script as the row that is in the
// database.
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
