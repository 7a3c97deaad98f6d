package generate_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// stubborn has a table for each reason for which rows cannot be inserted.
const stubborn = `
	CREATE TABLE free(id INTEGER PRIMARY KEY, name TEXT);
	CREATE TABLE setting(one TEXT NOT NULL UNIQUE DEFAULT 'only', name TEXT NOT NULL UNIQUE);
	CREATE TABLE choice(id INTEGER PRIMARY KEY, setting TEXT NOT NULL REFERENCES setting(name));
	CREATE TABLE hooked(id INTEGER PRIMARY KEY, name TEXT);
	CREATE TABLE hook(id INTEGER PRIMARY KEY, hooked INTEGER NOT NULL REFERENCES hooked);
	CREATE TABLE leaf(id INTEGER PRIMARY KEY, hook INTEGER NOT NULL REFERENCES hook);
	CREATE TABLE never(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> name));
	CREATE TABLE undone(id INTEGER PRIMARY KEY, name TEXT);
	CREATE TABLE ring(id INTEGER PRIMARY KEY, next INTEGER NOT NULL REFERENCES loop);
	CREATE TABLE loop(id INTEGER PRIMARY KEY, next INTEGER NOT NULL REFERENCES ring,
		name TEXT NOT NULL CHECK (name <> name));
	CREATE TRIGGER call AFTER INSERT ON hooked BEGIN SELECT apps_own(new.id); END;
	CREATE TRIGGER undo AFTER INSERT ON undone BEGIN SELECT RAISE(ROLLBACK, 'undone'); END;`

var everywhere = []generate.Rows{{Table: "*", N: 3}, {Table: "setting", N: 1}}

func TestKeepGoing(t *testing.T) {
	d := write(t, generate.Options{SchemaSQL: stubborn, Rows: everywhere, KeepGoing: true})
	left := func(table, number string, rows int64, why string) generate.LeftOut {
		return generate.LeftOut{Table: table, Path: table + "/rows#" + number, Rows: rows, Why: why}
	}
	want := []generate.LeftOut{
		left("hooked", "1", 3, "no such function: apps_own"),
		left("hook", "1", 3, "it refers to hooked/rows#2, which is left out"),
		left("leaf", "1", 3, "it refers to hook/rows#1, which is left out"),
		left("never", "1", 3, "CHECK constraint failed: name <> name (column \"name\"), "+
			"after 64 attempts"),
		left("undone", "1", 3, "undone"),
		left("ring", "1", 3, "it refers to loop/rows#3, which is left out"),
		left("loop", "1", 3, "CHECK constraint failed: name <> name (column \"name\"), "+
			"after 64 attempts"),
	}
	if diff := cmp.Diff(want, d.report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	for table, want := range map[string]string{
		"free": "3", "setting": "1", "choice": "3", "hooked": "0", "hook": "0", "leaf": "0",
		"never": "0", "undone": "0", "ring": "0", "loop": "0",
	} {
		if got := d.one("SELECT count(*) FROM " + table); got != want {
			t.Errorf("%s rows in %s, want %s", got, table, want)
		}
	}
}

// TestKeepGoingChangesNoRow compares the rows that are left with those of a database without the
// tables that cannot be filled.
func TestKeepGoingChangesNoRow(t *testing.T) {
	d := write(t, generate.Options{SchemaSQL: stubborn, Rows: everywhere, KeepGoing: true})
	alone := write(t, generate.Options{
		SchemaSQL: stubborn,
		Rows: []generate.Rows{
			{Table: "free", N: 3}, {Table: "setting", N: 1}, {Table: "choice", N: 3},
		},
	})
	if diff := cmp.Diff(alone.rows(), d.rows()); diff != "" {
		t.Errorf("rows (-alone +kept going):\n%s", diff)
	}
}

// TestKeepGoingPartly inserts the rows of a declaration before the first that is refused, and the
// rows that refer to them.
func TestKeepGoingPartly(t *testing.T) {
	opts := options(`CREATE TABLE a(id INTEGER PRIMARY KEY, n INTEGER CHECK (n < 3));
		CREATE TABLE b(id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a)`,
		func(s *generate.Fixtures) {
			s.Many("a", "x", 5, generate.Row{
				"n": func(f *generate.Fake) any { return f.Number() },
			}, generate.Has("b", nil))
			s.Many("b", "free", 20, nil)
			s.Add("b", "none", generate.Row{"a": 7})
		})
	opts.KeepGoing = true
	d := write(t, opts)
	want := []generate.LeftOut{
		{Table: "a", Path: "a/x#3", Rows: 3,
			Why: "CHECK constraint failed: n < 3 (column \"n\"), after 64 attempts"},
		{Table: "b", Path: "a/x#3/b", Rows: 3, Why: "it refers to a/x#3, which is left out"},
		{Table: "b", Path: "b/none", Rows: 1,
			Why: `"a" refers to a row of table a that is not there`},
	}
	if diff := cmp.Diff(want, d.report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if got := d.one("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)"); got != "2|22" {
		t.Errorf("%s rows, want 2|22", got)
	}
}

// TestKeepGoingWithoutParentTable leaves out rows whose parent table the schema lacks.
func TestKeepGoingWithoutParentTable(t *testing.T) {
	const schema = `CREATE TABLE free(id INTEGER PRIMARY KEY);
		CREATE TABLE lost(id INTEGER PRIMARY KEY, x INTEGER NOT NULL REFERENCES nowhere(id));`
	opts := generate.Options{SchemaSQL: schema, Rows: []generate.Rows{{Table: "*", N: 3}}}
	const why = `"x" refers to a row of table nowhere that is not there`
	if errs := fixtureErrors(t, opts); errs[0].Error() != "lost/rows#1: "+why {
		t.Errorf("mistakes %v, want %s", errs, why)
	}
	opts.KeepGoing = true
	d := write(t, opts)
	want := []generate.LeftOut{{Table: "lost", Path: "lost/rows#1", Rows: 3, Why: why}}
	if diff := cmp.Diff(want, d.report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	const counts = "SELECT (SELECT count(*) FROM free), (SELECT count(*) FROM lost)"
	if got := d.one(counts); got != "3|0" {
		t.Errorf("%s rows, want 3|0", got)
	}
}

// TestKeepGoingFillsWhatIsPossible inserts as many rows as there are values, and the rows that a
// trigger lets pass.
func TestKeepGoingFillsWhatIsPossible(t *testing.T) {
	d := write(t, generate.Options{
		SchemaSQL: `CREATE TABLE setting(id INTEGER PRIMARY KEY CHECK (id = 1), v TEXT NOT NULL);
			CREATE TABLE flag(flag TEXT NOT NULL PRIMARY KEY CHECK (flag IN ('on', 'off')));
			CREATE TABLE odd(id INTEGER PRIMARY KEY);
			CREATE TRIGGER skip BEFORE INSERT ON odd WHEN new.id % 2 = 0
				BEGIN SELECT RAISE(IGNORE); END`,
		Rows: []generate.Rows{{Table: "*", N: 20}}, KeepGoing: true,
	})
	want := map[string]int64{"setting": 19, "flag": 18, "odd": 10}
	got := map[string]int64{}
	for _, left := range d.report.LeftOut {
		got[left.Table] = left.Rows
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows left out (-want +got):\n%s", diff)
	}
	const counts = `SELECT (SELECT count(*) FROM setting), (SELECT count(*) FROM flag),
		(SELECT count(*) FROM odd)`
	if got := d.one(counts); got != "1|2|10" {
		t.Errorf("%s rows, want 1|2|10", got)
	}
}

// TestStopNamesAll checks that without KeepGoing the error names every declaration that is refused.
func TestStopNamesAll(t *testing.T) {
	const hooks = `
		CREATE TABLE hooked(id INTEGER PRIMARY KEY);
		CREATE TABLE never(id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> name));
		CREATE TABLE hook(id INTEGER PRIMARY KEY, hooked INTEGER NOT NULL REFERENCES hooked);
		CREATE TRIGGER call AFTER INSERT ON hooked BEGIN SELECT apps_own(new.id); END;`
	_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"),
		generate.Options{SchemaSQL: hooks, Rows: []generate.Rows{{Table: "*", N: 3}}})
	want := "hooked/rows#1: no such function: apps_own\n" +
		"never/rows#1: CHECK constraint failed: name <> name (column \"name\"), after 64 attempts"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
