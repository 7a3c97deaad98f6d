package rbac_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

func TestDatabasePolicy(t *testing.T) {
	epic := rbac.EpicStack()
	epic.Accesses = []string{"own", "any"}
	tests := []struct {
		title, path string
		want        rbac.Policy
	}{
		{"Epic Stack", epicStack(t, ""), rbac.EpicStack()},
		{"a star covers all or nothing", epicStack(t, `
			DELETE FROM _PermissionToRole WHERE A = 'p1';
			INSERT INTO Role(id, name, description, updatedAt)
				VALUES('r3', 'none', 'No power', 0);`),
			rbac.Policy{
				Actions: epic.Actions, Entities: epic.Entities, Accesses: epic.Accesses,
				Roles: []rbac.Role{
					{Name: "admin", Grants: []rbac.Grant{"*:*:any"}},
					{Name: "user", Grants: []rbac.Grant{
						"create:note:own", "read,update,delete:*:own",
					}},
					{Name: "none", Description: "No power"},
				},
			}},
		{"Django", testdb.Make(t, "DELETE", django), rbac.Policy{
			Actions:  []string{"add_user", "add_note", "delete_note"},
			Entities: []string{"auth.user", "notes.note"},
			Roles: []rbac.Role{
				{Name: "Editors", Grants: []rbac.Grant{"add_note,delete_note:notes.note"}},
				{Name: "Nobody"},
			},
		}},
		{"spatie", testdb.Make(t, "DELETE", spatie), rbac.Policy{
			Actions: []string{"edit articles", "publish articles", "users.*"},
			Roles: []rbac.Role{
				{Name: "writer", Grants: []rbac.Grant{"edit articles"}},
				{Name: "Super-Admin", Grants: []rbac.Grant{`users.\*`}},
			},
		}},
		{"Ghost", testdb.Make(t, "DELETE", ghost), rbac.Policy{
			Actions: []string{"browse", "publish", "destroy"}, Entities: []string{"post", "user"},
			Roles: []rbac.Role{
				{Name: "Administrator", Description: "Administrators", Grants: []rbac.Grant{
					"browse,publish:post", "destroy:user",
				}},
				{Name: "Editor", Description: "Editors", Grants: []rbac.Grant{"browse:post"}},
			},
		}},
		{"better-auth", testdb.Make(t, "DELETE", betterAuth), rbac.Policy{
			Roles: []rbac.Role{{Name: " admin"}, {Name: "admin"}, {Name: "user"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			got := open(t, tt.path, rbac.Layout{}).Policy()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("policy (-want +got):\n%s", diff)
			}
		})
	}
}

// A layout must be in the policy if the database does not show the layout.
func TestDatabasePolicyLayout(t *testing.T) {
	path := testdb.Make(t, "DELETE", `
		CREATE TABLE rank(id INTEGER PRIMARY KEY, label TEXT UNIQUE);
		CREATE TABLE person(id INTEGER PRIMARY KEY, rank TEXT);`)
	layout := rbac.Layout{
		Roles: rbac.RoleTable{Table: "rank", ID: "id", Name: "label"},
		Users: rbac.UserTable{Table: "person", ID: "id", Roles: "rank"},
	}
	if got := open(t, path, layout).Policy().Layout; !cmp.Equal(got, layout) {
		t.Errorf("layout %+v, want the given one", got)
	}
	if _, err := rbac.Open(t.Context(), path, rbac.Layout{}); err == nil {
		t.Error("the layout was found")
	}
	epic := epicStack(t, "")
	found := open(t, epic, rbac.Layout{}).Layout()
	if got := open(t, epic, found).Policy().Layout; !cmp.Equal(got, rbac.Layout{}) {
		t.Errorf("layout %+v, want none, because it is found again", got)
	}
}

// A policy file must hold every layout.
func TestLayoutInPolicyFile(t *testing.T) {
	for _, sql := range []string{django, spatie, ghost, betterAuth} {
		layout := open(t, testdb.Make(t, "DELETE", sql), rbac.Layout{}).Layout()
		var file bytes.Buffer
		if err := (rbac.Policy{Layout: layout}).Write(&file); err != nil {
			t.Fatal(err)
		}
		p, err := rbac.Parse("rbac.yaml", bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, file.Bytes())
		}
		if diff := cmp.Diff(layout, p.Layout, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("layout (-written +read):\n%s\n%s", diff, file.Bytes())
		}
	}
}

// hostileValues are names that are easy to take for something else.
var hostileValues = []any{
	"user", "User", "note", "any", "own", "", " ", "*", ":", ",", `\`, `\*`, "a:b", "a,b", "'", `"`,
	"'; DROP TABLE Role; --", "\n", "a\nb", "\t", "ä", "\u202e", "\x00", "null", "~", "- x", "#",
	"{}", "true", "1", "é", "e\u0301", "👩‍💻", "\u2028", "\ufeff", "x'00'", "%", "[]", "!x",
	"&x", "|",
	nil, []byte("user"), []byte{0xff}, "\xff", 7, 1.5,
}

// A made database has random rows in the tables of the Epic Stack, or of an app whose permissions
// have fewer parts.
func makeHostile(t *testing.T, seed uint64, more string) string {
	random := rand.New(rand.NewPCG(seed, 0))
	names := append(slices.Clone(hostileValues), more)
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:1+random.IntN(len(names))]
	name := func() any { return names[random.IntN(len(names))] }
	parts := 1 + random.IntN(3)
	columns := []string{"action", "entity", "access"}[:parts]
	path := filepath.Join(t.TempDir(), "data.db")
	c := testdb.Connect(t, path, sqlite.Create)
	unique := ""
	if random.IntN(2) == 0 {
		unique = " UNIQUE"
	}
	table := fmt.Sprintf(`CREATE TABLE Role(id TEXT PRIMARY KEY, name%s, description);
		CREATE TABLE User(id TEXT PRIMARY KEY, email);
		CREATE TABLE RolePermission(roleId REFERENCES Role, permissionId REFERENCES Permission);
		CREATE TABLE UserRole(userId REFERENCES User, roleId REFERENCES Role);
		CREATE TABLE Permission(id TEXT PRIMARY KEY`, unique)
	marks := "?"
	for _, column := range columns {
		table += ", " + column
		marks += ", ?"
	}
	testdb.Execute(t, c, "PRAGMA synchronous = OFF; BEGIN;"+table+");")
	insert := func(sql string, args ...any) {
		if err := c.Exec(sql, args...); err != nil && !sqlite.Is(err, sqlite.Constraint) {
			t.Fatal(err)
		}
	}
	const most = 12
	for i := range random.IntN(most) {
		insert("INSERT INTO Role VALUES(?, ?, ?)", fmt.Sprint(i), name(), name())
	}
	for i := range 2 * random.IntN(most) {
		args := []any{fmt.Sprint(i)}
		for range columns {
			args = append(args, name())
		}
		insert("INSERT INTO Permission VALUES("+marks+")", args...)
	}
	for range random.IntN(10 * most) {
		insert("INSERT INTO RolePermission VALUES(?, ?)", fmt.Sprint(random.IntN(most)),
			fmt.Sprint(random.IntN(2*most)))
	}
	for i := range random.IntN(most) {
		insert("INSERT INTO User VALUES(?, ?)", fmt.Sprint(i), name())
		for range random.IntN(4) {
			insert("INSERT INTO UserRole VALUES(?, ?)", fmt.Sprint(i),
				fmt.Sprint(random.IntN(most)))
		}
	}
	testdb.Execute(t, c, "COMMIT")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// The policy of a database must be equal to the database, whatever names there are, also after the
// policy was written and read.
func FuzzDatabasePolicy(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed, "x")
	}
	f.Fuzz(func(t *testing.T, seed uint64, more string) {
		d := open(t, makeHostile(t, seed, more), rbac.Layout{})
		p := d.Policy()
		var file bytes.Buffer
		if err := p.Write(&file); err != nil {
			t.Fatal(err)
		}
		again, err := rbac.Parse("rbac.yaml", bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, file.Bytes())
		}
		if diff := cmp.Diff(p, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("policy (-written +read):\n%s", diff)
		}
		got, err := rbac.Compare(again, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range got.Changes {
			switch c.Kind {
			case rbac.DuplicateRole, rbac.DuplicatePermission, rbac.DuplicateGrant, rbac.Nameless:
			default:
				t.Errorf("difference %+v", c)
			}
		}
		grantsNothingMore(t, again, d)
	})
}

// grantsNothingMore checks that the policy lets a role do what some row of that name may do.
func grantsNothingMore(t *testing.T, p rbac.Policy, d *rbac.Database) {
	stored := map[string]map[rbac.Permission]bool{}
	for _, r := range d.Roles() {
		if stored[r.Name] == nil {
			stored[r.Name] = map[rbac.Permission]bool{}
		}
		for _, permission := range r.Permissions {
			stored[r.Name][permission] = true
		}
	}
	for _, r := range p.Roles {
		permissions, err := p.Permissions(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, permission := range permissions {
			if !stored[r.Name][permission] {
				t.Errorf("role %q may %v by the policy, and only %v by the database", r.Name,
					permission, slices.Collect(maps.Keys(stored[r.Name])))
			}
		}
	}
}
