package generate_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestWhole lets a set that has all roles meet the roles of the schema's scripts.
func TestWhole(t *testing.T) {
	const role = "CREATE TABLE role(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	tests := []struct{ name, rows, want string }{
		{"none", "", ""},
		{"the same", "INSERT INTO role VALUES('a', 'admin'), ('u', 'user');", ""},
		{"more", "INSERT INTO role VALUES('a', 'admin'), ('u', 'user'), ('e', 'editor');", ""},
		{"others", "INSERT INTO role VALUES('o', 'owner'), ('m', 'mem\nber');",
			`role/admin: the schema's scripts have rows of role already ("owner", "mem\nber"), ` +
				"and the set test does not add to them"},
		{"one of them", "INSERT INTO role VALUES('a', 'admin'), ('m', 'member');",
			`role/user: the schema's scripts have rows of role already ("admin", "member"), ` +
				"and the set test does not add to them"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			opts := options(role+test.rows, func(s *generate.Fixtures) {
				s.Add("role", "admin", generate.Row{"name": "admin"})
				s.Add("role", "user", generate.Row{"name": "user"})
			})
			opts.Sets[0].Whole = []string{"Role", "elsewhere"}
			_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"), opts)
			got := ""
			if mistake, ok := errors.AsType[*generate.FixtureError](err); ok {
				got = mistake.Path + ": " + mistake.Msg
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
