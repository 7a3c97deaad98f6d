package rbac_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

const djangoSchema = `
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	"app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq"
	ON "django_content_type" ("app_label", "model");
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	"content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id")
		DEFERRABLE INITIALLY DEFERRED,
	"codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq"
	ON "auth_permission" ("content_type_id", "codename");
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	"name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
	"group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED,
	"permission_id" integer NOT NULL REFERENCES "auth_permission" ("id")
		DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq"
	ON "auth_group_permissions" ("group_id", "permission_id");
INSERT INTO django_content_type VALUES (7, 'blog', 'post');
INSERT INTO auth_permission VALUES (70, 7, 'add', 'Can add post');
INSERT INTO auth_group VALUES (700, 'editors');
`

var django = rbac.Layout{
	Roles: rbac.RoleTable{Table: "auth_group", ID: "id", Name: "name"},
	Permissions: rbac.PermissionTable{
		Table: "auth_permission", ID: "id", Action: "codename", Entity: "content_type_id",
		Label: "name",
		Entities: rbac.EntityTable{
			Table: "django_content_type", ID: "id", Names: []string{"app_label", "model"},
		},
	},
	Grants: rbac.JoinTable{
		Table: "auth_group_permissions", Role: "group_id", Permission: "permission_id",
	},
}

const spatieSchema = `
CREATE TABLE "permissions" ("id" integer primary key autoincrement not null,
	"name" varchar not null, "guard_name" varchar not null, "created_at" datetime,
	"updated_at" datetime);
CREATE UNIQUE INDEX "permissions_name_guard_name_unique" on "permissions" ("name", "guard_name");
CREATE TABLE "roles" ("id" integer primary key autoincrement not null, "name" varchar not null,
	"guard_name" varchar not null, "created_at" datetime, "updated_at" datetime);
CREATE UNIQUE INDEX "roles_name_guard_name_unique" on "roles" ("name", "guard_name");
CREATE TABLE "role_has_permissions" ("permission_id" integer not null,
	"role_id" integer not null,
	foreign key("permission_id") references "permissions"("id") on delete cascade,
	foreign key("role_id") references "roles"("id") on delete cascade,
	primary key ("permission_id", "role_id"));
INSERT INTO roles(id, name, guard_name) VALUES (5, 'editors', 'api'), (6, 'editors', 'web');
`

// spatie has permissions that are names alone.
var spatie = rbac.Layout{
	Roles: rbac.RoleTable{
		Table: "roles", ID: "id", Name: "name", Where: map[string]string{"guard_name": "web"},
	},
	Permissions: rbac.PermissionTable{
		Table: "permissions", ID: "id", Action: "name",
		Where: map[string]string{"guard_name": "web"},
	},
	Grants: rbac.JoinTable{
		Table: "role_has_permissions", Role: "role_id", Permission: "permission_id",
	},
}

const ghostSchema = "CREATE TABLE `roles` (`id` varchar(24) not null, `name` varchar(50) " +
	"not null, `description` varchar(2000) null, `created_at` datetime not null, " +
	"`created_by` varchar(24) not null, `updated_at` datetime null, primary key (`id`));" +
	"CREATE UNIQUE INDEX `roles_name_unique` on `roles` (`name`);" +
	"CREATE TABLE `permissions` (`id` varchar(24) not null, `name` varchar(50) not null," +
	"`object_type` varchar(50) not null, `action_type` varchar(50) not null, `object_id` " +
	"varchar(24) null, `created_at` datetime not null, `updated_at` datetime null, " +
	"primary key (`id`));" +
	"CREATE UNIQUE INDEX `permissions_name_unique` on `permissions` (`name`);" +
	"CREATE TABLE `permissions_roles` (`id` varchar(24) not null, `role_id` varchar(24) not null," +
	"`permission_id` varchar(24) not null, primary key (`id`));"

// ghost has a join table with an id and without foreign keys.
var ghost = rbac.Layout{
	Roles: rbac.RoleTable{Table: "roles", ID: "id", Name: "name", Description: "description"},
	Permissions: rbac.PermissionTable{
		Table: "permissions", ID: "id", Action: "action_type", Entity: "object_type", Label: "name",
	},
	Grants: rbac.JoinTable{
		Table: "permissions_roles", Role: "role_id", Permission: "permission_id",
	},
}

func TestSeedLayouts(t *testing.T) {
	roles := func(grants ...rbac.Grant) []rbac.Role {
		return []rbac.Role{{Name: "editors", Grants: grants}, {Name: "readers", Grants: grants[:1]}}
	}
	tests := []struct {
		name, schema string
		policy       rbac.Policy
		want         map[string][]string // by query
	}{
		{"django", djangoSchema, rbac.Policy{
			Actions: []string{"add", "change"}, Entities: []string{"blog.post", "blog.tag"},
			Roles: roles("add:blog.post", "*:blog.tag"), Layout: django,
		}, map[string][]string{
			`SELECT g.name, codename, app_label, model, p.name FROM auth_group_permissions
				JOIN auth_group g ON g.id = group_id JOIN auth_permission p ON p.id = permission_id
				JOIN django_content_type t ON t.id = content_type_id
				ORDER BY g.name, p.name`: {
				"editors|add|blog|post|Can add post", "editors|add|blog|tag|add blog.tag",
				"editors|change|blog|tag|change blog.tag", "readers|add|blog|post|Can add post",
			},
			"SELECT id FROM auth_group WHERE name = 'editors'":            {"700"},
			"SELECT count(*) FROM django_content_type":                    {"2"},
			"SELECT content_type_id FROM auth_permission WHERE id = '70'": {"7"},
		}},
		{"spatie", spatieSchema, rbac.Policy{
			Actions: []string{"edit articles", "read"},
			Roles:   roles("read", "edit articles"), Layout: spatie,
		}, map[string][]string{
			`SELECT r.id, r.name, r.guard_name, p.name, p.guard_name FROM role_has_permissions
				JOIN roles r ON r.id = role_id JOIN permissions p ON p.id = permission_id
				WHERE r.name = 'editors' ORDER BY p.name`: {
				"6|editors|web|edit articles|web", "6|editors|web|read|web",
			},
			"SELECT name, guard_name FROM roles ORDER BY rowid": {
				"editors|api", "editors|web", "readers|web",
			},
			"SELECT count(*) FROM role_has_permissions": {"3"},
		}},
		{"ghost", ghostSchema, rbac.Policy{
			Actions: []string{"browse", "edit"}, Entities: []string{"post"},
			Roles: roles("browse:post", "edit:post"), Layout: ghost,
		}, map[string][]string{
			`SELECT r.name, action_type, object_type, p.name FROM permissions_roles j
				JOIN roles r ON r.id = role_id JOIN permissions p ON p.id = permission_id
				ORDER BY r.name, p.name`: {
				"editors|browse|post|browse post", "editors|edit|post|edit post",
				"readers|browse|post|browse post",
			},
			"SELECT count(DISTINCT id) FROM permissions_roles": {"3"},
		}},
		{"names in a column", "CREATE TABLE user(id TEXT PRIMARY KEY, role TEXT);", rbac.Policy{
			Roles:  []rbac.Role{{Name: "admin"}},
			Layout: rbac.Layout{Users: rbac.UserTable{Table: "user", ID: "id", Roles: "role"}},
		}, map[string][]string{"SELECT count(*) FROM user": {"0"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
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
