package rbac_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// open opens a database and finds its layout.
func open(t testing.TB, path string, layout rbac.Layout) *rbac.Database {
	t.Helper()
	d, err := rbac.Open(t.Context(), path, layout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestOpenFindsLayout(t *testing.T) {
	web, user := map[string]string{"guard_name": "web"}, map[string]string{
		"model_type": `App\Models\User`,
	}
	tests := []struct {
		title string
		path  string
		want  rbac.Layout
	}{
		{"Epic Stack", epicStack(t, ""), rbac.Layout{
			Roles: rbac.RoleTable{
				Table: "Role", ID: "id", Name: "name", Description: "description",
			},
			Permissions: rbac.PermissionTable{
				Table: "Permission", ID: "id", Action: "action", Entity: "entity", Access: "access",
			},
			Grants:  rbac.JoinTable{Table: "_PermissionToRole", Role: "B", Permission: "A"},
			Members: rbac.JoinTable{Table: "_RoleToUser", Role: "A", User: "B"},
			Users: rbac.UserTable{
				Table: "User", ID: "id", Names: []string{"email", "username"},
			},
		}},
		{"Django", testdb.Make(t, "DELETE", django), rbac.Layout{
			Roles: rbac.RoleTable{Table: "auth_group", ID: "id", Name: "name"},
			Permissions: rbac.PermissionTable{
				Table: "auth_permission", ID: "id", Action: "codename", Entity: "content_type_id",
				Label: "name", Entities: rbac.EntityTable{
					Table: "django_content_type", ID: "id", Names: []string{"app_label", "model"},
				},
			},
			Grants: rbac.JoinTable{
				Table: "auth_group_permissions", Role: "group_id", Permission: "permission_id",
			},
			Members: rbac.JoinTable{Table: "auth_user_groups", Role: "group_id", User: "user_id"},
			Direct: rbac.JoinTable{
				Table: "auth_user_user_permissions", Permission: "permission_id", User: "user_id",
			},
			Users: rbac.UserTable{
				Table: "auth_user", ID: "id", Names: []string{"email", "username"},
				Superuser: "is_superuser",
			},
		}},
		{"spatie", testdb.Make(t, "DELETE", spatie), rbac.Layout{
			Roles: rbac.RoleTable{Table: "roles", ID: "id", Name: "name", Where: web},
			Permissions: rbac.PermissionTable{
				Table: "permissions", ID: "id", Action: "name", Where: web,
			},
			Grants: rbac.JoinTable{
				Table: "role_has_permissions", Role: "role_id", Permission: "permission_id",
			},
			Members: rbac.JoinTable{
				Table: "model_has_roles", Role: "role_id", User: "model_id", Where: user,
			},
			Direct: rbac.JoinTable{
				Table: "model_has_permissions", Permission: "permission_id", User: "model_id",
				Where: user,
			},
			Users: rbac.UserTable{Table: "users", ID: "id", Names: []string{"email"}},
		}},
		{"Ghost", testdb.Make(t, "DELETE", ghost), rbac.Layout{
			Roles: rbac.RoleTable{
				Table: "roles", ID: "id", Name: "name", Description: "description",
			},
			Permissions: rbac.PermissionTable{
				Table: "permissions", ID: "id", Action: "action_type", Entity: "object_type",
				Label: "name",
			},
			Grants: rbac.JoinTable{
				Table: "permissions_roles", Role: "role_id", Permission: "permission_id",
			},
			Members: rbac.JoinTable{Table: "roles_users", Role: "role_id", User: "user_id"},
			Direct: rbac.JoinTable{
				Table: "permissions_users", Permission: "permission_id", User: "user_id",
			},
			Users: rbac.UserTable{Table: "users", ID: "id", Names: []string{"email"}},
		}},
		{"better-auth", testdb.Make(t, "DELETE", betterAuth), rbac.Layout{
			Users: rbac.UserTable{
				Table: "user", ID: "id", Names: []string{"email"}, Roles: "role",
			},
		}},
		{"Laratrust", testdb.Make(t, "DELETE", `
			CREATE TABLE users(id integer primary key autoincrement not null, email varchar);
			CREATE TABLE roles(id integer primary key autoincrement not null, name varchar not null,
				display_name varchar, description varchar);
			CREATE TABLE permissions(id integer primary key autoincrement not null,
				name varchar not null, display_name varchar, description varchar);
			CREATE UNIQUE INDEX permissions_name_unique ON permissions(name);
			CREATE TABLE role_user(role_id integer not null, user_id integer not null,
				user_type varchar not null, foreign key(role_id) references roles(id),
				primary key (user_id, role_id, user_type));
			CREATE TABLE permission_user(permission_id integer not null,
				user_id integer not null, user_type varchar not null,
				foreign key(permission_id) references permissions(id),
				primary key (user_id, permission_id, user_type));
			CREATE TABLE permission_role(permission_id integer not null, role_id integer not null,
				foreign key(permission_id) references permissions(id),
				foreign key(role_id) references roles(id), primary key (permission_id, role_id));
			INSERT INTO users(id) VALUES(1); INSERT INTO roles(id, name) VALUES(1, 'admin');
			INSERT INTO role_user VALUES(1, 1, 'App\Models\User');`), rbac.Layout{
			Roles: rbac.RoleTable{
				Table: "roles", ID: "id", Name: "name", Description: "description",
			},
			Permissions: rbac.PermissionTable{Table: "permissions", ID: "id", Action: "name"},
			Grants: rbac.JoinTable{
				Table: "permission_role", Role: "role_id", Permission: "permission_id",
			},
			Members: rbac.JoinTable{
				Table: "role_user", Role: "role_id", User: "user_id",
				Where: map[string]string{"user_type": `App\Models\User`},
			},
			Direct: rbac.JoinTable{
				Table: "permission_user", Permission: "permission_id", User: "user_id",
			},
			Users: rbac.UserTable{Table: "users", ID: "id", Names: []string{"email"}},
		}},
		{"a user has one role", testdb.Make(t, "DELETE", `
			CREATE TABLE roles(id INTEGER PRIMARY KEY, slug TEXT UNIQUE);
			CREATE TABLE users(id INTEGER PRIMARY KEY, login TEXT UNIQUE,
				role_id INTEGER REFERENCES roles, invited_by INTEGER REFERENCES users);`),
			rbac.Layout{
				Roles:   rbac.RoleTable{Table: "roles", ID: "id", Name: "slug"},
				Members: rbac.JoinTable{Table: "users", Role: "role_id", User: "id"},
				Users:   rbac.UserTable{Table: "users", ID: "id", Names: []string{"login"}},
			}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			d := open(t, tt.path, rbac.Layout{})
			if diff := cmp.Diff(tt.want, d.Layout()); diff != "" {
				t.Errorf("layout (-want +got):\n%s", diff)
			}
			given := open(t, tt.path, tt.want)
			fields := cmp.AllowUnexported(rbac.StoredRole{})
			if diff := cmp.Diff(d.Roles(), given.Roles(), fields); diff != "" {
				t.Errorf("roles by the given layout (-found +given):\n%s", diff)
			}
		})
	}
}

// Two tables that look alike must never be chosen from.
func TestOpenAmbiguous(t *testing.T) {
	const tables = `
		CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT UNIQUE);
		CREATE TABLE User(id TEXT PRIMARY KEY, email TEXT);
		CREATE TABLE Permission(id TEXT PRIMARY KEY, action TEXT, entity TEXT);
		CREATE TABLE RolePermission(roleId REFERENCES Role, permissionId REFERENCES Permission);
		CREATE TABLE UserRole(userId REFERENCES User, roleId REFERENCES Role);`
	tests := []struct {
		title string
		sql   string
		part  string
		want  []string
	}{
		{"two tables of members", tables + `
			CREATE TABLE RolesOfUsers(userId REFERENCES User, roleId REFERENCES Role);`,
			"members", []string{"RolesOfUsers", "UserRole"}},
		{"members in a table and in a column", tables + `
			ALTER TABLE User ADD role TEXT;`, "members or users.roles",
			[]string{"UserRole", "User.role"}},
		{"two tables of roles", tables + `
			CREATE TABLE TeamRole(id INTEGER PRIMARY KEY, name TEXT);
			CREATE TABLE TeamRolePermission(teamRoleId REFERENCES TeamRole,
				permissionId REFERENCES Permission);`,
			"roles", []string{"Role", "TeamRole"}},
		{"two columns for the entity", tables + `
			ALTER TABLE Permission ADD subject TEXT;`, "permissions.entity",
			[]string{"entity", "subject"}},
		{"two guards", spatie + `
			INSERT INTO roles(id, name, guard_name) VALUES(9, 'writer', 'api')`,
			"where.guard_name", []string{"api", "web"}},
		{"two types of users", spatie + `
			INSERT INTO model_has_roles VALUES(2, 'App\Models\Admin', 1)`,
			"members.where.model_type", []string{`App\Models\Admin`, `App\Models\User`}},
		{"two columns of roles", betterAuth + `ALTER TABLE user ADD roles TEXT`, "users.roles",
			[]string{"user.role", "user.roles"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			_, err := rbac.Open(t.Context(), testdb.Make(t, "DELETE", tt.sql), rbac.Layout{})
			var ambiguous *rbac.AmbiguousLayoutError
			if !errors.As(err, &ambiguous) {
				t.Fatalf("error %v, want an AmbiguousLayoutError", err)
			}
			if ambiguous.Part != tt.part || !cmp.Equal(ambiguous.Candidates, tt.want) {
				t.Errorf("part %q, candidates %q; want %q, %q", ambiguous.Part,
					ambiguous.Candidates, tt.part, tt.want)
			}
		})
	}
}

func TestOpenWithoutRoles(t *testing.T) {
	tests := []struct{ title, sql, want string }{
		{"no table", "", "found no roles: neither a table of roles (its name ends in role or " +
			"group) that a table joins to permissions or to users, nor a table of users " +
			"(its name ends in user) with a text column role or roles"},
		{"no grants", `
			CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT UNIQUE);
			CREATE TABLE User(id TEXT PRIMARY KEY);
			CREATE TABLE Permission(id TEXT PRIMARY KEY, action TEXT, entity TEXT);
			CREATE TABLE UserRole(userId REFERENCES User, roleId REFERENCES Role);`,
			`found roles in "Role" and permissions in "Permission", and no table that joins them`},
		{"no members", `
			CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT UNIQUE);
			CREATE TABLE Permission(id TEXT PRIMARY KEY, action TEXT, entity TEXT);
			CREATE TABLE RolePermission(roleId REFERENCES Role,
				permissionId REFERENCES Permission);`,
			`found roles in "Role", and nothing that says which users have them`},
		{"permissions in the table of grants", `
			CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT);
			CREATE TABLE users(id INTEGER PRIMARY KEY, role_id INTEGER REFERENCES roles);
			CREATE TABLE role_permissions(role_id INTEGER REFERENCES roles, permission TEXT)`,
			`found roles in "roles" and permissions in "role_permissions", and no table that ` +
				`joins them`},
		{"permissions in the table of roles", `
			CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT, permissions TEXT);
			CREATE TABLE users(id INTEGER PRIMARY KEY, role_id INTEGER REFERENCES roles)`,
			`found roles in "roles", with permissions in the column "permissions" in place of a ` +
				`table`},
		{"users of another table", strings.ReplaceAll(spatie, "Models\\User", "Models\\Admin"),
			`found "App\\Models\\Admin" in model_has_roles.model_type, and no table of such users`},
		{"requests are no members", `
			CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT UNIQUE);
			CREATE TABLE Permission(id TEXT PRIMARY KEY, action TEXT, entity TEXT);
			CREATE TABLE RolePermission(roleId REFERENCES Role, permissionId REFERENCES Permission);
			CREATE TABLE User(id TEXT PRIMARY KEY);
			CREATE TABLE UserRoleRequest(userId REFERENCES User, roleId REFERENCES Role);`,
			`found roles in "Role", and nothing that says which users have them`},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			_, err := rbac.Open(t.Context(), testdb.Make(t, "DELETE", tt.sql+";"), rbac.Layout{})
			var none *rbac.NoLayoutError
			if !errors.As(err, &none) {
				t.Fatalf("error %v, want a NoLayoutError", err)
			}
			want := tt.want + ": if the database has roles, write a layout: into the policy file"
			if none.Error() != want {
				t.Errorf("error\n%s\nwant\n%s", none, want)
			}
		})
	}
}

func TestOpenGivenLayout(t *testing.T) {
	path := epicStack(t, "CREATE TABLE twins(id TEXT);")
	found := open(t, path, rbac.Layout{}).Layout()
	tests := []struct {
		title  string
		change func(*rbac.Layout)
		want   string
	}{
		{"table", func(l *rbac.Layout) { l.Roles.Table = "Rolle" },
			`layout: roles: the database has no table "Rolle" (did you mean "Role"?)`},
		{"column", func(l *rbac.Layout) { l.Permissions.Access = "acess" },
			`layout: permissions.access: table "Permission" has no column "acess" ` +
				`(did you mean "access"?)`},
		{"join column", func(l *rbac.Layout) { l.Grants.Role = "" },
			`layout: grants.role: the column of table "_PermissionToRole" is missing`},
		{"column of a name", func(l *rbac.Layout) { l.Users.Names = []string{"mail"} },
			`layout: users.names: table "User" has no column "mail" (did you mean "email"?)`},
		{"condition", func(l *rbac.Layout) { l.Roles.Where = map[string]string{"guard": "web"} },
			`layout: roles.where: table "Role" has no column "guard"`},
		{"id", func(l *rbac.Layout) { l.Roles.ID = "description" },
			`layout: roles.id: the column "description" of table "Role" is not unique`},
		{"no roles", func(l *rbac.Layout) { l.Roles = rbac.RoleTable{} },
			`layout: roles: a table of roles is missing, and users.roles too`},
		{"no users", func(l *rbac.Layout) { l.Users = rbac.UserTable{} },
			`layout: members: the table "_RoleToUser" needs a table of users`},
		{"no grants", func(l *rbac.Layout) { l.Grants = rbac.JoinTable{} },
			`layout: grants: the table that joins roles to permissions is missing`},
		{"twice", func(l *rbac.Layout) { l.Users.Roles = "name" },
			`layout: members: users.roles says already who has which role`},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			l := found
			tt.change(&l)
			_, err := rbac.Open(t.Context(), path, l)
			var wrong *rbac.LayoutError
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v, want a LayoutError", err)
			}
			if wrong.Error() != tt.want {
				t.Errorf("error\n%s\nwant\n%s", wrong, tt.want)
			}
		})
	}
}
