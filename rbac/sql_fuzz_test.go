package rbac_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// FuzzChange brings a database with any names to a policy with any names, by statements and by
// apply. The policy's roles then have what it gives them, and the others what they had.
func FuzzChange(f *testing.F) {
	f.Add("admin", "ADMIN", "read", "read ", "any")
	f.Add("it's", `"`, "a:b", "a,b", "*")
	f.Add("a\nb", "a\r\nb", "'", "''", `\`)
	f.Add("x'); DROP TABLE Role; --", "x", "%", "_", "é")
	f.Add("1", "01", "1e0", "1.0", "NULL")
	f.Add("admin", "admin\x00", "r", "r\x00", "\x00")
	f.Add("stranger", "strangers", "stranger", "strange", "own")
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "schema.sql")
	if err := os.WriteFile(path, schema, 0o666); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, role, other, action, otherAction, access string) {
		may := rbac.Permission{Action: action, Entity: "note", Access: access}
		p := rbac.Policy{
			Actions: []string{action}, Entities: []string{"note"}, Accesses: []string{access},
			Roles: []rbac.Role{{Name: role, Grants: []rbac.Grant{rbac.Grant(may.String())}}},
		}
		if p.Validate() != nil || role == other || other == "" {
			t.Skip()
		}
		fresh := func() string {
			return othersDatabase(t, string(schema), role, other, otherAction, access)
		}
		want := roleGrants(t, fresh())
		want[role] = []string{fmt.Sprintf("%q", []string{action, "note", access})}
		db := fresh()
		sqlOn(t, p, path, db, rbac.SQLOptions{Revoke: true})
		if diff := cmp.Diff(want, roleGrants(t, db)); diff != "" {
			t.Errorf("by statements: %s", diff)
		}
		db = fresh()
		if _, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, "SELECT 1"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, roleGrants(t, db)); diff != "" {
			t.Errorf("by apply: %s", diff)
		}
	})
}

// othersDatabase has a role of the policy and another, and permissions that the policy does not
// give.
func othersDatabase(t *testing.T, schema, role, other, action, access string) string {
	t.Helper()
	db := testdb.Make(t, "wal", schema)
	c := testdb.Connect(t, db, sqlite.ReadWrite)
	defer c.Close()
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO Role(id, name, updatedAt) VALUES('r1', ?, 0), ('r2', ?, 0)",
			[]any{role, other}},
		{"INSERT INTO Permission(id, action, entity, access, updatedAt) VALUES " +
			"('p1', ?, 'NOTE', ?, 0), ('p2', ?, 'notes', ?, 0)",
			[]any{action, access, action, access}},
		{"INSERT INTO _PermissionToRole VALUES('p1', 'r1'), ('p2', 'r1'), ('p1', 'r2')", nil},
	} {
		if err := c.Exec(s.sql, s.args...); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// roleGrants returns the permissions of each role, read without package rbac.
func roleGrants(t *testing.T, db string) map[string][]string {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	out := map[string][]string{}
	for row, err := range c.Query(`SELECT r.name, p.action, p.entity, p.access FROM Role r
		LEFT JOIN _PermissionToRole ON B = r.id LEFT JOIN Permission p ON p.id = A`) {
		if err != nil {
			t.Fatal(err)
		}
		grant := fmt.Sprintf("%q", []string{row.Text(1), row.Text(2), row.Text(3)})
		out[row.Text(0)] = append(out[row.Text(0)], grant)
	}
	for name := range out {
		slices.SortFunc(out[name], strings.Compare)
	}
	return out
}
