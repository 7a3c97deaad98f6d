package generate_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// explained has a column for every kind of origin.
const explained = `
	CREATE TABLE role(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	INSERT INTO role VALUES (1, 'admin'), (2, 'user');
	CREATE TABLE user(id TEXT PRIMARY KEY CHECK (length(id) = 36), email TEXT NOT NULL UNIQUE,
		name TEXT CHECK (name IN ('Ada', 'Bob')), title VARCHAR(12) UNIQUE,
		slogan TEXT NOT NULL CHECK (slogan GLOB '[a-z]*' AND slogan <> 'x'),
		level INTEGER NOT NULL DEFAULT 3, is_admin INTEGER NOT NULL, boss TEXT REFERENCES user(id),
		role INTEGER NOT NULL REFERENCES role(id),
		created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
		last_login DATETIME, initial TEXT AS (substr(email, 1, 1)));
	CREATE TABLE profile(user TEXT NOT NULL UNIQUE REFERENCES user(id), bio TEXT NOT NULL,
		hits INTEGER NOT NULL, stars INTEGER);
	CREATE TABLE user_role(user TEXT NOT NULL REFERENCES user(id),
		role INTEGER NOT NULL REFERENCES role(id), PRIMARY KEY(user, role));
	CREATE TABLE log(at TEXT);
	CREATE TABLE alone(id INTEGER PRIMARY KEY, orphan INTEGER NOT NULL REFERENCES empty(id));
	CREATE TABLE empty(id INTEGER PRIMARY KEY CHECK (id < 0));
	CREATE TRIGGER counted AFTER INSERT ON profile BEGIN
		UPDATE profile SET hits = 7 WHERE rowid = new.rowid;
		INSERT INTO log VALUES('x');
	END;`

func fillExplained(s *generate.Fixtures) {
	s.Add("user", "boss", generate.Row{
		"email": "boss@example.com", "name": nil,
	}, generate.Link(s.Ref("role", "admin")))
	s.Add("role", "admin", generate.Row{"name": "admin"})
	s.Many("user", "demo", 30, generate.Row{
		"email": func(f *generate.Fake) any { return f.Email() }, "boss": s.Ref("user", "boss"),
	})
	s.Many("profile", "p", 31, generate.Row{"stars": 5})
}

// TestExplain checks that the explanation is true: each claim is compared with the rows of the same
// options.
func TestExplain(t *testing.T) {
	opts := options(explained, fillExplained)
	e, err := generate.Explain(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	d := write(t, opts)
	columns := map[string]generate.ColumnExplanation{}
	for _, table := range e.Tables {
		got := fmt.Sprint(table.Rows + table.Baseline + table.Others)
		if diff := cmp.Diff(d.one("SELECT count(*) FROM "+table.Table), got); diff != "" {
			t.Errorf("rows of %s: %s", table.Table, diff)
		}
		for _, c := range table.Columns {
			columns[table.Table+"."+c.Column] = c
			n := int64(0)
			for _, o := range c.Origins {
				n += o.Rows
			}
			if n != table.Rows {
				t.Errorf("%s.%s: the origins have %d rows of %d", table.Table, c.Column, n,
					table.Rows)
			}
		}
	}
	tests := []struct {
		column string
		kind   string
		what   string
		why    string
		sql    string // the number of rows for which the claim is true
	}{
		{"user.id", "id", "a UUID", "by the length that a CHECK of user.id demands",
			"SELECT sum(id GLOB '????????-????-7*') FROM user"},
		{"user.email", "fixture", "the fixture's value", "explain_test.go",
			"SELECT sum(email = 'boss@example.com') FROM user"},
		{"user.email", "function", "a function of the fixture", "explain_test.go",
			"SELECT sum(email GLOB '*_??????@example.com') FROM user"},
		{"user.name", "null", "NULL", "the fixture gives it, explain_test.go",
			"SELECT sum(name IS NULL) FROM user"},
		{"user.name", "guess", `one of "Ada", "Bob"`, "CHECK",
			"SELECT sum(name IN ('Ada', 'Bob')) FROM user"},
		{"user.title", "guess", "a value for names that end in jobtitle, at most 12 characters",
			"the column's name, different in each row for a unique key",
			"SELECT sum(length(title) BETWEEN 7 AND 12) FROM user"},
		{"user.level", "default", "the default 3", "", "SELECT sum(level = 3) FROM user"},
		{"user.is_admin", "guess", "one of 0, 1", "the column's name",
			"SELECT sum(is_admin IN (0, 1)) FROM user"},
		{"user.boss", "reference", "the row of user that the fixture names", "explain_test.go",
			"SELECT sum(boss = (SELECT id FROM user WHERE email = 'boss@example.com')) FROM user"},
		{"user.boss", "null", "NULL", "a reference to the table itself, which may be NULL",
			"SELECT sum(boss IS NULL) FROM user"},
		{"user.role", "key", "a row of role", "foreign key",
			"SELECT sum(role IN (SELECT id FROM role)) FROM user"},
		{"user.created_at", "default", "the default CURRENT_TIMESTAMP", "",
			"SELECT sum(created_at = '2025-01-01 00:00:00') FROM user"},
		{"user.created_at", "guess", "a time in the year before the clock",
			"rows that are made one after another, with the default CURRENT_TIMESTAMP",
			"SELECT sum(created_at < '2025-01-01 00:00:00') FROM user"},
		{"user.last_login", "null", "NULL", "an event that may not have happened",
			"SELECT count(*) FROM user " +
				"WHERE last_login IS NULL"},
		{"user.initial", "generated", "what SQLite computes", "a generated column",
			"SELECT sum(initial = substr(email, 1, 1)) FROM user"},
		{"profile.user", "key", "a row of user", `foreign key, none twice for column "user"`,
			"SELECT count(DISTINCT user) FROM profile"},
		{"profile.stars", "fixture", "the fixture's value", "explain_test.go",
			"SELECT sum(stars = 5) FROM profile"},
		{"user_role.user", "part", "the row of user around it", "foreign key",
			"SELECT count(*) FROM user_role JOIN user ON id = user AND email LIKE 'boss%'"},
		{"user_role.role", "reference", "the row of role that the fixture names",
			"explain_test.go", "SELECT sum(role = 1) FROM user_role"},
	}
	for _, test := range tests {
		want := fmt.Sprint(test.kind, " ", test.what, " ", test.why, " ", d.one(test.sql))
		found := false
		var all []string
		for _, o := range columns[test.column].Origins {
			why := placesHere.ReplaceAllString(o.Why, "explain_test.go")
			got := fmt.Sprint(o.Kind, " ", o.What, " ", why, " ", o.Rows)
			all = append(all, got)
			found = found || got == want
		}
		if !found {
			t.Errorf("%s: got %q, want %s", test.column, all, want)
		}
	}
	if c := columns["user.created_at"]; c.Form != "sql" ||
		c.FormWhy != "as the default of user.created_at writes it" {
		t.Errorf("user.created_at: %s, %s", c.Form, c.FormWhy)
	}
	if diff := cmp.Diff([]string{"counted"}, columns["profile.hits"].Triggers); diff != "" {
		t.Errorf("triggers that change profile.hits:\n%s", diff)
	}
	if got := columns["alone.id"].Origins; len(got) != 1 || got[0].Kind != "id" {
		t.Errorf("a row that cannot be: %v", got)
	}
	for _, table := range e.Tables {
		if table.Table == "log" && table.Others != 31 {
			t.Errorf("%d rows of triggers in log, want 31", table.Others)
		}
		if table.Table == "empty" && table.Why == "" {
			t.Errorf("no reason why the table %s gets no row", table.Table)
		}
	}
}

// placesHere matches a place in this file.
var placesHere = regexp.MustCompile(`\S*explain_test\.go:.*`)

// TestExplainWritesNothing checks that an explanation leaves no file, and reports mistakes.
func TestExplainWritesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if _, err := generate.Explain(t.Context(), options(explained, fillExplained)); err != nil {
		t.Fatal(err)
	}
	_, err := generate.Explain(t.Context(), options(explained, func(s *generate.Fixtures) {
		s.Add("user", "x", generate.Row{"emial": 1})
	}))
	if err == nil {
		t.Error("no error for a mistake")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v left behind", left)
	}
}
