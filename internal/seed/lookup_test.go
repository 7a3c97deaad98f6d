package seed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

const lookupTables = `
	CREATE TABLE role(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
	CREATE TABLE permission(id INTEGER PRIMARY KEY, action TEXT, entity TEXT,
		UNIQUE(action, entity));
	CREATE TABLE grant_(permission, role TEXT, note, UNIQUE(permission, role));
	CREATE TABLE org(id INTEGER PRIMARY KEY, slug TEXT UNIQUE);
	CREATE TABLE project(id INTEGER PRIMARY KEY, org INTEGER, slug TEXT, UNIQUE(org, slug));
	CREATE TABLE loose(a, b);`

const lookupRows = lookupTables + `
	INSERT INTO role VALUES('r1', 'admin'), ('r2', 'user');
	INSERT INTO permission VALUES(1, 'read', 'note'), (2, 'write', 'note'), (3, 'read', 'user');
	INSERT INTO org VALUES(5, 'acme'); INSERT INTO project VALUES(50, 5, 'site');
	INSERT INTO loose VALUES(1, 2);`

// openLookups replays a script whose rows go to a target with the given SQL.
func openLookups(t *testing.T, target, script string) (*seed.Seed, error) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript(target); err != nil {
		t.Fatal(err)
	}
	s, err := seed.Open(t.Context(), seed.Source{
		Path: "seed.sql", Script: strings.NewReader(script), Target: c,
		Schema: func() (string, error) { return schema.Statements(c) }, NoteUnsaid: true,
	})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func grants(t *testing.T, c *sqlite.Conn) []string {
	t.Helper()
	var out []string
	const all = `SELECT quote(permission) || ' ' || quote(role) || ' ' || quote(note)
		FROM grant_ ORDER BY rowid`
	for row, err := range c.Query(all) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row.Text(0))
	}
	return out
}

// TestLookups compares the values that are looked up with those that SQLite inserts where the
// target has the rows.
func TestLookups(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"a sub-select",
			"INSERT INTO grant_ VALUES(1, (SELECT id FROM role " +
				"WHERE name = 'admin'), NULL), (2, 'x', 'y')",
			[]string{"1 'r1' NULL", "2 'x' 'y'"}},
		{"quoted, as extract writes it",
			`INSERT INTO "grant_" ("role", "permission") ` +
				`VALUES ((SELECT "id" FROM "role" WHERE "name" = 'user'), 7);`,
			[]string{"7 'r2' NULL"}},
		{"by the column's collation",
			"INSERT INTO grant_ VALUES(1, (SELECT id FROM role WHERE name = 'ADMIN'), NULL)",
			[]string{"1 'r1' NULL"}},
		{"by the column's affinity",
			"INSERT INTO grant_ VALUES((SELECT action FROM permission WHERE id = '3'), '', 1)",
			[]string{"'read' '' 1"}},
		{"one within another",
			"INSERT INTO grant_ VALUES((SELECT id FROM project WHERE org = (SELECT id FROM org " +
				"WHERE slug = 'acme') AND slug = 'site'), 'r', 0)",
			[]string{"50 'r' 0"}},
		{"two tables", "INSERT INTO grant_(permission, role) SELECT p.id, r.id " +
			"FROM permission p, role AS r WHERE p.action = 'read' AND p.entity = 'note' AND " +
			"'user' = r.name",
			[]string{"1 'r2' NULL"}},
		{"a join, the last table first",
			"INSERT INTO grant_ SELECT p.id, 'r', o.slug AS s FROM project p " +
				"JOIN org o ON o.id = p.org AND p.slug == 'site' WHERE o.slug = 'acme'",
			[]string{"50 'r' 'acme'"}},
		{"rows before in the script",
			"INSERT INTO role VALUES('r3', 'mod'); INSERT INTO grant_ VALUES(1, (SELECT id " +
				"FROM role WHERE name = 'mod'), NULL)", []string{"1 'r3' NULL"}},
		{"the clauses of the INSERT",
			"INSERT OR IGNORE INTO grant_ VALUES(1, (SELECT id FROM role " +
				"WHERE name = 'user'), 1), (1, 'r2', 2);" +
				"INSERT INTO grant_ SELECT 1, id, 3 FROM role " +
				"WHERE name = 'user' ON CONFLICT(permission, role) DO UPDATE SET note = 4",
			[]string{"1 'r2' 4"}},
		{"a query without tables", "INSERT INTO grant_ SELECT 1, 'a', -2.5",
			[]string{"1 'a' -2.5"}},
		{"NULL from a row",
			"INSERT INTO org VALUES(9, NULL); INSERT INTO grant_ SELECT 1, slug, 0 FROM org " +
				"WHERE id = 9", []string{"1 NULL 0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := openLookups(t, lookupRows, test.script)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, grants(t, s.Conn)); diff != "" {
				t.Errorf("looked up: %s", diff)
			}
			sqlites, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			defer sqlites.Close()
			if err := sqlites.ExecScript(lookupRows + test.script); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(grants(t, sqlites), grants(t, s.Conn)); diff != "" {
				t.Errorf("SQLite inserts something else: %s", diff)
			}
		})
	}
}

func TestLookupsThatAreRefused(t *testing.T) {
	const into = "INSERT INTO role VALUES('r3', 'mod');\nINSERT INTO grant_(permission, role) "
	tests := []struct{ name, script, want string }{
		{"no row", into + "VALUES(1,\n (SELECT id FROM role WHERE name = 'nobody'))",
			"seed.sql:3:18: there is no row of role with name = 'nobody', neither in the target " +
				"nor before in the script"},
		{"a row that comes later",
			"INSERT INTO grant_(role) SELECT id FROM role WHERE name = 'mod';" + into +
				"VALUES(1, 2)",
			"seed.sql:1:41: there is no row of role with name = 'mod', neither in the target nor " +
				"before in the script"},
		{"NULL finds nothing", into + "VALUES(1, (SELECT id FROM role WHERE name = NULL))",
			"seed.sql:2:64: there is no row of role with name = NULL, neither in the target nor " +
				"before in the script"},
		{"no unique key", into + "SELECT id, 'r1' FROM permission WHERE action = 'write'",
			"seed.sql:2:59: the statement cannot be part of a seed: " +
				"a row of permission is looked up by no unique key"},
		{"no key at all", into + "SELECT a, b FROM loose WHERE a = 1",
			"seed.sql:2:55: the statement cannot be part of a seed: " +
				"a row of loose is looked up by no unique key"},
		{"two tables that need each other",
			into + "SELECT p.id, o.id FROM project p, org o WHERE o.id = p.org AND p.slug = 'site'",
			"seed.sql:2:61: the statement cannot be part of a seed: " +
				"a row of project is looked up by no unique key"},
		{"another comparison", into + "SELECT id, 1 FROM permission WHERE id > 1",
			"seed.sql:2:1: INSERT INTO grant_(permission, role) SEL… cannot be part of a seed: " +
				"seed.sql:2:76: met > where = is expected"},
		{"OR", into + "SELECT id, 1 FROM permission WHERE id = 1 OR id = 2",
			"seed.sql:2:1: INSERT INTO grant_(permission, role) SEL… cannot be part of a seed: " +
				"seed.sql:2:80: met OR where a comma or the end of the statement is expected"},
		{"an expression", into + "SELECT id + 1, 1 FROM permission WHERE id = 1",
			"seed.sql:2:1: INSERT INTO grant_(permission, role) SEL… cannot be part of a seed: " +
				"seed.sql:2:48: met + where a comma or the end of the statement is expected"},
		{"a function", into + "SELECT max(id), 1 FROM permission WHERE id = 1",
			"seed.sql:2:1: INSERT INTO grant_(permission, role) SEL… cannot be part of a seed: " +
				"seed.sql:2:45: met max where a literal is expected"},
		{"a comparison of two literals",
			into + "SELECT id, 1 FROM permission WHERE id = 1 AND 1 = 1",
			"seed.sql:2:84: the statement cannot be part of a seed: " +
				"it does not compare a column with a value or another table's column"},
		{"a column that could be either table's",
			into + "SELECT id, 1 FROM permission, role WHERE id = 1",
			"seed.sql:2:79: the statement cannot be part of a seed: " +
				"column id is in more than one table"},
		{"a string in double quotes", into +
			`VALUES(1, (SELECT id FROM role WHERE name = "admin"))`,
			"seed.sql:2:82: the statement cannot be part of a seed: " +
				"no table here has a column admin"},
		{"no such table", into + "VALUES(1, (SELECT id FROM roles WHERE name = 'admin'))",
			"seed.sql:2:64: there is no table roles (did you mean role?)"},
		{"two values", into + "VALUES(1, (SELECT id, name FROM role WHERE name = 'admin'))",
			"seed.sql:2:48: the statement cannot be part of a seed: " +
				"a query in parentheses must have one column"},
		{"a LEFT JOIN", into +
			"SELECT p.id, r.id FROM permission p LEFT JOIN role r ON r.name = 'x' WHERE p.id = 1",
			"seed.sql:2:1: INSERT INTO grant_(permission, role) SEL… cannot be part of a seed: " +
				"seed.sql:2:74: met LEFT where a comma or the end of the statement is expected"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := openLookups(t, lookupRows, test.script)
			var at *seed.StatementError
			if !errors.As(err, &at) || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// TestLookupsFindTheTargetsRowFirst checks that a lookup prefers the target's row to a row of the
// script that has the same name.
func TestLookupsFindTheTargetsRowFirst(t *testing.T) {
	s, err := openLookups(t, lookupRows,
		"INSERT INTO role VALUES('dev', 'admin'); INSERT INTO grant_ VALUES(1, (SELECT id "+
			"FROM role WHERE name = 'admin'), NULL)")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 'r1' NULL"}, grants(t, s.Conn)); diff != "" {
		t.Error(diff)
	}
}

// TestTheirs marks with a "!" the values that the target has given, and with a
// "?" those of a default.
func TestTheirs(t *testing.T) {
	s, err := openLookups(t, lookupRows, `
		INSERT INTO role VALUES ('r3', 'pilot');
		INSERT INTO grant_ VALUES (1, (SELECT id FROM role WHERE name = 'admin'), 'a'),
			(1, 'r2', 'b');
		INSERT INTO grant_ VALUES (3, 'r1', 'c');
		INSERT INTO grant_ (role, permission) SELECT r.id, p.id FROM role r, permission p
			WHERE r.name = 'pilot' AND p.action = 'write' AND p.entity = 'note';
		INSERT INTO loose (b) VALUES ((SELECT id FROM project
			WHERE org = (SELECT id FROM org WHERE slug = 'acme') AND slug = 'site'));`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"role":   {"'r3' 'pilot'"},
		"grant_": {"1 'r1'! 'a'", "1 'r2' 'b'", "3 'r1' 'c'", "2! 'r3' NULL?"},
		"loose":  {"NULL? 50!"},
	}
	got := map[string][]string{}
	for _, table := range s.Schema.Tables {
		for row, err := range s.Rows(table) {
			if err != nil {
				t.Fatal(err)
			}
			var words []string
			for i, v := range row.Values {
				word := quoted(v)
				if row.Theirs != nil && row.Theirs[i] {
					word += "!"
				}
				if row.Unsaid != nil && row.Unsaid[i] {
					word += "?"
				}
				words = append(words, word)
			}
			got[table.Name] = append(got[table.Name], strings.Join(words, " "))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// quoted writes an integer, a text or NULL as SQL.
func quoted(v sqlite.Value) string {
	switch v.Kind() {
	case sqlite.Integer:
		return fmt.Sprint(v.Int64())
	case sqlite.Text:
		return "'" + v.Data() + "'"
	}
	return "NULL"
}

func TestWithoutATargetNothingIsLookedUp(t *testing.T) {
	_, err := seed.Open(t.Context(), seed.Source{
		Path: "seed.sql",
		Script: strings.NewReader(lookupRows +
			"INSERT INTO grant_(role) SELECT id FROM role WHERE name = 'admin'"),
	})
	if !errors.Is(err, seed.ErrNotASeed) {
		t.Errorf("got %v, want ErrNotASeed", err)
	}
}
