package dump

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// rows writes a table's rows, one INSERT each: decoded from its pages if that
// is faster and gives the same, else as SQLite reads them.
func (d *dumper) rows(t table) error {
	query, err := d.rowQuery(t.name)
	if err != nil {
		return err
	}
	s, err := d.conn.PrepareOne(query)
	if err != nil {
		return err
	}
	defer s.Close()
	insert := d.insertHead(t.name, s)
	if decoded, err := d.decode(t, query, insert); decoded || err != nil {
		return err
	}
	return d.pageOf(d.selectRows(s, insert), t.name)
}

func (d *dumper) selectRows(s *sqlite.Stmt, insert []byte) error {
	for row, err := range s.Rows() {
		if err != nil {
			return err
		}
		if d.out.err != nil {
			break
		}
		d.out.row(insert, row)
		d.progress.Rows++
	}
	return nil
}

// pageOf adds to an error which SQLite has with a corrupt table what that is,
// and on which page: SQLite says so only if it is asked to check the table.
func (d *dumper) pageOf(err error, table string) error {
	if !sqlite.Is(err, sqlite.Corrupt) {
		return err
	}
	found, checkErr := d.conn.Value("SELECT quick_check FROM pragma_quick_check(?) LIMIT 1", table)
	if checkErr != nil || found.Data() == "ok" {
		return err
	}
	lines := strings.Split(found.Data(), "\n") // the first of several says which database
	return fmt.Errorf("%w: %s", err, lines[min(1, len(lines)-1)])
}

// rowQuery selects what the shell selects. It has no ORDER BY: SQLite reads a
// table in the order of its rowids or keys, or an index in its own order if
// that holds all that is asked for and is narrower.
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

// columns returns the names of a table's columns but for the generated and
// hidden ones, and whether one of them is an alias of the rowid.
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
	// An INTEGER PRIMARY KEY DESC and that of a WITHOUT ROWID table are no
	// aliases: they have an index.
	for row, err := range d.conn.Query("PRAGMA index_list(" + sqltext.Ident(table) + ")") {
		if err != nil {
			return nil, false, err
		}
		rowidAlias = rowidAlias && row.Text(3) != "pk"
	}
	return names, rowidAlias, nil
}

// rowidName returns the name that reads the rowid of a table: none if all
// three belong to columns, or if it has no rowid.
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

// insertHead returns the INSERT up to the first value.
func (d *dumper) insertHead(table string, s *sqlite.Stmt) []byte {
	name := sqltext.Ident(table)
	if table == "" {
		name = "tab" // the shell's word for a table that is called ""
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
