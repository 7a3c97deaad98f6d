package rbac

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestProof changes the statements of a policy, so that the proof must find what is wrong.
func TestProof(t *testing.T) {
	const rows = `
		INSERT INTO Role(id, name, updatedAt) VALUES
			('r1', 'admin', 0), ('r2', 'user', 0), ('r3', 'old', 0);
		INSERT INTO Permission(id, action, entity, access, updatedAt) VALUES
			('p1', 'read', 'note', 'any', 0), ('p2', 'read', 'note', 'own', 0);
		INSERT INTO _PermissionToRole VALUES('p1', 'r1'), ('p2', 'r1');`
	p := EpicStack()
	p.Roles[0].Grants = []Grant{"read,update:note:any"}
	p.Roles[1].Grants = []Grant{"read:note:own"}
	p.Roles = append(p.Roles, Role{Name: "new", Formerly: []string{"old"}},
		Role{Name: "other", Formerly: []string{"was"}})
	without := func(has ...string) func([]string) []string {
		return func(statements []string) []string {
			return slices.DeleteFunc(statements, func(s string) bool {
				lacks := func(h string) bool { return !strings.Contains(s, h) }
				return !slices.ContainsFunc(has, lacks)
			})
		}
	}
	with := func(statement string) func([]string) []string {
		return func(statements []string) []string { return append(statements, statement) }
	}
	const one = "the statements fail on a database of the schema: "
	const other = "the statements fail on a database with other ids: "
	const differs = "it then differs from the policy: "
	const byID = "INSERT OR IGNORE INTO _PermissionToRole VALUES('p1', 'r1');"
	const stranger = "(SELECT id FROM Role WHERE name = 'stranger')"
	const wasOthers = other + "the role that the policy does not name had 2 users and " +
		"1 permissions, and has "
	tests := []struct {
		name   string
		change func([]string) []string
		want   string
	}{
		{"nothing", func(s []string) []string { return s }, ""},
		{"a grant", without(`INTO "_PermissionToRole"`, "'user'", "'read'"),
			one + differs + `missing grant, role "user", read:note:own`},
		{"a permission", without(`INTO "Permission"`, "'update'"),
			one + differs + `missing permission, update:note:any`},
		{"a rename", without(`UPDATE "Role"`, "'old'"),
			one + differs + `rename conflict, role "new"`},
		{"a rename of a role that the migrations do not have", without("'was'", "UPDATE"), other +
			differs + `rename conflict, role "other"`},
		{"a revocation", without("DELETE", "'admin'"),
			one + differs + `extra grant, role "admin", read:note:own`},
		{"bad SQL", with("SELEC 1;"), one + `near "SELEC": syntax error: SELEC 1;`},
		{"not idempotent", with(`UPDATE "Role" SET updatedAt = updatedAt + 1;`),
			one + `the second run changes rows: UPDATE "Role" SET updatedAt = updatedAt + 1;`},
		{"ids of the migrations", with(byID), other + "FOREIGN KEY constraint failed: " + byID},
		{"a role of others", with("DELETE FROM Role WHERE name = 'stranger';"),
			other + "the role that the policy does not name is gone"},
		{"users of others", with("DELETE FROM _RoleToUser WHERE A = " + stranger + ";"),
			wasOthers + "0 and 1"},
		{"grants of others", with("DELETE FROM _PermissionToRole WHERE B = " + stranger + ";"),
			wasOthers + "2 and 0"},
		{"only known grants are taken", func(s []string) []string {
			s = without("DELETE")(s)
			return append(s, "DELETE FROM _PermissionToRole WHERE A = 'p2' AND B = 'r1';")
		}, other + differs + `extra grant, role "admin", read:note:own`},
	}
	tables, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(schema, append(tables, rows...), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := &sqlWriter{
				policy: p, opts: SQLOptions{Revoke: true}, schema: schema, dir: t.TempDir(),
			}
			opts := generate.Options{SchemaPath: schema}
			_, err := generate.Write(t.Context(), w.path("schema.db"), opts)
			if err != nil {
				t.Fatal(err)
			}
			statements, err := w.write(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			changed := test.change(slices.Clone(statements))
			if test.want != "" && slices.Equal(changed, statements) {
				t.Fatal("the test changes nothing")
			}
			got := ""
			if err := w.prove(t.Context(), changed); err != nil {
				got = err.Error()
				if _, ok := errors.AsType[*ProofError](err); !ok {
					t.Errorf("%v is no ProofError", err)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
