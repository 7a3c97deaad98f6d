package generate_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/generate"
)

// TestSound writes references that copy keys of other rows, and dangle nevertheless.
func TestSound(t *testing.T) {
	const missing = "refers to a row of table p that is not there"
	const some = "table c refers to rows of table p that are not there, 1 in all"
	const mismatch = `foreign key mismatch - "c" referencing "p"`
	part := func(s *generate.Fixtures) {
		s.Add("p", "x", generate.Row{"k": "007"}, generate.Has("c", nil))
	}
	tests := []struct {
		name, schema string
		fill         func(*generate.Fixtures)
		want         string
	}{
		{"the copy becomes a number", `CREATE TABLE p(k TEXT PRIMARY KEY);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k INTEGER REFERENCES p(k))`, part, some},
		{"the key stays as it is", `CREATE TABLE p(k ANY PRIMARY KEY) STRICT;
			CREATE TABLE c(id INTEGER PRIMARY KEY, k ANY REFERENCES p(k))`, part, some},
		{"a trigger deletes the key", `CREATE TABLE p(k TEXT PRIMARY KEY);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT REFERENCES p(k));
			CREATE TRIGGER t AFTER INSERT ON c BEGIN DELETE FROM p; END`, part, missing},
		{"a trigger changes the copy", `CREATE TABLE p(k TEXT PRIMARY KEY);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT REFERENCES p(k));
			CREATE TRIGGER t AFTER INSERT ON c BEGIN UPDATE c SET k = 'none'; END`, part, some},
		{"one column of two is a copy", `CREATE TABLE p(a TEXT, b TEXT, PRIMARY KEY(a, b));
			CREATE TABLE c(id INTEGER PRIMARY KEY, a TEXT, b TEXT,
				FOREIGN KEY (a, b) REFERENCES p(a, b))`,
			func(s *generate.Fixtures) {
				s.Add("p", "x", generate.Row{"a": "1", "b": "2"})
				s.Add("c", "y", generate.Row{"a": s.Ref("p", "x"), "b": "3"})
			}, missing},
		{"the default is no key", `CREATE TABLE p(k TEXT PRIMARY KEY);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT DEFAULT 'none' REFERENCES p(k))`,
			func(s *generate.Fixtures) {
				s.Add("p", "x", nil)
				s.Add("c", "y", nil)
			}, missing},
		{"the parent's column is no key", `CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT REFERENCES p(k))`, part, mismatch},
		{"the parent's column is a key of some rows", `
			CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT);
			CREATE UNIQUE INDEX pk ON p(k) WHERE k > '0';
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT REFERENCES p(k))`, part, mismatch},
		{"the key compares otherwise", `CREATE TABLE p(id INTEGER PRIMARY KEY, k TEXT);
			CREATE UNIQUE INDEX pk ON p(k COLLATE NOCASE);
			CREATE TABLE c(id INTEGER PRIMARY KEY, k TEXT REFERENCES p(k))`, part, mismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"),
				generate.Options{
					SchemaSQL: test.schema,
					Sets:      []generate.Set{{Name: "sound", Fill: test.fill}},
				})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
