package seed

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// unsaid records for each row which columns a script's INSERT left to their defaults, and which
// have values that were looked up in the target. It needs little memory: while all INSERTs into a
// table have the same such columns, it records only these columns. From the first INSERT on that
// has others, a trigger in the scratch database notes each row by its key in a temporary table.
type unsaid struct {
	c      *sqlite.Conn
	schema *schema.Schema // The last schema that was read; nil if it may have changed.
	// tables holds each table for which an INSERT has named its columns.
	tables   []*unsaidTable
	now      unsaidSet // What the rows being inserted leave out.
	triggers bool      // The script has made triggers, which may insert rows.
}

// said is what an INSERT says of the columns of a row.
type said struct {
	columns []string // The columns that it names, in order; nil for all.
	theirs  []int    // The positions in columns of values that were looked up in the target.
}

// columnSets holds two sets of a table's stored columns, as flags. An empty set is nil.
type columnSets struct {
	left   []bool // The columns that an INSERT left out.
	theirs []bool // The columns with values of the target.
}

// unsaidSet names an entry of [unsaidTable.sets] by its number, counted from 1. The number 0 means
// that both sets are empty.
type unsaidSet struct {
	table  string
	number int
}

// unsaidTable records what the INSERTs into one table left out.
type unsaidTable struct {
	table *schema.Table
	// sets holds the sets of each INSERT, each once.
	sets []columnSets
	// all is the number of the sets that all rows have. It counts only while key is nil.
	all int
	// key lists, as SQL, the columns by which rows are noted. It is nil while no row is noted.
	key []string
	// numbered reports that an INSERT left out the alias of the rowid.
	numbered bool
}

// The names of temporary objects. No app has such names.
const (
	unsaidPrefix = "seedkit: "
	unsaidNow    = unsaidPrefix + "the set of the rows that are inserted"
)

func newUnsaid(c *sqlite.Conn) (*unsaid, error) {
	u := &unsaid{c: c}
	const now = "CREATE TEMP TABLE %s(name, id); INSERT INTO %[1]s VALUES ('', 0)"
	return u, c.ExecScript(fmt.Sprintf(now, quote(unsaidNow)))
}

// begin prepares for rows of an INSERT. It reports whether it made a trigger.
func (u *unsaid) begin(table string, row said) (made bool, err error) {
	t := u.find(table)
	if t == nil && (row.columns != nil || row.theirs != nil) {
		t, err = u.open(table, row)
	}
	if t == nil || err != nil {
		return false, err
	}
	var next unsaidSet
	if number := t.number(row); number > 0 {
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

// find returns the known table with that name, or nil.
func (u *unsaid) find(name string) *unsaidTable {
	for _, t := range u.tables {
		if strings.EqualFold(t.table.Name, name) {
			return t
		}
	}
	return nil
}

// open adds the table with that name to the known tables. It returns nil if there is no such table.
// Rows that the table has already leave out nothing.
func (u *unsaid) open(name string, row said) (*unsaidTable, error) {
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
	filled, err := u.c.Int64(
		fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM main.%s)", quote(t.table.Name)))
	if err != nil {
		return nil, err
	}
	if filled == 0 {
		t.all = t.number(row)
	}
	u.tables = append(u.tables, t)
	return t, nil
}

// number returns the number of the sets of columns that an INSERT leaves out, and of those with
// values of the target, or 0 if both are empty. An alias of the rowid never counts as left out: its
// number is the one that the row has in the script.
func (t *unsaidTable) number(row said) int {
	// Without a key that names its rows, nothing can be noted.
	if t.table.RowidName() == "" && !t.table.WithoutRowid {
		return 0
	}
	stored := t.table.Stored()
	given := make([]int, len(stored))
	for i := range given {
		given[i] = i
	}
	if row.columns != nil {
		given, _ = schema.Positions(stored, row.columns)
	}
	var sets columnSets
	for i, name := range stored {
		switch {
		case slices.Contains(given, i):
		case name == t.table.RowidAlias:
			t.numbered = true
		default:
			sets.left = withColumn(sets.left, i, len(stored))
		}
	}
	for _, at := range row.theirs {
		if at < len(given) && given[at] >= 0 {
			sets.theirs = withColumn(sets.theirs, given[at], len(stored))
		}
	}
	if sets.left == nil && sets.theirs == nil {
		return 0
	}
	i := slices.IndexFunc(t.sets, func(other columnSets) bool {
		return slices.Equal(sets.left, other.left) && slices.Equal(sets.theirs, other.theirs)
	})
	if i < 0 {
		i, t.sets = len(t.sets), append(t.sets, sets)
	}
	return i + 1
}

// withColumn adds the column i to a set of n columns.
func withColumn(set []bool, i, n int) []bool {
	if set == nil {
		set = make([]bool, n)
	}
	set[i] = true
	return set
}

// note makes the table in which rows are noted, and the trigger that notes them.
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
	return u.c.ExecScript(fmt.Sprintf(`CREATE TEMP TABLE %[1]s AS
			SELECT %[2]s, %[10]d AS id FROM main.%[3]s WHERE %[10]d > 0;
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

// forget prepares for a statement that may change the tables. It forgets the tables whose rows
// leave out nothing, because the script may replace them. The other tables have rows, and a script
// cannot replace a table with rows.
func (u *unsaid) forget() {
	u.schema = nil
	u.tables = slices.DeleteFunc(u.tables,
		func(t *unsaidTable) bool { return t.key == nil && t.all == 0 })
}

// noteAll prepares for a trigger that the script makes. A trigger may insert rows that leave out
// other columns than the script's rows do.
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

// changeSchema prepares the notes for a statement of the given kind.
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

// note notes what the INSERT of the next rows says of them.
func (p *player) note(table string, row said) error {
	if p.unsaid == nil {
		return nil
	}
	made, err := p.unsaid.begin(table, row)
	if made {
		p.loader.Close()
	}
	return err
}

// noteIn is note for a table that may be named with a schema. Rows of temporary tables are not part
// of a seed.
func (p *player) noteIn(schema, table string, row said) error {
	if strings.EqualFold(schema, "temp") {
		row = said{}
	}
	return p.note(table, row)
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
