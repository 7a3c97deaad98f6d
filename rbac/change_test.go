package rbac_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// A shape is a database of one tool, and a change of its policy.
type shape struct {
	name   string
	sql    string // the schema and the rows
	change func(*rbac.Policy)
	// counts is a query for what the change comes to, and want its result.
	counts, want string
	rename       bool // the change only renames
}

// shapes has a change for each layout: a role is renamed, a grant goes to another role, and a new
// role gets a new permission.
func shapes(t *testing.T) []shape {
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	auditor := func(grants ...rbac.Grant) rbac.Role {
		return rbac.Role{Name: "auditor's\n\"role\";--", Description: "looks", Grants: grants}
	}
	return []shape{
		{
			name: "Epic Stack", sql: string(schema) + epicRows,
			change: func(p *rbac.Policy) {
				p.Actions = append(p.Actions, "au'dit")
				p.Roles[0].Grants = []rbac.Grant{"*:user:any", "create,update,delete:note:any"}
				p.Roles[1].Name, p.Roles[1].Formerly = "member", []string{"user", "people"}
				p.Roles = append(p.Roles, auditor("read,au'dit:note:any"))
			},
			counts: `SELECT name || ' ' ||
				(SELECT count(*) FROM _PermissionToRole WHERE B = r.id) || ' ' ||
				(SELECT count(*) FROM _RoleToUser WHERE A = r.id) FROM Role r ORDER BY name`,
			want: "admin 8 1\nauditor's\n\"role\";-- 2 0\nmember 10 2\n",
		},
		{
			name: "Django", sql: django,
			change: func(p *rbac.Policy) {
				p.Actions = append(p.Actions, "view_tag")
				p.Entities = append(p.Entities, "tags.tag")
				p.Roles[0].Grants = []rbac.Grant{"add_note:notes.note"}
				p.Roles[1].Name, p.Roles[1].Formerly = "Somebody", []string{"Nobody"}
				p.Roles = append(p.Roles, auditor("view_tag:tags.tag", "add_user:auth.user"))
			},
			counts: `SELECT name || ' ' || (SELECT group_concat(p.codename ORDER BY codename)
					FROM auth_group_permissions JOIN auth_permission p ON p.id = permission_id
					WHERE group_id = g.id)
				|| ' ' || (SELECT count(*) FROM auth_user_groups WHERE group_id = g.id)
				FROM auth_group g WHERE name <> 'Somebody' ORDER BY name`,
			want: "Editors add_note 1\nauditor's\n\"role\";-- add_user,view_tag 0\n",
		},
		{
			name: "spatie", sql: spatie,
			change: func(p *rbac.Policy) {
				p.Actions = append(p.Actions, "audit articles")
				p.Roles[0].Name, p.Roles[0].Formerly = "author", []string{"writer"}
				p.Roles[1].Grants = nil
				p.Roles = append(p.Roles, auditor("audit articles", "edit articles"))
			},
			counts: `SELECT name || ' ' || guard_name || ' ' ||
				(SELECT count(*) FROM role_has_permissions WHERE role_id = r.id) || ' ' ||
				(SELECT count(*) FROM model_has_roles WHERE role_id = r.id)
				FROM roles r ORDER BY name`,
			want: "Super-Admin web 0 0\nauditor's\n\"role\";-- web 2 0\nauthor web 1 1\n",
		},
		{
			name: "Ghost", sql: ghost,
			change: func(p *rbac.Policy) {
				p.Actions = append(p.Actions, "audit")
				p.Roles[0].Grants = []rbac.Grant{"browse,publish:post"}
				p.Roles[1].Name, p.Roles[1].Formerly = "Writer", []string{"Editor"}
				p.Roles = append(p.Roles, auditor("audit:post", "destroy:user"))
			},
			counts: `SELECT name || ' ' ||
				(SELECT count(*) FROM permissions_roles WHERE role_id = r.id) || ' ' ||
				(SELECT count(*) FROM roles_users WHERE role_id = r.id) FROM roles r ORDER BY name`,
			want: "Administrator 2 0\nWriter 1 1\nauditor's\n\"role\";-- 2 0\n",
		},
		{
			name: "better-auth", sql: betterAuth, rename: true,
			change: func(p *rbac.Policy) {
				i := slices.IndexFunc(p.Roles, func(r rbac.Role) bool { return r.Name == "user" })
				p.Roles[i].Name, p.Roles[i].Formerly = "mem'ber", []string{"user"}
			},
			counts: `SELECT name || ' ' || ifnull(role, '') FROM user ORDER BY name`,
			want:   "Ann admin,mem'ber\nBob mem'ber\nCid \nDan mem'ber, admin\n",
		},
		{
			name: "roles with a table and names in texts", sql: `
				CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
				CREATE TABLE users(id INTEGER PRIMARY KEY, login TEXT UNIQUE, role TEXT);
				CREATE TABLE permissions(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
				CREATE TABLE role_permissions(role_id INTEGER REFERENCES roles,
					permission_id INTEGER REFERENCES permissions,
					PRIMARY KEY(role_id, permission_id));
				INSERT INTO roles VALUES(1, 'admin'), (2, 'user');
				INSERT INTO permissions VALUES(1, 'see'), (2, 'do');
				INSERT INTO role_permissions VALUES(1, 1), (1, 2), (2, 1);
				INSERT INTO users VALUES(1, 'ann', 'admin,user'), (2, 'bob', 'user');`,
			change: func(p *rbac.Policy) {
				p.Roles[1].Name, p.Roles[1].Formerly = "member", []string{"user"}
				p.Roles = append(p.Roles, auditor("see"))
			},
			counts: `SELECT name || ' ' ||
					(SELECT count(*) FROM role_permissions WHERE role_id = r.id) FROM roles r
				UNION ALL SELECT login || ' ' || role FROM users ORDER BY 1`,
			want: "admin 2\nann admin,member\nauditor's\n\"role\";-- 1\nbob member\nmember 1\n",
		},
		{
			name: "a user has one role", sql: `
				CREATE TABLE roles(id INTEGER PRIMARY KEY, slug TEXT UNIQUE);
				CREATE TABLE users(id INTEGER PRIMARY KEY, login TEXT UNIQUE,
					role_id INTEGER REFERENCES roles);
				INSERT INTO roles VALUES(1, 'admin'), (2, 'user');
				INSERT INTO users VALUES(1, 'ann', 1), (2, 'bob', 2);`,
			change: func(p *rbac.Policy) {
				p.Roles[1].Name, p.Roles[1].Formerly = "member", []string{"user"}
				p.Roles = append(p.Roles, auditor())
			},
			counts: `SELECT slug || ' ' || (SELECT count(*) FROM users WHERE role_id = r.id)
				FROM roles r ORDER BY slug`,
			want: "admin 1\nauditor's\n\"role\";-- 0\nmember 1\n",
		},
	}
}

// policyOf returns the policy of a shape after the change.
func (s shape) policyOf(t *testing.T) rbac.Policy {
	t.Helper()
	d := open(t, testdb.Make(t, "wal", s.sql), rbac.Layout{})
	p := d.Policy()
	p.Layout = d.Layout()
	s.change(&p)
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p
}

// agrees checks that a database is as the policy has it, but for permissions without a role.
func (s shape) agrees(t *testing.T, p rbac.Policy, db string) {
	t.Helper()
	d := open(t, db, p.Layout)
	diff, err := rbac.Compare(p, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range diff.Changes {
		if c.Kind != rbac.DirectGrant {
			t.Errorf("a difference remains: %+v", c)
		}
	}
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	if diff := cmp.Diff(s.want, testdb.Text(t, c, s.counts)); diff != "" {
		t.Error(diff)
	}
}

func TestApply(t *testing.T) {
	for _, s := range shapes(t) {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(s.name+"/"+mode, func(t *testing.T) {
				p := s.policyOf(t)
				db := testdb.Make(t, mode, s.sql)
				before := whole(t, db)
				opts := rbac.ApplyOptions{Revoke: true, Options: apply.Options{Now: testdb.Now}}
				plan, err := rbac.Preview(t.Context(), p, db, opts)
				if err != nil || plan.Changes() == 0 {
					t.Fatalf("plan %+v, %v", plan, err)
				}
				if diff := cmp.Diff(before, whole(t, db)); diff != "" {
					t.Errorf("the preview changed %s", diff)
				}
				result, err := rbac.Apply(t.Context(), p, db, opts)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(plan, result.Plan); diff != "" || result.Backup.Path == "" {
					t.Errorf("backup %q, plan %s", result.Backup.Path, diff)
				}
				s.agrees(t, p, db)
				after := whole(t, db)
				again, err := rbac.Apply(t.Context(), p, db, opts)
				if err != nil || again.Plan.Changes() != 0 || again.Backup.Path != "" {
					t.Errorf("the second run: %+v, %v", again, err)
				}
				if diff := cmp.Diff(after, whole(t, db)); diff != "" {
					t.Errorf("the second run changed %s", diff)
				}
			})
		}
	}
}

// whole returns all rows of a database.
func whole(t *testing.T, db string) string {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	var out strings.Builder
	const tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"
	for _, name := range strings.Fields(testdb.Text(t, c, tables)) {
		var columns []string
		info := "SELECT name FROM pragma_table_info('" + name + "')"
		for _, column := range strings.Fields(testdb.Text(t, c, info)) {
			columns = append(columns, `quote("`+column+`")`)
		}
		out.WriteString(name + "\n" + testdb.Text(t, c,
			"SELECT "+strings.Join(columns, " || ', ' || ")+` FROM "`+name+`" ORDER BY 1`))
	}
	return out.String()
}

func TestSQL(t *testing.T) {
	for _, s := range shapes(t) {
		t.Run(s.name, func(t *testing.T) {
			p := s.policyOf(t)
			revoke := rbac.SQLOptions{Revoke: true}
			statements, err := rbac.SQL(t.Context(), p, schemaFile(t, s.sql), revoke)
			if err != nil {
				t.Fatal(err)
			}
			script := strings.Join(statements, "\n")
			for name, run := range engines(t) {
				t.Run(name, func(t *testing.T) {
					db := testdb.Make(t, "wal", s.sql)
					run(t, db, script)
					s.agrees(t, p, db)
					after := whole(t, db)
					run(t, db, script)
					if diff := cmp.Diff(after, whole(t, db)); diff != "" {
						t.Errorf("the second run changed %s", diff)
					}
				})
			}
		})
	}
}

func schemaFile(t *testing.T, sql string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path, []byte(sql), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}
