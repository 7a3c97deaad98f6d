package dump_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// FuzzRandomDatabases creates a database from a seed and dumps it in every way: decoding,
// selecting, again after a reload, and with the shell. testdata/fuzz has seeds that failed.
func FuzzRandomDatabases(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		path := filepath.Join(t.TempDir(), "random.db")
		d := newRandomDatabase(t, path, seed)
		commands := []string{".dump", ".dump --preserve-rowids", ".dump --data-only --nosys"}
		for _, command := range commands {
			sameBothWays(t, path, command)
		}
		// The keys of WITHOUT ROWID tables have another order in UTF-8.
		if !d.utf16 {
			want := dumped(t, path, dump.Options{})
			if diff := lineDiff(want, dumped(t, build(t, want), dump.Options{})); diff != "" {
				t.Errorf("dump after reload (-want +got):\n%s", diff)
			}
		}
		shell := authority.SQLite3(t)
		for _, command := range commands {
			want := shellDumped(t, shell, path, command)
			got := written(t, dump.WriteSelecting, path, options(command))
			if diff := lineDiff(want, got); diff != "" {
				t.Errorf("%s (-shell +selecting):\n%s", command, diff)
			}
		}
	})
}

func sameBothWays(t *testing.T, path, command string) {
	t.Helper()
	want := written(t, dump.WriteSelecting, path, options(command))
	if diff := lineDiff(want, written(t, dump.WriteDecoding, path, options(command))); diff != "" {
		t.Errorf("%s (-selecting +decoding):\n%s", command, diff)
	}
}

// randomDatabase fills a database with values that a seed determines.
type randomDatabase struct {
	*rand.Rand
	t      testing.TB
	c      *sqlite.Conn
	tables []randomTable
	utf16  bool
}

type randomTable struct {
	name    string
	strict  bool
	columns []string // the columns that can be written
}

func newRandomDatabase(t testing.TB, path string, seed uint64) *randomDatabase {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d := &randomDatabase{Rand: rand.New(rand.NewPCG(seed, 0)), t: t, c: c}
	d.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
	d.exec(fmt.Sprintf("PRAGMA page_size = %d; PRAGMA auto_vacuum = %d", 512<<d.oneIn(2)<<d.IntN(3),
		d.IntN(3)))
	if d.utf16 = d.oneIn(10) == 1; d.utf16 {
		d.exec("PRAGMA encoding = " + d.pick("'UTF-16le'", "'UTF-16be'"))
	}
	d.exec("BEGIN")
	for i := range 1 + d.IntN(4) {
		d.table(i)
	}
	d.schemaChanges()
	d.exec("COMMIT")
	if d.oneIn(4) == 1 {
		d.exec("VACUUM")
	}
	return d
}

// oneIn returns 1 in one of n cases, and 0 otherwise.
func (d *randomDatabase) oneIn(n int) int {
	if d.IntN(n) == 0 {
		return 1
	}
	return 0
}

func (d *randomDatabase) pick(from ...string) string { return from[d.IntN(len(from))] }

// mismatch is the code for a value that a column does not accept.
const mismatch sqlite.Code = 20

// exec runs statements. It skips rows that the table does not accept.
func (d *randomDatabase) exec(sql string, args ...any) {
	d.t.Helper()
	for sql != "" {
		s, rest, err := d.c.Prepare(sql)
		if err == nil && s != nil {
			err = s.Exec(args...)
			s.Close()
		}
		if err != nil && !sqlite.Is(err, sqlite.Constraint) && !sqlite.Is(err, mismatch) {
			d.t.Fatalf("%s: %v", sql, err)
		}
		sql = rest
	}
}

func (d *randomDatabase) table(i int) {
	name := fmt.Sprintf(d.pick(`t%d`, `"T %d"`, `"order%d"`, `'it''s%d'`, `[b%d]`, "`é%d`", `_%d_`),
		i)
	strict := d.oneIn(6) == 1
	table := randomTable{name: name, strict: strict}
	var definitions []string
	for j := range 1 + d.IntN(7) {
		column, definition := d.column(j, strict)
		definitions = append(definitions, definition)
		if !strings.Contains(definition, " AS ") {
			table.columns = append(table.columns, column)
		}
	}
	if len(table.columns) == 0 {
		definitions = append(definitions, "last TEXT")
		table.columns = append(table.columns, "last")
	}
	end := ")"
	if strict {
		end = ") STRICT"
	}
	switch d.IntN(8) {
	case 0, 1, 2:
		definitions = append(
			[]string{"id INTEGER PRIMARY KEY " + d.pick("", "AUTOINCREMENT", "DESC")},
			definitions...,
		)
	case 3:
		definitions = append(definitions, "id INTEGER PRIMARY KEY")
		table.columns = append(table.columns, "id")
	case 4:
		definitions = append(definitions,
			"PRIMARY KEY ("+strings.Join(table.columns[:1+d.IntN(len(table.columns))], ", ")+")")
		end = strings.Replace(end+", WITHOUT ROWID", "),", ")", 1)
	}
	d.exec("CREATE TABLE " + name + "(" + strings.Join(definitions, ", ") + end)
	d.tables = append(d.tables, table)
	d.rows(table, d.IntN(60))
}

func (d *randomDatabase) column(j int, strict bool) (name, definition string) {
	name = fmt.Sprintf(d.pick(`c%d`, `"C %d"`, `"select%d"`, `"q""%d"`), j)
	kinds := []string{
		"", "INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", "VARCHAR(10)", "DATETIME", "DOUBLE",
		"ANY",
	}
	if strict {
		kinds = []string{"INT", "REAL", "TEXT", "BLOB", "ANY"}
	}
	definition = name + " " + d.pick(kinds...)
	switch d.IntN(12) {
	case 0:
		definition += " DEFAULT NULL"
	case 1:
		definition += " AS (1 + 1)" + d.pick("", " STORED", " VIRTUAL")
	case 2:
		definition += " COLLATE NOCASE"
	case 3:
		definition += " UNIQUE"
	}
	return name, definition
}

// rows inserts rows, and changes and deletes some.
func (d *randomDatabase) rows(t randomTable, count int) {
	insert := "INSERT INTO " + t.name + "(" + strings.Join(t.columns, ",") + ") VALUES(?" +
		strings.Repeat(",?", len(t.columns)-1) + ")"
	row := make([]any, len(t.columns))
	for range count {
		for i := range row {
			row[i] = d.value()
		}
		d.exec(insert, row...)
	}
	first, last := t.columns[0], t.columns[len(t.columns)-1]
	d.exec("DELETE FROM " + t.name + " WHERE length(" + first + ") % 8 = 5")
	d.exec("UPDATE OR IGNORE "+t.name+" SET "+last+" = ? WHERE length("+first+") % 8 = 3",
		d.value())
}

// value is sometimes longer than a page.
func (d *randomDatabase) value() any {
	if d.oneIn(30) == 1 {
		return strings.Repeat(randomText(d.Rand), d.IntN(1000))
	}
	if d.oneIn(30) == 1 {
		return []byte(strings.Repeat("\x00\xff", d.IntN(5000)))
	}
	if d.oneIn(3) == 1 {
		return d.IntN(3) - 1
	}
	return randomValue(d.Rand)
}

// schemaChanges adds objects that change how SQLite reads a table.
func (d *randomDatabase) schemaChanges() {
	for i, t := range d.tables {
		switch d.IntN(6) {
		case 0:
			d.exec(fmt.Sprintf("CREATE INDEX i%d ON %s(%s)", i, t.name,
				strings.Join(t.columns, ",")))
		case 1:
			d.exec(fmt.Sprintf("CREATE INDEX i%d ON %s(%s) WHERE %s IS NOT NULL", i, t.name,
				t.columns[0], t.columns[0]))
		case 2:
			d.exec(fmt.Sprintf("CREATE VIEW v%d AS SELECT * FROM %s", i, t.name))
		}
		if d.oneIn(3) == 1 {
			d.addColumns(t)
		}
	}
	if d.oneIn(10) == 1 {
		d.exec("CREATE VIRTUAL TABLE full USING fts5(a, b)")
		d.rows(randomTable{name: "full", columns: []string{"a", "b"}}, 5)
	}
	if d.oneIn(5) == 1 {
		d.exec("ANALYZE")
	}
}

// addColumns adds columns. The existing rows do not store them.
func (d *randomDatabase) addColumns(t randomTable) {
	defaults := []string{"", "DEFAULT 7", "DEFAULT -1.5", "DEFAULT 'it''s'", "DEFAULT (3)",
		"DEFAULT +1e3", "DEFAULT ''", "DEFAULT x'00ff'",
		"DEFAULT true", "DEFAULT abc", `DEFAULT "quoted"`, "DEFAULT '12'"}
	if t.strict {
		defaults = []string{""} // a default may have a type that cannot be inserted again
	}
	for i := range 1 + d.IntN(3) {
		name := fmt.Sprintf("added%d", i)
		d.exec("ALTER TABLE " + t.name + " ADD COLUMN " + name + " " +
			d.pick("INT", "REAL", "TEXT", "BLOB", "ANY") + " " + d.pick(defaults...))
		t.columns = append(t.columns, name)
	}
	d.rows(t, d.IntN(20))
}
