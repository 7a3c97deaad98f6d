package load_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// TestLoad compares what load makes of a script with what SQLite makes of it.
func TestLoad(t *testing.T) {
	many := func(format string, rows int) string {
		var b strings.Builder
		for i := range rows {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	tests := []struct{ name, script string }{
		{"many rows",
			"CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);" +
				many("INSERT INTO t VALUES(%d,'it''s');\n", 1000)},
		{"every kind of value", `CREATE TABLE t(a, b, c, d, e, f);
			INSERT INTO t VALUES(NULL, 1, -9223372036854775808, 1.5, '', x'');
			INSERT INTO t VALUES(9e999, TRUE, x'00ff', CAST(x'610062' AS TEXT), unistr('a\u000ab'),
			'écoute');`},
		{"affinities",
			"CREATE TABLE t(a INT, b TEXT, c REAL, d NUMERIC);" +
				many("INSERT INTO t VALUES('%[1]d', %[1]d, %[1]d, '1e%[1]d');\n", 120)},
		{"rows that share a statement",
			"CREATE TABLE t(a, b); INSERT INTO t VALUES(0, 0)" + many(", (%d, 'x')", 999) +
				"; INSERT INTO t(b) VALUES(1), (2);"},
		{"to and fro between tables",
			"CREATE TABLE a(x); CREATE TABLE b(x);" +
				many("INSERT INTO a VALUES(%[1]d); INSERT INTO b VALUES(%[1]d);\n", 300)},
		{"more words than statements are kept",
			"CREATE TABLE t(a);" + many("INSERT INTO t AS t%d VALUES(1);\n", 250)},
		{"policies", `CREATE TABLE t(id INTEGER PRIMARY KEY, a);
			INSERT INTO t VALUES(1, 'old'); REPLACE INTO t VALUES(1, 'new');
			INSERT OR IGNORE INTO t VALUES(1, 'no');
			INSERT INTO t VALUES(1, 'sum') ON CONFLICT (id) DO UPDATE SET a = a || excluded.a;
			INSERT INTO t VALUES(2, 'x') ON CONFLICT DO NOTHING RETURNING id;`},
		{"policies of the table",
			"CREATE TABLE t(a UNIQUE ON CONFLICT REPLACE, b);" +
				many("INSERT INTO t VALUES(%[1]d / 1, 1);\n", 3) +
				many("INSERT INTO t VALUES(7, %d);\n", 100)},
		{"triggers", `CREATE TABLE t(a); CREATE TABLE log(a, changes);
			CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.a,
			(SELECT count(*) FROM t)); END;` + many("INSERT INTO t VALUES(%d);\n", 100)},
		{"defaults that count changes",
			"CREATE TABLE t(a, b DEFAULT (changes()), c DEFAULT (total_changes()), " +
				"d DEFAULT (last_insert_rowid()));" + many("INSERT INTO t(a) VALUES(%d);\n", 500)},
		{"checks that count changes",
			"CREATE TABLE t(a CHECK (a = 0 OR changes() = 1));" +
				many("INSERT INTO t VALUES(%d);\n", 500)},
		{"tables that change",
			"CREATE TABLE t(a); INSERT INTO t VALUES(1); CREATE INDEX i ON t(a); " +
				"INSERT INTO t VALUES(2); DROP TABLE t; CREATE TABLE t(a, b); " +
				"INSERT INTO t VALUES(3, 4);"},
		{"not literals",
			"CREATE TABLE t(a); INSERT INTO t VALUES(1); INSERT INTO t VALUES(1 + 1); " +
				"INSERT INTO t SELECT a FROM t; INSERT INTO main.t VALUES(3); " +
				"INSERT INTO t DEFAULT VALUES;"},
		{"large values",
			"CREATE TABLE t(a, b);" + many("INSERT INTO t VALUES('%0200000d', x'00');\n", 9)},
		{"wide rows",
			"CREATE TABLE t(a" + many(", c%d", 500) + ");" +
				strings.Repeat("INSERT INTO t VALUES(1"+many(", %d", 500)+");\n", 4)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := dumped(t, func(c *sqlite.Conn) error { return c.ExecScript(test.script) })
			got := dumped(t, func(c *sqlite.Conn) error { return run(c, test.script) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("what was loaded (-SQLite +load):\n%s", diff)
			}
		})
	}
}

func run(c *sqlite.Conn, script string) error {
	loader := load.NewLoader(c)
	defer loader.Close()
	for part, err := range load.Script(strings.NewReader(script), "seed.sql") {
		switch {
		case err != nil:
			return err
		case part.Rows != nil:
			err = loader.Insert(part.Rows)
		case part.Statement.Kind() != sqltext.KindEmpty:
			loader.Close()
			err = c.Exec(string(part.Statement.Text))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dumped returns the dump of a database after fill.
func dumped(t *testing.T, fill func(*sqlite.Conn) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	c, err := sqlite.Open(context.Background(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(*sqlite.Conn) error{begin, fill, commit} {
		if err := step(c); err != nil {
			t.Error(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	var out bytes.Buffer
	if _, err := dump.Write(context.Background(), &out, path, dump.Options{}); err != nil {
		t.Error(err)
	}
	return out.String()
}

func begin(c *sqlite.Conn) error { return c.Exec("BEGIN") }

func commit(c *sqlite.Conn) error { return c.Exec("COMMIT") }

func TestLoadErrors(t *testing.T) {
	const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, parent REFERENCES t);\n"
	rows := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "INSERT INTO t VALUES(%d, NULL);\n", i)
		}
		return b.String()
	}
	tests := []struct{ name, script, want string }{
		{"a key that is taken",
			strings.Replace(table, " REFERENCES t", "", 1) + rows(150) +
				"INSERT INTO t VALUES(33, NULL);\n" + rows(100), "seed.sql:152:1"},
		{"a key that is taken, and rows before it that stay",
			strings.Replace(table, " REFERENCES t", "", 1) +
				strings.ReplaceAll(rows(150)+"INSERT INTO t VALUES(33, NULL);\n"+rows(100),
					"INSERT", "INSERT OR FAIL"), "seed.sql:152:1"},
		{"a key by whose rule rows before it stay",
			strings.Replace(table, "KEY, parent REFERENCES t", "KEY ON CONFLICT FAIL, parent", 1) +
				rows(150) + "INSERT INTO t VALUES(33, NULL);\n" + rows(100), "seed.sql:152:1"},
		{"a key whose row takes the transaction along",
			"BEGIN;\n" + strings.Replace(table, " REFERENCES t", "", 1) +
				strings.ReplaceAll(rows(150)+"INSERT INTO t VALUES(33, NULL);\n"+rows(100),
					"INSERT", "INSERT OR ROLLBACK"), "seed.sql:153:1"},
		{"a row that takes away another's parent, and one that brings it back",
			`CREATE TABLE p(id INTEGER PRIMARY KEY, u UNIQUE); CREATE TABLE c(u REFERENCES p(u));
				INSERT INTO p VALUES(1, 'a'); INSERT INTO c VALUES('a');
			` + strings.Repeat(
				"INSERT INTO p VALUES(1, 'b') ON CONFLICT(id) DO UPDATE SET u = excluded.u; "+
					"INSERT INTO p VALUES(2, 'a') ON CONFLICT(id) DO UPDATE SET u = excluded.u;\n",
				200,
			), "seed.sql:3:4"},
		{"a row that takes the place of another's parent, and one that brings it back",
			`CREATE TABLE p(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, u UNIQUE);
				CREATE TABLE c(u REFERENCES p(u)); INSERT INTO p VALUES(1, 'a');
				INSERT INTO c VALUES('a');
			INSERT INTO p VALUES(1, 'b');
			INSERT INTO p VALUES(2, 'a');` +
				strings.ReplaceAll(rows(200), "t VALUES(", "p VALUES(100"), "seed.sql:4:4"},
		{"no such table", table + rows(10) + "  INSERT INTO u VALUES(1);\n", "seed.sql:12:3"},
		{"too many values", table + rows(2) + "INSERT INTO t VALUES(1, 2, 3);\n", "seed.sql:4:1"},
		{"a row before the one that it refers to",
			table + "INSERT INTO t VALUES(1, 2);\nINSERT INTO t VALUES(2, NULL);\n",
			"seed.sql:2:1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := sqlite.Open(context.Background(), sqlite.Memory, sqlite.Create)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Exec("PRAGMA foreign_keys = ON"); err != nil {
				t.Fatal(err)
			}
			err = run(c, test.script)
			refused, ok := errors.AsType[*load.RowError](err)
			if !ok {
				t.Fatalf("got %v, want a RowError", err)
			}
			if got := refused.Position.String(); got != test.want {
				t.Errorf("got an error at %s, want %s: %v", got, test.want, err)
			}
		})
	}
}

// TestLoadIntoAFullDatabase expects SQLite's first error, although SQLite has rolled back the
// transaction and the table with it.
func TestLoadIntoAFullDatabase(t *testing.T) {
	c, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"),
		sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	script := "PRAGMA max_page_count = 20;\nBEGIN;\nCREATE TABLE t(a);\n" +
		strings.Repeat("INSERT INTO t VALUES('"+strings.Repeat("x", 500)+"');\n", 400)
	if err := run(c, script); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("got %v, want what SQLite says of a full database", err)
	}
}

// TestScript checks into which parts a script is split.
func TestScript(t *testing.T) {
	const script = `-- the first
INSERT INTO t VALUES(1);
INSERT INTO t VALUES(2), (3);
-- the second
INSERT INTO t VALUES(4);
INSERT INTO t(a) VALUES(5);
INSERT INTO t VALUES(1, 2);
INSERT INTO t VALUES(1) ON CONFLICT DO NOTHING;
INSERT INTO t VALUES(1) ON CONFLICT DO UPDATE SET a = ?1;
DELETE FROM t;
`
	want := []string{
		"3 rows at seed.sql:2:1, -- the first",
		"1 rows at seed.sql:5:1, -- the second",
		"1 rows at seed.sql:6:1, ",
		"1 rows at seed.sql:7:1, ",
		"1 rows at seed.sql:8:1, ",
		"INSERT INTO t VALUES(1) ON CONFLICT DO UPDATE SET a = ?1; at seed.sql:9:1",
		"DELETE FROM t; at seed.sql:10:1",
		" at seed.sql:11:1",
	}
	var got []string
	for part, err := range load.Script(strings.NewReader(script), "seed.sql") {
		if err != nil {
			t.Fatal(err)
		}
		if r := part.Rows; r != nil {
			got = append(got,
				fmt.Sprintf("%d rows at %s, %s", r.Len(), r.Position(), bytes.TrimSpace(r.Lead)))
		} else {
			got = append(got, fmt.Sprintf("%s at %s", part.Statement.Text, part.Statement.Position))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// TestScriptLeft leaves the loop while the reader is still reading.
func TestScriptLeft(t *testing.T) {
	script := strings.Repeat("INSERT INTO t VALUES(1);\nINSERT INTO u VALUES(1);\n", 10_000)
	for range load.Script(strings.NewReader(script), "seed.sql") {
		break
	}
}

func TestScriptBroken(t *testing.T) {
	var rows int
	var last error
	for part, err := range load.Script(
		strings.NewReader("INSERT INTO t VALUES(1);\nINSERT INTO t VALUES('open"), "seed.sql",
	) {
		if last = err; err == nil {
			rows += part.Rows.Len()
		}
	}
	if wrong, ok := errors.AsType[*sqltext.SyntaxError](last); !ok || wrong.Line != 2 || rows != 1 {
		t.Errorf("got %d rows and %v, want 1 and a syntax error in line 2", rows, last)
	}
}
