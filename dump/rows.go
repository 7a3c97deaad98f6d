package dump

import (
	"errors"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// rows writes every row of a table as one INSERT.
func (d *dumper) rows(t table) error {
	query, err := d.rowQuery(t.name)
	if err != nil {
		return err
	}
	s, err := d.conn.PrepareOne(query)
	if err != nil {
		return err
	}
	insert := d.insertHead(t.name, s)
	s.Close()
	format := func(text *scan.Buffer, row []scan.Value) { appendInsert(text, insert, row) }
	write := func(text []byte, rows int64) error {
		d.progress.Rows += rows
		return d.out.append(text)
	}
	return d.scanner.Text(scan.Query{Table: t.name, SQL: query}, format, write)
}

// rowQuery returns the shell's query. It has no ORDER BY. SQLite reads the table in the order of
// its rowids or keys, or it reads an index in its order if the index has all the columns and is
// narrower.
func (d *dumper) rowQuery(table string) (string, error) {
	columns, rowidAlias, err := d.columns(table)
	if err != nil {
		return "", err
	}
	if len(columns) == 0 {
		return "", errors.New("no column to read")
	}
	var selected []string
	if d.opts.PreserveRowids && !rowidAlias {
		selected = d.rowidName(table, columns)
	}
	for _, c := range columns {
		selected = append(selected, sqltext.Ident(c))
	}
	return "SELECT " + strings.Join(selected, ",") + " FROM " + sqltext.Ident(table), nil
}

// columns returns the names of a table's columns, without generated and hidden ones, and whether
// one of them is an alias of the rowid.
func (d *dumper) columns(table string) (names []string, rowidAlias bool, err error) {
	keys := 0
	for row, err := range d.conn.Query("PRAGMA table_info(" + sqltext.Ident(table) + ")") {
		if err != nil {
			return nil, false, err
		}
		names = append(names, row.Text(1))
		if row.Bool(5) {
			keys++
			rowidAlias = keys == 1 && strings.EqualFold(row.Text(2), "INTEGER")
		}
	}
	if !rowidAlias {
		return names, false, nil
	}
	// The keys INTEGER PRIMARY KEY DESC and INTEGER PRIMARY KEY of a WITHOUT ROWID table are not
	// aliases. They have an index.
	for row, err := range d.conn.Query("PRAGMA index_list(" + sqltext.Ident(table) + ")") {
		if err != nil {
			return nil, false, err
		}
		rowidAlias = rowidAlias && row.Text(3) != "pk"
	}
	return names, rowidAlias, nil
}

// rowidName returns the name that reads the rowid of a table. It returns none if all three names
// belong to columns or if the table has no rowid.
func (d *dumper) rowidName(table string, columns []string) []string {
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, name) }) {
			continue
		}
		s, err := d.conn.PrepareOne("SELECT " + name + " FROM " + sqltext.Ident(table))
		if err != nil {
			return nil
		}
		s.Close()
		return []string{name}
	}
	return nil
}

// insertHead returns the INSERT up to its first value.
func (d *dumper) insertHead(table string, s *sqlite.Stmt) []byte {
	name := sqltext.Ident(table)
	if table == "" && d.opts.For != D1 {
		name = "tab" // the shell's name for a table with the name ""
	}
	head := "INSERT INTO " + name
	if d.opts.PreserveRowids {
		columns := make([]string, s.Columns())
		for i := range columns {
			columns[i] = sqltext.Ident(s.ColumnName(i))
		}
		head += "(" + strings.Join(columns, ",") + ")"
	}
	return []byte(head + " VALUES(")
}
