package seed_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/testdb"
)

// open opens a script. Its tables come from schema unless schema is empty.
func open(t *testing.T, script, schema string) (*seed.Seed, error) {
	t.Helper()
	source := seed.Source{Path: "test.sql", Script: strings.NewReader(script)}
	if schema != "" {
		source.Schema = func() (string, error) { return schema, nil }
	}
	s, err := seed.Open(t.Context(), source)
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func TestReplay(t *testing.T) {
	tests := []struct{ name, script, schema, want string }{
		{"a dump", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(x);\n" +
			"INSERT INTO t VALUES('a;\nINSERT INTO t VALUES(1);');\nCOMMIT;\n",
			"", "a;\nINSERT INTO t VALUES(1);"},
		{"no tables of its own", "INSERT INTO t(x) VALUES(1),(2);", "CREATE TABLE t(x)", "1,2"},
		{"a virtual table's", "CREATE VIRTUAL TABLE t USING fts5(x); INSERT INTO t VALUES('a');",
			"", "a"},
		{"the schema's triggers stay silent", "INSERT INTO t(x) VALUES(1);",
			"CREATE TABLE t(x); CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END", "1"},
		{"its own triggers fire",
			"CREATE TABLE t(x); CREATE TRIGGER tr AFTER INSERT ON t WHEN new.x < 3 BEGIN " +
				"INSERT INTO t VALUES(new.x+1); END; INSERT INTO t VALUES(2);",
			"", "2,3"},
		{"sqlite_sequence",
			"CREATE TABLE t(x INTEGER PRIMARY KEY AUTOINCREMENT);\nPRAGMA writable_schema=ON;\n" +
				"CREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq);\n" +
				"DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('t',9);\n" +
				"PRAGMA writable_schema=OFF;\nINSERT INTO t VALUES(5);", "", "5"},
		{"counters that are raised", raises("t", 9) + "INSERT INTO t VALUES(5);",
			"CREATE TABLE t(x INTEGER PRIMARY KEY AUTOINCREMENT)", "5"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open(t, test.script, test.schema)
			if err != nil {
				t.Fatal(err)
			}
			const all = "SELECT group_concat(x, ',') FROM (SELECT x FROM t ORDER BY rowid)"
			got, err := s.Conn.Value(all)
			if err != nil || got.Data() != test.want {
				t.Errorf("got %q, %v; want %q", got.Data(), err, test.want)
			}
		})
	}
}

func TestReplayRefuses(t *testing.T) {
	const tables = "CREATE TABLE t(x);\n"
	tests := []struct {
		name, script, want string
		is                 error
	}{
		{"update", tables + "UPDATE t SET x = 1;",
			"test.sql:2:1: UPDATE t SET x = 1; cannot be part of a seed", seed.ErrNotASeed},
		{"delete", tables + "INSERT INTO t VALUES(1);\nDELETE FROM t;",
			"test.sql:3:1: DELETE FROM t; cannot be part of a seed: " +
				"it takes away rows that were inserted before", seed.ErrNotASeed},
		{"drop", tables + "INSERT INTO main.t VALUES(1);\nDROP TABLE IF EXISTS T;",
			"test.sql:3:1: DROP TABLE IF EXISTS T; cannot be part of a seed: " +
				"it takes away rows that were inserted before", seed.ErrNotASeed},
		{"delete of the target's", "DELETE FROM t;",
			"test.sql:1:1: DELETE FROM t; cannot be part of a seed", seed.ErrNotASeed},
		{"rollback to a savepoint", tables + "SAVEPOINT s;\nROLLBACK TO s;\nRELEASE s;",
			"test.sql:3:1: ROLLBACK TO s; cannot be part of a seed", seed.ErrNotASeed},
		{"attach", "ATTACH 'x.db' AS x;",
			"test.sql:1:1: ATTACH 'x.db' AS x; cannot be part of a seed", seed.ErrNotASeed},
		{"no tables", "\n-- rows\nINSERT INTO t VALUES(1);",
			"test.sql:3:1: the script makes no tables, and there is no schema for it",
			seed.ErrNoTables},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := open(t, test.script, "")
			if !errors.Is(err, test.is) || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestOpenRefusesNothing(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const view = "CREATE TABLE t(x); DROP TABLE t; CREATE VIEW v AS SELECT 1;"
	headed := testdb.Make(t, "delete", view)
	for _, source := range []seed.Source{{Path: empty}, {Path: headed}} {
		_, err := seed.Open(t.Context(), source)
		if !errors.Is(err, seed.ErrNothing) {
			t.Errorf("%s: got %v, want ErrNothing", source.Path, err)
		}
	}
	for _, script := range []string{
		"", " \n", "-- rows\n/* none */;",
		"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCOMMIT;\n",
		"DROP TABLE IF EXISTS t;", "CREATE TEMP TABLE t(x);",
	} {
		_, err := open(t, script, "CREATE TABLE t(x)")
		if !errors.Is(err, seed.ErrNothing) {
			t.Errorf("%q: got %v, want ErrNothing", script, err)
		}
	}
}

func TestReplayNamesWhatTheSchemaLacks(t *testing.T) {
	const schema = "CREATE TABLE User(id, email)"
	for script, want := range map[string]*seed.NoPlaceError{
		"INSERT INTO Usr(id) VALUES(1);":           {Table: "Usr", Near: "User"},
		"INSERT INTO user(id, emial) VALUES(1,2);": {Table: "User", Column: "emial", Near: "email"},
	} {
		_, err := open(t, script, schema)
		var got *seed.NoPlaceError
		if !errors.As(err, &got) || *got != *want {
			t.Errorf("%s: got %v, want %v", script, err, want)
		}
	}
}

// TestReplayNamesWhatIsThere checks that an error is not about a table that a rollback has removed.
func TestReplayNamesWhatIsThere(t *testing.T) {
	const want = "test.sql:3:1: UNIQUE constraint failed: t.id"
	for _, insert := range []string{
		"INSERT OR ROLLBACK INTO t VALUES(1);", "INSERT OR ROLLBACK INTO main.t VALUES(1);",
	} {
		_, err := open(t, "CREATE TABLE t(id INTEGER PRIMARY KEY);\n"+insert+"\n"+insert, "")
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", insert, err, want)
		}
	}
}

// TestReplayRefusesWhatDependsOnOtherRows checks that an INSERT of other values than literals is
// refused. On the scratch database it could silently give other rows than in the target.
func TestReplayRefusesWhatDependsOnOtherRows(t *testing.T) {
	for _, insert := range []string{
		"INSERT INTO t SELECT x FROM t",
		"INSERT INTO t VALUES((SELECT max(x) FROM t))",
		"INSERT INTO t VALUES(random())",
		"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
	} {
		_, err := open(t, "CREATE TABLE t(x);"+insert+";", "")
		if !errors.Is(err, seed.ErrNotASeed) {
			t.Errorf("%s: got %v, want ErrNotASeed", insert, err)
		}
	}
}

func TestReplayWritesNoFile(t *testing.T) {
	dir := t.TempDir()
	script := "CREATE TABLE t(x); VACUUM INTO '" + filepath.Join(dir, "out.db") + "';"
	if _, err := open(t, script, ""); err == nil {
		t.Error("VACUUM INTO went through")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("found %v, %v", entries, err)
	}
}

func TestSampleComment(t *testing.T) {
	for script, want := range map[string]bool{
		seed.SampleComment + "\nCREATE TABLE t(x);":                              true,
		"CREATE TABLE t(x); INSERT INTO t VALUES('" + seed.SampleComment + "');": false,
	} {
		s, err := open(t, script, "")
		if err != nil {
			t.Fatal(err)
		}
		if s.Sample != want {
			t.Errorf("%s: Sample is %v", script, s.Sample)
		}
	}
}

func TestLeftOut(t *testing.T) {
	const script = `CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES(1);
		CREATE TABLE _prisma_migrations(id); INSERT INTO _prisma_migrations VALUES('a'),('b');
		CREATE VIRTUAL TABLE ft USING fts5(x)`
	s, err := open(t, script, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.LeftOut()
	if err != nil {
		t.Fatal(err)
	}
	want := []seed.LeftOut{
		{Table: "_prisma_migrations", Rows: 2, Why: "kept by Prisma"},
		{Table: "ft", Why: "a virtual table"},
		{Table: "sqlite_sequence", Rows: 1, Why: "kept by SQLite"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
