package rbac_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// layoutOf returns the layout of a database.
func layoutOf(t *testing.T, sql string) rbac.Layout {
	t.Helper()
	d, err := rbac.Open(t.Context(), testdb.Make(t, "DELETE", sql), rbac.Layout{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	return d.Layout()
}

// withoutRows removes the statements that insert rows.
func withoutRows(sql string) string {
	before, _, _ := strings.Cut(sql, "INSERT INTO")
	return before
}

func TestSeedLayouts(t *testing.T) {
	tests := []struct {
		name, schema string
		policy       rbac.Policy
		want         map[string][]string // by query
	}{
		{"Django adopts", django, rbac.Policy{
			Actions:  []string{"add_note", "delete_note", "add_tag"},
			Entities: []string{"notes.note", "notes.tag"},
			Roles: []rbac.Role{
				{Name: "Editors", Grants: []rbac.Grant{"add_note,delete_note:notes.note"}},
				{Name: "Taggers", Grants: []rbac.Grant{"add_tag:notes.tag"}},
			},
		}, map[string][]string{
			`SELECT g.name, codename, app_label, model, p.name FROM auth_group_permissions
				JOIN auth_group g ON g.id = group_id JOIN auth_permission p ON p.id = permission_id
				JOIN django_content_type t ON t.id = content_type_id ORDER BY g.name, codename`: {
				"Editors|add_note|notes|note|Can add note",
				"Editors|delete_note|notes|note|Can delete note",
				"Taggers|add_tag|notes|tag|add_tag notes.tag",
			},
			"SELECT name FROM auth_group ORDER BY name": {"Editors", "Nobody", "Taggers"},
			"SELECT count(*) FROM django_content_type":  {"3"},
		}},
		{"spatie adopts", spatie, rbac.Policy{
			Actions: []string{"edit articles", "read"},
			Roles:   []rbac.Role{{Name: "writer", Grants: []rbac.Grant{"*"}}, {Name: "reader"}},
		}, map[string][]string{
			`SELECT r.id, r.name, r.guard_name, p.name, p.guard_name FROM role_has_permissions
				JOIN roles r ON r.id = role_id JOIN permissions p ON p.id = permission_id
				WHERE r.name = 'writer' ORDER BY p.name`: {
				"1|writer|web|edit articles|web", "1|writer|web|read|web",
			},
			"SELECT name, guard_name FROM roles WHERE name = 'reader'": {"reader|web"},
			"SELECT count(*) FROM role_has_permissions":                {"3"},
		}},
		{"Ghost without rows", withoutRows(ghost), rbac.Policy{
			Actions: []string{"browse", "edit"}, Entities: []string{"post"},
			Roles: []rbac.Role{
				{Name: "Editor", Description: "Editors", Grants: []rbac.Grant{"*:post"}},
				{Name: "Reader", Grants: []rbac.Grant{"browse:post"}},
			},
		}, map[string][]string{
			`SELECT r.name, action_type, object_type, p.name FROM permissions_roles j
				JOIN roles r ON r.id = role_id JOIN permissions p ON p.id = permission_id
				ORDER BY r.name, p.name`: {
				"Editor|browse|post|browse post", "Editor|edit|post|edit post",
				"Reader|browse|post|browse post",
			},
			"SELECT count(DISTINCT id) FROM permissions_roles":    {"3"},
			"SELECT description FROM roles WHERE name = 'Editor'": {"Editors"},
		}},
		{"names in a column", betterAuth, rbac.Policy{Roles: []rbac.Role{{Name: "admin"}}},
			map[string][]string{"SELECT count(*) FROM user": {"4"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.policy.Layout = layoutOf(t, tt.schema)
			c, _, err := seed(t, tt.schema, tt.policy)
			if err != nil {
				t.Fatal(err)
			}
			for sql, want := range tt.want {
				if diff := cmp.Diff(want, query(t, c, sql)); diff != "" {
					t.Errorf("%s:\n%s", sql, diff)
				}
			}
		})
	}
}

// TestSeedAgrees checks that a seeded database has what the policy says.
func TestSeedAgrees(t *testing.T) {
	p := rbac.EpicStack()
	p.Roles = append(p.Roles, rbac.Role{Name: "it's", Grants: []rbac.Grant{"read:*:any"}})
	c, _, err := seed(t, epicstack.Schema, p)
	if err != nil {
		t.Fatal(err)
	}
	path := query(t, c, "SELECT file FROM pragma_database_list")[0]
	d, err := rbac.Open(t.Context(), path, rbac.Layout{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	diff, err := rbac.Compare(p, d)
	if err != nil || len(diff.Changes) > 0 {
		t.Errorf("got %+v, %v, want no difference", diff.Changes, err)
	}
}
