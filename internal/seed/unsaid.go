package seed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// unsaid knows which columns the INSERTs of a script left to their defaults,
// row by row, in little memory: as long as all INSERTs into a table leave out
// the same, that is all there is to know. From then on a trigger of the scratch
// database notes each row by its key in a temporary table beside the row's own.
type unsaid struct {
	c        *sqlite.Conn
	schema   *schema.Schema // as it was last read, nil if it may have changed
	tables   []*unsaidTable // into which an INSERT did not give all columns by their order
	now      unsaidSet      // of the rows that are inserted
	triggers bool           // the script has made some, which may insert rows of their own
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
	sets  [][]bool // of the stored columns, those that an INSERT left out; they are numbered from 1 on
	all   int      // the number of the set that all rows leave out, as long as none is noted
	key   []string // by which a row is noted, as SQL; nil before one is
}

// The names of temporary objects, which no app's table has.
const (
	unsaidPrefix = "seedkit: "
	unsaidNow    = unsaidPrefix + "the set of the rows that are inserted"
)

func newUnsaid(c *sqlite.Conn) (*unsaid, error) {
	u := &unsaid{c: c}
	const now = "CREATE TEMP TABLE %s(name, id); INSERT INTO %[1]s VALUES ('', 0)"
	return u, c.ExecScript(fmt.Sprintf(now, quote(unsaidNow)))
}

// begin says that rows of the given columns, nil for all, are inserted next.
// It reports whether it has made a trigger.
func (u *unsaid) begin(table string, columns []string) (made bool, err error) {
	t := u.find(table)
	if t == nil && columns != nil {
		t, err = u.open(table, columns)
	}
	if t == nil || err != nil {
		return false, err
	}
	var next unsaidSet
	if number := t.set(columns); number > 0 {
		next = unsaidSet{table: t.table.Name, number: number}
	}
	if t.key == nil {
		if next.number == t.all && (t.all == 0 || !u.triggers) {
			return false, nil
		}
		if err := u.note(t); err != nil {
			return false, err
		}
		made = true
	}
	if next == u.now {
		return made, nil
	}
	u.now = next
	update := fmt.Sprintf("UPDATE temp.%s SET name = ?, id = ?", quote(unsaidNow))
	return made, u.c.Exec(update, next.table, int64(next.number))
}

// find returns the table of that name, if it is known.
func (u *unsaid) find(name string) *unsaidTable {
	for _, t := range u.tables {
		if strings.EqualFold(t.table.Name, name) {
			return t
		}
	}
	return nil
}

// open makes the table of that name known, nil if there is none. Rows that are
// there already leave out nothing.
func (u *unsaid) open(name string, columns []string) (*unsaidTable, error) {
	if u.schema == nil {
		var err error
		if u.schema, err = schema.Read(u.c); err != nil {
			return nil, err
		}
	}
	t := &unsaidTable{table: u.schema.Table(name)}
	if t.table == nil {
		return nil, nil
	}
	filled, err := u.c.Int64(fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM main.%s)", quote(t.table.Name)))
	if err != nil {
		return nil, err
	}
	if filled == 0 {
		t.all = t.set(columns)
	}
	u.tables = append(u.tables, t)
	return t, nil
}

// set returns the number of the set of columns that an INSERT leaves out, 0 if
// it gives all of them but the rowid's alias: the number that this gets is
// that of a row of the script's own.
func (t *unsaidTable) set(columns []string) int {
	if columns == nil || t.table.RowidName() == "" && !t.table.WithoutRowid { // nothing names its rows
		return 0
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

// note makes the table in which rows are noted, and what notes them from now
// on.
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
	return u.c.ExecScript(fmt.Sprintf(`CREATE TEMP TABLE %[1]s AS SELECT %[2]s, %[10]d AS id FROM main.%[3]s WHERE %[10]d > 0;
		CREATE UNIQUE INDEX temp.%[4]s ON %[1]s(%[5]s);
		CREATE TEMP TRIGGER %[1]s AFTER INSERT ON main.%[3]s BEGIN
			DELETE FROM %[1]s WHERE %[6]s;
			INSERT INTO %[1]s SELECT %[7]s, id FROM %[8]s WHERE name = %[9]s;
		END`, notes, strings.Join(names, ", "), quote(t.table.Name), quote(t.notes()+", by key"),
		t.keys(), strings.Join(match, " AND "), strings.Join(news, ", "), quote(unsaidNow),
		sqltext.AppendPortableText(nil, []byte(t.table.Name)), t.all))
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

// forget is for when the tables may be others from now on. Into those that are
// no row was inserted.
func (u *unsaid) forget() {
	u.schema = nil
	u.tables = slices.DeleteFunc(u.tables, func(t *unsaidTable) bool { return t.key == nil && t.all == 0 })
}

// noteAll is for when the script makes a trigger, which may insert rows that
// leave out something else than the script's.
func (u *unsaid) noteAll() error {
	u.triggers = true
	for _, t := range u.tables {
		if t.key == nil && t.all > 0 {
			if err := u.note(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeSchema prepares what is noted of the rows for a statement of that kind.
func (p *player) changeSchema(kind sqltext.Kind) error {
	if p.unsaid == nil {
		return nil
	}
	p.unsaid.forget()
	if kind == sqltext.KindCreateTrigger {
		return p.unsaid.noteAll()
	}
	return nil
}

// noteUnsaid notes which columns the rows that are inserted next leave out.
func (p *player) noteUnsaid(table string, columns []string) error {
	if p.unsaid == nil {
		return nil
	}
	made, err := p.unsaid.begin(table, columns)
	if made {
		p.loader.Close()
	}
	return err
}

// noteUnsaidIn is noteUnsaid for a table that is named with its schema, or with
// none. Rows of temporary tables are no seed.
func (p *player) noteUnsaidIn(schema, table string, columns []string) error {
	if strings.EqualFold(schema, "temp") {
		columns = nil
	}
	return p.noteUnsaid(table, columns)
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
