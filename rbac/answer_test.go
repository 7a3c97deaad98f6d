package rbac_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// texts writes reasons for a test.
func texts(reasons []rbac.Reason) []string {
	out := []string{}
	for _, r := range reasons {
		switch {
		case r.Superuser:
			out = append(out, "superuser")
		case r.Direct:
			out = append(out, "direct "+r.Permission.String())
		default:
			out = append(out, r.Role+" "+r.Permission.String())
		}
	}
	return out
}

func TestDatabaseReasons(t *testing.T) {
	authPolicy := rbac.Policy{
		Actions: []string{"ban"}, Entities: []string{"user"},
		Roles: []rbac.Role{{Name: "admin", Grants: []rbac.Grant{"ban:user"}}, {Name: "user"}},
	}
	tests := []struct {
		title, path string
		policy      rbac.Policy
		user        string
		check       rbac.Check
		want        []string
	}{
		{"both roles", epicStack(t, ""), rbac.Policy{}, "kody", "delete:note",
			[]string{"admin delete:note:any", "user delete:note:own"}},
		{"own alone", epicStack(t, ""), rbac.Policy{}, "ann@example.com", "delete:note:own",
			[]string{"user delete:note:own"}},
		{"any is no own", epicStack(t, "DELETE FROM _RoleToUser WHERE A = 'r2';"), rbac.Policy{},
			"kody", "delete:note:own", []string{}},
		{"the rows count, not the policy", epicStack(t, "DELETE FROM _PermissionToRole;"),
			rbac.EpicStack(), "kody", "delete:note", []string{}},
		{"no role", epicStack(t, ""), rbac.EpicStack(), "u3", "delete:note", []string{}},
		{"a role that no policy can name", epicStack(t, `
			INSERT INTO Role(id, name, updatedAt) VALUES('r3', x'00', 0);
			INSERT INTO _RoleToUser VALUES('r3', 'u3');
			INSERT INTO _PermissionToRole VALUES('p1', 'r3');`), rbac.Policy{}, "u3",
			"create:user", []string{"x'00' create:user:own"}},
		{"Django's group", testdb.Make(t, "DELETE", django), rbac.Policy{}, "ann",
			"add_note:notes.note", []string{"Editors add_note:notes.note"}},
		{"Django's direct permission", testdb.Make(t, "DELETE", django), rbac.Policy{}, "bob",
			"delete_note:notes.note", []string{"direct delete_note:notes.note"}},
		{"Django's superuser", testdb.Make(t, "DELETE", django), rbac.Policy{}, "root",
			"delete_note:notes.note", []string{"superuser"}},
		{"spatie's role", testdb.Make(t, "DELETE", spatie), rbac.Policy{}, "ann@example.com",
			"edit articles", []string{"writer edit articles"}},
		{"spatie's star is a letter", testdb.Make(t, "DELETE", spatie), rbac.Policy{}, "2",
			"publish articles", []string{"direct publish articles"}},
		{"Ghost", testdb.Make(t, "DELETE", ghost), rbac.Policy{}, "ghost@example.com",
			"browse:post", []string{"Editor browse:post"}},
		{"better-auth", testdb.Make(t, "DELETE", betterAuth), authPolicy, "u1", "ban:user",
			[]string{"admin ban:user"}},
		{"better-auth does not trim", testdb.Make(t, "DELETE", betterAuth), authPolicy, "u4",
			"ban:user", []string{}},
		{"better-auth without a role", testdb.Make(t, "DELETE", betterAuth), authPolicy, "u3",
			"ban:user", []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			d := open(t, tt.path, rbac.Layout{})
			u, err := d.User(tt.user)
			if err != nil {
				t.Fatal(err)
			}
			reasons, err := d.Reasons(tt.policy, u, tt.check)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, texts(reasons)); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}

// An ill-formed check must be an error, also for a superuser and for nobody.
func TestDatabaseReasonsRefuses(t *testing.T) {
	for _, sql := range []string{django, ghost, betterAuth} {
		d := open(t, testdb.Make(t, "DELETE", sql), rbac.Layout{})
		p := rbac.Policy{Actions: []string{"a"}, Entities: []string{"b"}}
		for user, err := range d.Users() {
			if err != nil {
				t.Fatal(err)
			}
			for _, check := range []rbac.Check{"", "delete", "a:b:c:d", ":b", "a:"} {
				reasons, err := d.Reasons(p, user, check)
				var wrong *rbac.CheckError
				if !errors.As(err, &wrong) || len(reasons) > 0 {
					t.Errorf("%s, %q: %v, %v; want a CheckError and no reason", user.Name, check,
						reasons, err)
				}
			}
		}
		for holder, err := range d.UsersWith(p, "delete") {
			if err == nil {
				t.Errorf("an ill-formed check yields %v", holder)
			}
		}
	}
}

// The answers must be those of the app's own query, whatever names there are.
func FuzzDatabaseReasons(f *testing.F) {
	for seed := range uint64(30) {
		f.Add(seed, "x")
	}
	f.Fuzz(func(t *testing.T, seed uint64, more string) {
		path := makeHostile(t, seed, more)
		d := open(t, path, rbac.Layout{})
		app := testdb.Connect(t, path, sqlite.ReadOnly)
		for u, err := range d.Users() {
			if err != nil {
				t.Fatal(err)
			}
			for _, stored := range d.Permissions() {
				parts := partsOf(d, stored.Permission)
				check := rbac.Check(strings.Join(parts, ":"))
				reasons, err := d.Reasons(rbac.EpicStack(), u, check)
				marks := len(parts) > 1 && strings.ContainsAny(strings.Join(parts, ""), ":,")
				if err != nil || marks {
					continue
				}
				if want := passes(t, app, u.ID, parts); (len(reasons) > 0) != want {
					t.Errorf("user %q, check %q: %v, want %v", u.ID, check, reasons, want)
				}
			}
		}
	})
}

// partsOf returns the parts of a permission that the database stores.
func partsOf(d *rbac.Database, p rbac.Permission) []string {
	parts := []string{p.Action}
	if d.Layout().Permissions.Entity != "" {
		parts = append(parts, p.Entity)
	}
	if d.Layout().Permissions.Access != "" {
		parts = append(parts, p.Access)
	}
	return parts
}

// passes runs the query of an app on the tables of makeHostile.
func passes(t *testing.T, c *sqlite.Conn, user string, parts []string) bool {
	sql := `SELECT count(*) FROM UserRole ur JOIN Role r ON r.id = ur.roleId
		JOIN RolePermission rp ON rp.roleId = r.id JOIN Permission p ON p.id = rp.permissionId
		WHERE ur.userId = ?`
	args := []any{user}
	for i, part := range parts {
		column := []string{"action", "entity", "access"}[i]
		sql += fmt.Sprintf(` AND CASE typeof(p.%s) WHEN 'null' THEN ''
			WHEN 'blob' THEN 'x''' || lower(hex(p.%[1]s)) || ''''
			ELSE CAST(p.%[1]s AS TEXT) END = ?`, column)
		args = append(args, part)
	}
	n, err := c.Int64(sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}
