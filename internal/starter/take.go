package starter

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// mostReference is the greatest number of rows of a table for the set reference.
const mostReference = 300

// A taker takes rows that are there.
type taker struct {
	c         *sqlite.Conn
	reference map[*model.Table]bool // the tables of the set reference
	stored    map[*model.Table]*storedTable
	lookups   map[*model.ForeignKey]*sqlite.Stmt
	rows      map[*model.Table][]*row
	found     map[reference]*row
	names     map[*model.Table]map[string]bool // in lower case
	secrets   map[string]bool                  // the columns whose values are left out
	without   map[Source]bool                  // the rows that are left out
	taken     map[Source]*row
	sources   map[string]Source // of the rows that are taken, by path
	trial     []*row            // the rows that are taken if no row among them needs another one
	leftOut   []string          // Options.LeaveOut
	passed    map[PassedOver]int64
	emptied   map[string]int64 // the references that became NULL, as TABLE.COLUMN
}

// A storedTable is a table of the database that is read.
type storedTable struct {
	columns []int    // the columns that are read
	names   []string // their names, in quotes
	by      []string // the columns that identify a row, in quotes
	order   string
	limit   int  // the greatest number of rows to take
	done    bool // all rows were looked at
}

// A row is a row that is there.
type row struct {
	table  *model.Table
	name   string
	source Source
	values []value // by column
	// emptied are columns of foreign keys that became NULL, because the other row is not taken.
	emptied []int
}

// A value is a value of a row. Not every column has one.
type value struct {
	sqlite.Value
	given  bool
	parent *row // the row to which the column alone refers, if that is taken
}

func newTaker() *taker {
	return &taker{
		reference: map[*model.Table]bool{}, stored: map[*model.Table]*storedTable{},
		lookups: map[*model.ForeignKey]*sqlite.Stmt{},
		rows:    map[*model.Table][]*row{}, found: map[reference]*row{},
		names: map[*model.Table]map[string]bool{}, secrets: map[string]bool{},
		without: map[Source]bool{}, taken: map[Source]*row{}, sources: map[string]Source{},
		passed: map[PassedOver]int64{}, emptied: map[string]int64{},
	}
}

// takeReference takes the rows that the schema's scripts insert, as far as a key identifies them:
// the rest is in the scripts.
func (t *taker) takeReference(scripts *sqlite.Conn, tables []*model.Table) error {
	t.c = scripts
	for _, table := range tables {
		if !t.reference[table] || isPure(table) {
			continue
		}
		t.stored[table] = readStored(table, table.Schema, mostReference)
		if err := t.take(table); err != nil {
			return err
		}
		for _, r := range t.rows[table] {
			r.keepKey(table)
		}
	}
	return nil
}

// keepKey drops the values of a row that do not identify it. The primary key identifies a row only
// if no other key does.
func (r *row) keepKey(table *model.Table) {
	var key []int
	for _, u := range table.Uniques {
		_, whole := keyOf(r, u.Columns)
		primary := table.Columns[u.Columns[0]].Primary
		if whole && u.Within == "" && (key == nil || !primary) {
			key = u.Columns
			if !primary {
				break
			}
		}
	}
	for i := range r.values {
		r.values[i].given = r.values[i].given && (key == nil || slices.Contains(key, i))
	}
}

// takeFrom takes rows of a database: all rows for the set reference, and at most limit sample rows
// of a table. It takes no row without the rows to which that row refers.
func (t *taker) takeFrom(
	ctx context.Context, path string, tables []*model.Table, limit int,
) error {
	c, there, err := openFrom(ctx, path)
	if err != nil {
		return err
	}
	defer c.Close()
	defer t.closeLookups()
	t.c = c
	for _, table := range tables {
		most := limit
		if t.reference[table] {
			most = mostReference
		}
		if stored := there.Table(table.Name); stored != nil {
			t.stored[table] = readStored(table, stored, most)
		}
	}
	for _, table := range tables {
		if err := t.take(table); err != nil {
			return fmt.Errorf("%s: read table %s: %w", path, table.Name, err)
		}
	}
	t.closeLookups()
	return c.Close()
}

func (t *taker) closeLookups() {
	for _, stmt := range t.lookups {
		stmt.Close()
	}
}

// readStored returns how to read a table, or nil if it has none of the wanted columns.
func readStored(table *model.Table, stored *schema.Table, limit int) *storedTable {
	s := &storedTable{limit: limit}
	for _, column := range table.Columns {
		if _, ok := stored.Column(column.Name); ok && !isSecret(column) {
			s.columns = append(s.columns, column.Index)
			s.names = append(s.names, quote(column.Name))
		}
	}
	if len(s.columns) == 0 {
		return nil
	}
	for i, name := range stored.Key() {
		s.by = append(s.by, quote(name))
		s.order += [...]string{" ORDER BY ", ", "}[min(i, 1)] + quote(name)
	}
	if rowid := stored.RowidName(); rowid != "" {
		s.by = []string{rowid}
	} else if s.by == nil {
		s.by = s.names
	}
	return s
}

// query returns the beginning of a query of rows: first the columns that identify a row.
func (s *storedTable) query(table *model.Table) string {
	return "SELECT " + strings.Join(s.by, ", ") + ", " + strings.Join(s.names, ", ") + " FROM " +
		quote(table.Name)
}

// read returns the row that a query has found.
func (s *storedTable) read(table *model.Table, stmt *sqlite.Stmt) *row {
	r := &row{table: table, values: make([]value, len(table.Columns))}
	var key []byte
	for at := range s.by {
		key = stmt.Value(at).AppendKey(key)
	}
	r.source = Source{table.Name, string(key)}
	for at, i := range s.columns {
		r.values[i] = value{Value: stmt.Value(len(s.by) + at), given: true}
	}
	return r
}

// take takes rows of a table up to its limit, in the order of the table's key.
func (t *taker) take(table *model.Table) error {
	stored := t.stored[table]
	if stored == nil {
		return nil
	}
	for stmt, err := range t.c.Query(stored.query(table) + stored.order) {
		if err != nil {
			return err
		}
		if len(t.rows[table]) >= stored.limit {
			break
		}
		r := stored.read(table, stmt)
		if t.taken[r.source] != nil || t.without[r.source] {
			continue
		}
		if why, err := t.try(r); err != nil {
			return err
		} else if why != nil {
			t.passed[*why]++
		}
	}
	stored.done = true
	return nil
}

// isSecret reports whether a file must not have the values of a column. A key is no secret, because
// other rows refer to it.
func isSecret(c *model.Column) bool {
	return schema.IsSecret(c.Name) && c.Key == nil && !c.Primary
}

// isText reports whether the texts of a row are in UTF-8, so that a file can have them.
func isText(r *row) bool {
	return !slices.ContainsFunc(r.values, func(v value) bool {
		return v.given && v.Kind() == sqlite.Text && !utf8.ValidString(v.Data())
	})
}

// add names a row, and makes it known as a row that is taken.
func (t *taker) add(r *row) {
	table := r.table
	r.name = t.nameOf(table, r)
	t.taken[r.source] = r
	t.sources[table.Name+"/"+r.name] = r.source
	t.rows[table] = append(t.rows[table], r)
	for _, column := range table.Columns {
		if isSecret(column) {
			t.secrets[table.Name+"."+column.Name] = true
		}
	}
	for _, i := range r.emptied {
		t.emptied[table.Name+"."+table.Columns[i].Name]++
	}
	for ref := range keysOf(r) {
		t.found[ref] = r
	}
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
