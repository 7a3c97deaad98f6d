package rbac_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// lines writes a difference for a test, one line for each change.
func lines(d rbac.Diff) []string {
	out := []string{}
	for _, c := range d.Changes {
		line := string(c.Kind)
		if c.Role != "" {
			line += fmt.Sprintf(" role=%s", c.Role)
		}
		if c.Stored != "" && c.Stored != c.Role {
			line += fmt.Sprintf(" stored=%s", c.Stored)
		}
		if c.Permission != (rbac.Permission{}) {
			line += " " + c.Permission.String()
		}
		if len(c.IDs) > 0 {
			line += fmt.Sprintf(" %s[%s]", c.Table, strings.Join(c.IDs, " "))
		}
		if c.Members > 0 {
			line += fmt.Sprintf(" members=%d", c.Members)
		}
		if len(c.Users) > 0 {
			line += fmt.Sprintf(" users=%s", strings.Join(c.Users, ","))
		}
		out = append(out, line)
	}
	return out
}

func TestCompareEpicStack(t *testing.T) {
	renamed := rbac.EpicStack()
	renamed.Roles[0].Name, renamed.Roles[0].Formerly = "owner", []string{"boss", "admin"}
	tests := []struct {
		title  string
		policy rbac.Policy
		sql    string
		want   []string
	}{
		{"nothing", rbac.EpicStack(), "", []string{}},
		{"a grant lacks", rbac.EpicStack(), `
			DELETE FROM _PermissionToRole WHERE B = 'r2' AND A = (SELECT id FROM Permission
				WHERE action = 'read' AND entity = 'note' AND access = 'own');`,
			[]string{"missing grant role=user read:note:own"}},
		{"a permission lacks", rbac.EpicStack(), `
			DELETE FROM Permission WHERE action = 'read' AND entity = 'note' AND access = 'own';
			DELETE FROM _PermissionToRole WHERE A NOT IN (SELECT id FROM Permission);`,
			[]string{"missing permission read:note:own", "missing grant role=user read:note:own"}},
		{"a role gained any", rbac.EpicStack(), `
			INSERT INTO _PermissionToRole SELECT id, 'r1' FROM Permission
				WHERE action = 'read' AND entity = 'user' AND access = 'own';
			INSERT INTO _PermissionToRole SELECT id, 'r2' FROM Permission
				WHERE action = 'delete' AND entity = 'user' AND access = 'any';`,
			[]string{"extra grant role=user delete:user:any members=2",
				"extra grant role=admin read:user:own members=1"}},
		{"a role lacks", rbac.EpicStack(), `
			DELETE FROM _RoleToUser; DELETE FROM _PermissionToRole WHERE B = 'r2';
			DELETE FROM Role WHERE id = 'r2';`,
			[]string{"missing role role=user",
				"missing grant role=user create:user:own",
				"missing grant role=user read:user:own",
				"missing grant role=user update:user:own",
				"missing grant role=user delete:user:own",
				"missing grant role=user create:note:own",
				"missing grant role=user read:note:own",
				"missing grant role=user update:note:own",
				"missing grant role=user delete:note:own",
			}},
		{"a role was renamed by hand", rbac.EpicStack(), `
			UPDATE Role SET name = 'member' WHERE id = 'r2';
			DELETE FROM _PermissionToRole WHERE B = 'r2' AND A NOT IN ('p1');`,
			[]string{"missing role role=user",
				"missing grant role=user create:user:own",
				"missing grant role=user read:user:own",
				"missing grant role=user update:user:own",
				"missing grant role=user delete:user:own",
				"missing grant role=user create:note:own",
				"missing grant role=user read:note:own",
				"missing grant role=user update:note:own",
				"missing grant role=user delete:note:own",
				"unknown role role=member Role[r2] members=2"}},
		{"a rename is pending", renamed, "",
			[]string{"renamed role role=owner stored=admin Role[r1] members=1"}},
		{"a rename is pending, with drift", renamed, `
			INSERT INTO _PermissionToRole SELECT id, 'r1' FROM Permission
				WHERE action = 'read' AND entity = 'user' AND access = 'own';`,
			[]string{"extra grant role=owner stored=admin read:user:own members=1",
				"renamed role role=owner stored=admin Role[r1] members=1"}},
		{"the old name and the new one", renamed,
			`INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'owner', 0);
			INSERT INTO _RoleToUser VALUES('r3', 'u3');
			INSERT INTO _PermissionToRole SELECT A, 'r3' FROM _PermissionToRole WHERE B = 'r1';
			DELETE FROM _PermissionToRole WHERE B = 'r3' AND A = 'p2';
			INSERT INTO _PermissionToRole VALUES('p1', 'r1'), ('p1', 'r3');`,
			[]string{"extra grant role=owner create:user:own members=1",
				"rename conflict role=owner stored=admin Role[r1] members=1",
				"missing grant role=owner create:user:any"}},
		{"two old names", renamed, `
			INSERT INTO _PermissionToRole VALUES('p1', 'r1');
			INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'boss', 0);`,
			[]string{"rename conflict role=owner stored=boss Role[r3]",
				"rename conflict role=owner stored=admin Role[r1] members=1",
				"missing grant role=owner create:user:any",
				"missing grant role=owner read:user:any",
				"missing grant role=owner update:user:any",
				"missing grant role=owner delete:user:any",
				"missing grant role=owner create:note:any",
				"missing grant role=owner read:note:any",
				"missing grant role=owner update:note:any",
				"missing grant role=owner delete:note:any",
			}},
		{"an extra role with a user", rbac.EpicStack(), `
			INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'Admin', 0);
			INSERT INTO _RoleToUser VALUES('r3', 'u3');`,
			[]string{"unknown role role=Admin Role[r3] members=1"}},
		{"an extra role without users", rbac.EpicStack(),
			`INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'ops', 0);`, []string{}},
		{"duplicates", rbac.EpicStack(), `
			DROP INDEX Role_name_key; DROP INDEX Permission_action_entity_access_key;
			DROP INDEX _PermissionToRole_AB_unique;
			INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'admin', 0);
			INSERT INTO Permission(id, action, entity, access, updatedAt)
				SELECT 'twin', action, entity, access, 0 FROM Permission WHERE id = 'p1';
			INSERT INTO _PermissionToRole SELECT * FROM _PermissionToRole WHERE A = 'p2';`,
			[]string{"duplicate role role=admin Role[r1 r3]",
				"duplicate permission create:user:own Permission[p1 twin]",
				"duplicate grant role=admin create:user:any _PermissionToRole[r1 p2]"}},
		{"names that are no text", rbac.EpicStack(), `
			INSERT INTO Role(id, name, updatedAt) VALUES('r3', x'ff', 0),
				('r4', CAST(x'ff' AS TEXT), 0);
			INSERT INTO Permission(id, action, entity, access, updatedAt)
				VALUES('odd', 'read', 'note', x'00', 0);
			INSERT INTO _PermissionToRole VALUES('odd', 'r2');`,
			[]string{"nameless role=x'ff' Role[r3]", "nameless role=\xff Role[r4]",
				"nameless read:note:x'00' Permission[odd]"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			d := open(t, epicStack(t, tt.sql), rbac.Layout{})
			got, err := rbac.Compare(tt.policy, d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, lines(got)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompareListsOthers(t *testing.T) {
	d := open(t, epicStack(t, `INSERT INTO Role(id, name, updatedAt) VALUES('r3', 'ops', 0);`),
		rbac.Layout{})
	got, err := rbac.Compare(rbac.EpicStack(), d)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Others) != 1 || got.Others[0].Name != "ops" || !got.Empty() {
		t.Errorf("others %+v, empty %v; want ops alone, and no difference", got.Others, got.Empty())
	}
}

func TestCompareOtherLayouts(t *testing.T) {
	tests := []struct {
		title, sql string
		policy     func(*rbac.Policy)
		want       []string
		superusers int64
	}{
		{"Django", django, func(p *rbac.Policy) {
			p.Roles[0].Grants = []rbac.Grant{"add_note:notes.note"}
		},
			[]string{"extra grant role=Editors delete_note:notes.note members=1",
				"direct grant delete_note:notes.note members=1 users=bob@example.com"}, 1},
		{"spatie", spatie, func(p *rbac.Policy) { p.Roles[0].Grants = nil },
			[]string{"extra grant role=writer edit articles members=1",
				"direct grant publish articles members=1 users=bob@example.com"}, 0},
		{"Ghost", ghost + `INSERT INTO permissions_users VALUES('1', 'u1', 'p3');`,
			func(p *rbac.Policy) { p.Roles[1].Grants = []rbac.Grant{"publish:post"} },
			[]string{"extra grant role=Editor browse:post members=1",
				"direct grant destroy:user members=1 users=ghost@example.com",
				"missing grant role=Editor publish:post"}, 0},
		{"better-auth", betterAuth, func(p *rbac.Policy) {
			p.Roles = []rbac.Role{{Name: "member", Formerly: []string{"user"}}, {Name: "auditor"}}
		},
			[]string{"renamed role role=member stored=user user[user] members=3",
				"unknown role role= admin user[ admin] members=1",
				"unknown role role=admin user[admin] members=1"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			d := open(t, testdb.Make(t, "WAL", tt.sql), rbac.Layout{})
			p := d.Policy()
			tt.policy(&p)
			got, err := rbac.Compare(p, d)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, lines(got)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			if got.Superusers != tt.superusers {
				t.Errorf("%d superusers, want %d", got.Superusers, tt.superusers)
			}
		})
	}
}

// A policy must not be compared with a database that cannot store its permissions.
func TestCompareRefuses(t *testing.T) {
	names := []string{"delete"}
	tests := map[string]struct {
		schema string
		policy rbac.Policy
		want   string
	}{
		"too many parts": {ghost, rbac.EpicStack(), "the policy's permissions are " +
			"action:entity:access, but those of table permissions are action:entity"},
		"too few parts": {ghost, rbac.Policy{Actions: names},
			"the policy's permissions are a name, but those of table permissions are " +
				"action:entity"},
		"an entity without a dot": {django, rbac.Policy{Actions: names, Entities: names},
			`the entity "delete" must have 2 names with dots between them, for the columns of ` +
				"table django_content_type"},
		"a comma in a text of roles": {betterAuth, rbac.Policy{Roles: []rbac.Role{{
			Name: "user,admin", Formerly: []string{"member"},
		}}}, `the role "user,admin" cannot be in the column role of table user, where commas ` +
			"separate the names of roles"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := open(t, testdb.Make(t, "DELETE", tt.schema), rbac.Layout{})
			_, err := rbac.Compare(tt.policy, d)
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}
