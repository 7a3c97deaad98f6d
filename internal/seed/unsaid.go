package seed

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// unsaid knows which columns the INSERTs of a script left to their defaults,
// row by row. A trigger of the scratch database notes each such row by its key
// in a temporary table beside the row's own, so that no memory is needed for
// the rows.
type unsaid struct {
	c      *sqlite.Conn
	schema *schema.Schema          // as it was last read, nil if it may have changed
	tables map[string]*unsaidTable // by name as a script writes it
	now    unsaidSet               // of the rows that are inserted
}

// unsaidSet is a set of columns: of that number in the table's list, or 0 for
// none.
type unsaidSet struct {
	table  string
	number int
}

// unsaidTable is what the INSERTs of one table left out.
type unsaidTable struct {
	table *schema.Table
	key   []string // by which a row is noted, as SQL; nil before one is
	sets  [][]bool // of the stored columns, those that an INSERT left out; rows are noted with the number of theirs, from 1 on
}

// The names of temporary objects, which no app's table has.
const (
	unsaidPrefix = "seedkit: "
	unsaidNow    = unsaidPrefix + "the set of the rows that are inserted"
)

func newUnsaid(c *sqlite.Conn) (*unsaid, error) {
	u := &unsaid{c: c, tables: map[string]*unsaidTable{}}
	return u, c.ExecScript(fmt.Sprintf("CREATE TEMP TABLE %s(name, id); INSERT INTO %[1]s VALUES ('', 0)", quote(unsaidNow)))
}

// begin says that rows of the given columns, nil for all, are inserted next.
// It reports whether it has made a trigger.
func (u *unsaid) begin(table string, columns []string) (made bool, err error) {
	var next unsaidSet
	if columns != nil {
		if next, made, err = u.choose(table, columns); err != nil {
			return false, err
		}
	}
	if next == u.now {
		return made, nil
	}
	u.now = next
	return made, u.c.Exec(fmt.Sprintf("UPDATE temp.%s SET name = ?, id = ?", quote(unsaidNow)), next.table, int64(next.number))
}

func (u *unsaid) choose(table string, columns []string) (set unsaidSet, made bool, err error) {
	t, err := u.open(table)
	if t == nil || err != nil {
		return set, false, err
	}
	number := t.set(columns)
	if number == 0 {
		return set, false, nil
	}
	if made = t.key == nil; made {
		err = u.note(t)
	}
	return unsaidSet{t.table.Name, number}, made, err
}

// open returns the table of that name, nil if there is none.
func (u *unsaid) open(name string) (*unsaidTable, error) {
	if t := u.tables[name]; t != nil {
		return t, nil
	}
	if u.schema == nil {
		var err error
		if u.schema, err = schema.Read(u.c); err != nil {
			return nil, err
		}
	}
	table := u.schema.Table(name)
	if table == nil {
		return nil, nil
	}
	for _, t := range u.tables {
		if t.table.Name == table.Name {
			u.tables[name] = t
			return t, nil
		}
	}
	t := &unsaidTable{table: table}
	u.tables[name] = t
	return t, nil
}

// set returns the number of the set of columns that an INSERT leaves out, 0 if
// it gives all of them but the rowid's alias: the number that this gets is
// that of a row of the script's own.
func (t *unsaidTable) set(columns []string) int {
	if t.table.RowidName() == "" && !t.table.WithoutRowid {
		return 0 // nothing names its rows
	}
	stored := t.table.Stored()
	given, _ := schema.Positions(stored, columns)
	left := make([]bool, len(stored))
	for i, name := range stored {
		left[i] = name != t.table.RowidAlias && !slices.Contains(given, i)
	}
	if !slices.Contains(left, true) {
		return 0
	}
	i := slices.IndexFunc(t.sets, func(set []bool) bool { return slices.Equal(set, left) })
	if i < 0 {
		i, t.sets = len(t.sets), append(t.sets, left)
	}
	return i + 1
}

// note makes the table in which rows are noted, and what notes them.
func (u *unsaid) note(t *unsaidTable) error {
	for _, column := range t.table.PrimaryKey {
		t.key = append(t.key, quote(column))
	}
	if rowid := t.table.RowidName(); rowid != "" {
		t.key = []string{rowid}
	}
	var names, news, match []string
	for i, column := range t.key {
		names = append(names, fmt.Sprintf("%s AS k%d", column, i))
		news = append(news, "new."+column)
		match = append(match, fmt.Sprintf("k%d = new.%s", i, column))
	}
	notes := quote(t.notes())
	return u.c.ExecScript(fmt.Sprintf(`CREATE TEMP TABLE %[1]s AS SELECT %[2]s, 0 AS id FROM main.%[3]s WHERE 0;
		CREATE UNIQUE INDEX temp.%[4]s ON %[1]s(%[5]s);
		CREATE TEMP TRIGGER %[1]s AFTER INSERT ON main.%[3]s BEGIN
			DELETE FROM %[1]s WHERE %[6]s;
			INSERT INTO %[1]s SELECT %[7]s, id FROM %[8]s WHERE name = %[9]s;
		END`, notes, strings.Join(names, ", "), quote(t.table.Name), quote(t.notes()+", by key"),
		t.keys(), strings.Join(match, " AND "), strings.Join(news, ", "), quote(unsaidNow),
		sqltext.AppendPortableText(nil, []byte(t.table.Name))))
}

func (t *unsaidTable) notes() string { return unsaidPrefix + "left out of " + t.table.Name }

// keys lists the columns of the notes that hold a row's key.
func (t *unsaidTable) keys() string {
	var keys []string
	for i := range t.key {
		keys = append(keys, fmt.Sprintf("k%d", i))
	}
	return strings.Join(keys, ", ")
}

// forget is for when the tables may be others from now on. Nothing was
// inserted into those that are.
func (u *unsaid) forget() {
	u.schema = nil
	for name, t := range u.tables {
		if t.key == nil {
			delete(u.tables, name)
		}
	}
}

// Row is a row of a seed.
type Row struct {
	Values []sqlite.Value // of the table's stored columns
	Unsaid []bool         // those whose value a default gave; nil if none
}

// HasUnsaid reports whether the seed is a script that left columns of the
// table to their defaults, and was told to note it.
func (s *Seed) HasUnsaid(t *schema.Table) bool { return s.unsaidOf(t) != nil }

func (s *Seed) unsaidOf(t *schema.Table) *unsaidTable {
	if s.unsaid == nil {
		return nil
	}
	for _, u := range s.unsaid.tables {
		if u.table.Name == t.Name && u.key != nil {
			return u
		}
	}
	return nil
}

// UnsaidSets returns the sets of stored columns that rows of the table leave
// to their defaults.
func (s *Seed) UnsaidSets(t *schema.Table) [][]bool {
	if u := s.unsaidOf(t); u != nil {
		return u.sets
	}
	return nil
}

// Rows yields the rows of a table, in the order in which the seed keeps them.
func (s *Seed) Rows(t *schema.Table) iter.Seq2[Row, error] {
	if u := s.unsaidOf(t); u != nil {
		return s.notedRows(t, u)
	}
	return func(yield func(Row, error) bool) {
		for values, err := range rowdiff.Scan(s.Conn, t) {
			if !yield(Row{Values: values}, err) {
				return
			}
		}
	}
}

// notedRows yields rows of a table of which some have unsaid columns.
func (s *Seed) notedRows(t *schema.Table, u *unsaidTable) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var match, columns []string
		for i, column := range u.key {
			match = append(match, fmt.Sprintf("n.k%d = t.%s", i, column))
		}
		stored := t.Stored()
		for _, name := range stored {
			columns = append(columns, "t."+quote(name))
		}
		sql := fmt.Sprintf("SELECT %s, n.id FROM main.%s t NOT INDEXED LEFT JOIN temp.%s n ON %s",
			strings.Join(columns, ", "), quote(t.Name), quote(u.notes()), strings.Join(match, " AND "))
		for row, err := range s.Conn.Query(sql) {
			if err != nil {
				yield(Row{}, fmt.Errorf("read table %s: %w", t.Name, err))
				return
			}
			values := row.Values()
			out := Row{Values: values[:len(stored)]}
			if id := values[len(stored)]; !id.IsNull() {
				out.Unsaid = u.sets[id.Int64()-1]
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
