package sqltext_test

import (
	"io"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// FuzzStatementEnds checks that statements end where sqlite3_prepare_v2 reports their tails, as far
// as SQLite accepts the script.
func FuzzStatementEnds(f *testing.F) {
	for _, script := range []string{
		"SELECT 1; SELECT 2", ";;-- a;\nSELECT ';' /* ; */ ;\n-- the end",
		"SELECT \"a;\", `b;`, [c;] FROM (SELECT 1 AS \"a;\", 2 AS `b;`, 3 AS [c;]);x",
		"CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN b THEN 1 ELSE 2 " +
			"END; SELECT 'END;'; END; SELECT 1;",
		"CREATE TEMP TRIGGER IF NOT EXISTS tr AFTER UPDATE OF a ON t WHEN old.a BEGIN DELETE " +
			"FROM t; END;",
		"EXPLAIN QUERY PLAN CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;SELECT 1",
		"CREATE TRIGGER main.[end] BEFORE DELETE ON t BEGIN SELECT 1 AS \"END\"; " +
			"SELECT (SELECT 2) end; END; SELECT 2;",
		"SELECT $a(;), :b, @c, #d, ?1; SELECT $e::f(;)",
		"INSERT INTO t VALUES(1,'a;''b'),(x'00',.5e-3); INSERT INTO t SELECT 1, 2;",
		"\ufeffSELECT 1;", "SELECT 1->2->>3; SELECT 1 - -2; SELECT 1--2;\n;",
		"BEGIN; COMMIT; END; SAVEPOINT a; RELEASE a; PRAGMA user_version; VALUES(1);",
		"CREATE TABLE trigger_(a); CREATE TABLE \"trigger\"(a DEFAULT ';');",
		"SELECT 1 /* without an end", "WITH a AS (SELECT 1) SELECT * FROM a; SELECT 1/2;",
	} {
		f.Add(script)
	}
	c, err := sqlite.Open(f.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		f.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("CREATE TABLE t(a, b)"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, script string) {
		if strings.Contains(script, "\x00") ||
			strings.Contains(strings.ToLower(script), "pragma") && strings.Contains(script, "_") {
			return // not text for SQLite, or settings of the whole process
		}
		s := sqltext.NewSplitter(strings.NewReader(script), "a.sql")
		for rest := script; ; {
			prepared, tail, err := c.Prepare(rest)
			if err != nil {
				return
			}
			accepted := prepared != nil
			prepared.Close()
			want := rest[:len(rest)-len(tail)]
			statement, err := s.Next()
			if got := string(statement.Lead) + string(statement.Text); accepted &&
				(err != nil || got != want) {
				t.Fatalf("%q: got %q, %v; SQLite's statement is %q", script, got, err, want)
			}
			if !accepted {
				if err != io.EOF && len(statement.Text) > 0 {
					t.Fatalf("%q: got %q, where SQLite finds no statement", script, statement.Text)
				}
				return
			}
			rest = tail
		}
	})
}
