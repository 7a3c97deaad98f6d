package rbac_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// TestSQLTakesAnySchema quotes the names of tables and columns.
func TestSQLTakesAnySchema(t *testing.T) {
	const tables = `
		CREATE TABLE "Ro""les"("i d" TEXT PRIMARY KEY, "na'me" TEXT UNIQUE, "guard;" TEXT NOT NULL);
		CREATE TABLE "per-missions"("select" INTEGER NOT NULL PRIMARY KEY, "a b" TEXT, "né" TEXT);
		CREATE TABLE "order"("from" TEXT REFERENCES "Ro""les",
			"to" INTEGER REFERENCES "per-missions", "where" TEXT NOT NULL);
		CREATE TABLE "user s"("key" BLOB PRIMARY KEY, "n" TEXT, "role" TEXT REFERENCES "Ro""les");
		CREATE TABLE made(by TEXT REFERENCES "Ro""les" ON UPDATE RESTRICT);`
	p := rbac.Policy{
		Actions: []string{"see", "do"}, Entities: []string{"it"},
		Roles: []rbac.Role{
			{Name: "one", Grants: []rbac.Grant{"see:it"}},
			{Name: "two", Formerly: []string{"zwei"}, Grants: []rbac.Grant{"*:*"}},
		},
		Layout: rbac.Layout{
			Roles: rbac.RoleTable{
				Table: `Ro"les`, ID: "i d", Name: "na'me",
				Where: map[string]string{"guard;": "we'b"},
			},
			Permissions: rbac.PermissionTable{
				Table: "per-missions", ID: "select", Action: "a b", Entity: "né",
			},
			Grants: rbac.JoinTable{
				Table: "order", Role: "from", Permission: "to",
				Where: map[string]string{"where": "x"},
			},
			Members: rbac.JoinTable{Table: "user s", Role: "role", User: "key"},
			Users:   rbac.UserTable{Table: "user s", ID: "key", Names: []string{"n"}},
		},
	}
	const rows = `INSERT INTO "Ro""les" VALUES('a', 'zwei', 'we''b'), ('b', 'one', 'other');
		INSERT INTO "user s" VALUES(x'01', 'ann', 'a'), (x'02', 'bob', 'b');
		INSERT INTO "per-missions" VALUES(7, 'see', 'it'), (8, 'see', 'all');
		INSERT INTO "order" VALUES('a', 8, 'x'), ('a', 8, 'y'), ('b', 8, 'x');`
	const query = `SELECT r."na'me" || ' ' || r."guard;" || ' ' || o."where" || ' ' ||
			p."a b" || ':' || p."né" AS t
		FROM "order" o JOIN "Ro""les" r ON r."i d" = o."from"
			JOIN "per-missions" p ON p."select" = o."to" ORDER BY t`
	const want = "one other x see:all\none we'b x see:it\n" +
		"two we'b x do:it\ntwo we'b x see:it\ntwo we'b y see:all\n"
	// A name is unique whatever the guard is, which SQL cannot know.
	const guarded = `"na'me" TEXT, "guard;" TEXT NOT NULL, UNIQUE("na'me", "guard;")`
	schema := strings.Replace(tables, `"na'me" TEXT UNIQUE, "guard;" TEXT NOT NULL`, guarded, 1)
	t.Run("sql", func(t *testing.T) {
		db := testdb.Make(t, "wal", schema+rows)
		sqlOn(t, p, schemaFile(t, schema), db, rbac.SQLOptions{Revoke: true})
		c := testdb.Connect(t, db, sqlite.ReadOnly)
		if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("apply", func(t *testing.T) {
		db := testdb.Make(t, "wal", schema+rows)
		got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, query)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}

// TestOtherGuards leaves the roles and permissions alone that the layout leaves out.
func TestOtherGuards(t *testing.T) {
	shapes := shapes(t)
	s := shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == "spatie" })]
	p := s.policyOf(t)
	const more = `
		INSERT INTO permissions(id, name, guard_name) VALUES(9, 'edit articles', 'api');
		INSERT INTO roles(id, name, guard_name) VALUES
			(8, 'writer', 'api'), (9, 'Super-Admin', 'api');
		INSERT INTO role_has_permissions VALUES(9, 2), (9, 8), (3, 9), (9, 9);`
	const query = `SELECT r.name || ' ' || r.guard_name || ' ' || p.name || ' ' || p.guard_name
		FROM role_has_permissions JOIN roles r ON r.id = role_id
		JOIN permissions p ON p.id = permission_id
		WHERE 'api' IN (r.guard_name, p.guard_name) ORDER BY 1`
	const want = "Super-Admin api edit articles api\nSuper-Admin api users.* web\n" +
		"Super-Admin web edit articles api\nwriter api edit articles api\n"
	db := testdb.Make(t, "wal", s.sql+more)
	sqlOn(t, p, schemaFile(t, s.sql), db, rbac.SQLOptions{Revoke: true})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
		t.Errorf("sql: %s", diff)
	}
	db = testdb.Make(t, "wal", s.sql+more)
	got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, query)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
}

// TestGuardsAreToldApart has columns for which the guards web and WEB are one, and a blob that
// reads as web. The roles of the guard WEB keep their names and their grants.
func TestGuardsAreToldApart(t *testing.T) {
	schema := strings.NewReplacer(
		`"guard_name" varchar not null`, `"guard_name" varchar not null collate nocase`,
		"CREATE UNIQUE INDEX", "CREATE INDEX").Replace(withoutRows(spatie))
	const rows = `
		INSERT INTO permissions(id, name, guard_name) VALUES(1, 'edit', 'web'), (2, 'edit', 'WEB'),
			(3, 'drop', 'web'), (4, 'drop', 'WEB'), (5, 'see', x'776562');
		INSERT INTO roles(id, name, guard_name) VALUES(1, 'writer', 'web'), (2, 'writer', 'WEB'),
			(3, 'old', 'WEB'), (4, 'old', 'web');
		INSERT INTO role_has_permissions(role_id, permission_id) VALUES(1, 3), (2, 3), (2, 4),
			(1, 4), (4, 3);`
	p := rbac.Policy{
		Actions: []string{"edit", "drop", "see"}, Layout: layoutOf(t, spatie),
		Roles: []rbac.Role{
			{Name: "writer", Grants: []rbac.Grant{"edit,see"}},
			{Name: "reader", Formerly: []string{"old"}},
		},
	}
	const query = `SELECT r.name || ' ' || r.guard_name || ' ' || ifnull(group_concat(
			p.name || ' ' || p.guard_name, ', ' ORDER BY p.id), '-')
		FROM roles r LEFT JOIN role_has_permissions ON r.id = role_id
		LEFT JOIN permissions p ON p.id = permission_id GROUP BY r.id ORDER BY r.id`
	const want = "writer web edit web, drop WEB, see web\nwriter WEB drop web, drop WEB\n" +
		"old WEB -\nreader web -\n"
	db := testdb.Make(t, "wal", schema+rows)
	sqlOn(t, p, schemaFile(t, schema), db, rbac.SQLOptions{Revoke: true})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
		t.Errorf("sql: %s", diff)
	}
	db = testdb.Make(t, "wal", schema+rows)
	got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, query)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
}

// TestSQLTellsNamesApart has columns for which admin and ADMIN are one name. Nobody who has the
// role ADMIN may get what the policy gives to admin.
func TestSQLTellsNamesApart(t *testing.T) {
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	nocase := strings.NewReplacer(
		`"name"        TEXT NOT NULL`, `"name" TEXT COLLATE NOCASE NOT NULL`,
		`"action"      TEXT NOT NULL`, `"action" TEXT COLLATE NOCASE NOT NULL`,
		`"access"      TEXT NOT NULL`, `"access" TEXT COLLATE RTRIM NOT NULL`,
		"UNIQUE INDEX", "INDEX").Replace(string(schema))
	const rows = `
		INSERT INTO Role(id, name, updatedAt) VALUES('r1', 'ADMIN', 0), ('r2', 'user', 0),
			('r3', 'USER', 0);
		INSERT INTO Permission(id, action, entity, access, updatedAt) VALUES
			('p1', 'READ', 'note', 'own', 0), ('p2', 'read', 'note', 'own ', 0);
		INSERT INTO _PermissionToRole VALUES('p1', 'r1'), ('p1', 'r2'), ('p2', 'r2'), ('p2', 'r3');`
	p := small(rbac.Role{Name: "admin", Grants: []rbac.Grant{"delete:note:any"}},
		rbac.Role{
			Name: "member", Formerly: []string{"user"}, Grants: []rbac.Grant{"read:note:own"},
		})
	const query = `SELECT r.name || ' ' || p.action || ':' || p.entity || ':' || quote(p.access)
		FROM _PermissionToRole JOIN Role r ON B = r.id JOIN Permission p ON A = p.id ORDER BY 1`
	const want = "ADMIN READ:note:'own'\nUSER read:note:'own '\nadmin delete:note:'any'\n" +
		"member read:note:'own'\n"
	db := testdb.Make(t, "wal", nocase+rows)
	script := sqlOn(t, p, schemaFile(t, nocase), db, rbac.SQLOptions{Revoke: true})
	for _, want := range []string{`r."name" COLLATE BINARY`, `p."action" COLLATE BINARY`} {
		if !strings.Contains(script, want) {
			t.Errorf("there is no %s in %s", want, script)
		}
	}
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
		t.Errorf("sql: %s", diff)
	}
	db = testdb.Make(t, "wal", nocase+rows)
	got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, query)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
}

// TestSQLWithTenants has users who must belong to a tenant, which must belong to a plan.
func TestSQLWithTenants(t *testing.T) {
	const tables = `
		CREATE TABLE plan(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, code TEXT NOT NULL,
			next INTEGER REFERENCES plan);
		CREATE TABLE tenant(id TEXT PRIMARY KEY, plan_id INTEGER NOT NULL REFERENCES plan,
			owner INTEGER REFERENCES users);
		CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE,
			tenant_id TEXT NOT NULL REFERENCES tenant, country TEXT NOT NULL REFERENCES country);
		CREATE TABLE country(code TEXT PRIMARY KEY);
		INSERT INTO country VALUES('at');
		CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
			made_by INTEGER REFERENCES users);
		CREATE TABLE user_roles(user_id INTEGER NOT NULL REFERENCES users,
			role_id INTEGER NOT NULL REFERENCES roles, tenant_id TEXT NOT NULL REFERENCES tenant,
			PRIMARY KEY(user_id, role_id));
		INSERT INTO roles VALUES(1, 'admin', NULL);`
	const rows = `
		INSERT INTO plan(id, name, code) VALUES(1, 'free', 'f');
		INSERT INTO tenant VALUES('t', 1, NULL);
		INSERT INTO users VALUES(7, 'ann@example.com', 't', 'at');
		UPDATE roles SET made_by = 7;
		INSERT INTO user_roles VALUES(7, 1, 't');`
	p := rbac.Policy{Roles: []rbac.Role{
		{Name: "chief", Formerly: []string{"admin"}}, {Name: "guest"},
	}}
	const query = "SELECT id || name || quote(made_by) FROM roles ORDER BY id"
	const want = "1chief7\n2guestNULL\n"
	db := testdb.Make(t, "wal", tables+rows)
	sqlOn(t, p, schemaFile(t, tables), db, rbac.SQLOptions{Revoke: true})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
		t.Error(diff)
	}
	db = testdb.Make(t, "wal", tables+rows)
	got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, query)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
}

// TestLayoutInAnotherCase names tables and columns as SQLite finds them, not as the schema spells
// them.
func TestLayoutInAnotherCase(t *testing.T) {
	p := small(rbac.Role{Name: "admin", Grants: []rbac.Grant{"read:note:own"}},
		rbac.Role{Name: "user", Formerly: []string{"people"}},
		rbac.Role{Name: "new", Grants: []rbac.Grant{"read:note:own"}})
	p.Layout = rbac.Layout{
		Roles: rbac.RoleTable{
			Table: "role", ID: "ID", Name: "NAME", Where: map[string]string{"DESCRIPTION": ""},
		},
		Permissions: rbac.PermissionTable{
			Table: "PERMISSION", ID: "Id", Action: "Action", Entity: "ENTITY", Access: "Access",
		},
		Grants:  rbac.JoinTable{Table: "_permissiontorole", Role: "b", Permission: "a"},
		Members: rbac.JoinTable{Table: "_roletouser", Role: "a", User: "b"},
		Users:   rbac.UserTable{Table: "user", ID: "ID", Names: []string{"Email"}},
	}
	const change = "UPDATE Role SET name = 'people' WHERE id = 'r2'"
	const want = "admin read:note:own\nnew read:note:own\n"
	db := epicStack(t, change)
	sqlOn(t, p, epicSchema(t), db, rbac.SQLOptions{Revoke: true})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	if diff := cmp.Diff(want, testdb.Text(t, c, grants)); diff != "" {
		t.Error(diff)
	}
	got, err := applied(t, p, epicStack(t, change), rbac.ApplyOptions{Revoke: true}, grants)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
}
