package rbac_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// engines are the programs that run a script on a database.
func engines(t *testing.T) map[string]func(*testing.T, string, string) {
	out := map[string]func(*testing.T, string, string){
		"built-in SQLite": func(t *testing.T, db, script string) {
			c := testdb.Connect(t, db, sqlite.ReadWrite)
			testdb.Execute(t, c, "PRAGMA foreign_keys = ON;"+script)
			c.Close()
		},
		"sqlite3 shell": func(t *testing.T, db, script string) {
			runShell(t, authority.SQLite3(t), db, script)
		},
	}
	if shell, err := exec.LookPath("sqlite3"); err == nil {
		out["the system's sqlite3"] = func(t *testing.T, db, script string) {
			runShell(t, shell, db, script)
		}
	}
	return out
}

func runShell(t *testing.T, shell, db, script string) {
	t.Helper()
	cmd := exec.Command(shell, "-bail", db)
	cmd.Stdin = strings.NewReader("PRAGMA foreign_keys = ON;\n" + script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// sqlOn writes the statements for a schema and runs them on a database.
func sqlOn(t *testing.T, p rbac.Policy, schema, db string, opts rbac.SQLOptions) string {
	t.Helper()
	statements, err := rbac.SQL(t.Context(), p, schema, opts)
	if err != nil {
		t.Fatal(err)
	}
	script := strings.Join(statements, "\n")
	c := testdb.Connect(t, db, sqlite.ReadWrite)
	defer c.Close()
	testdb.Execute(t, c, "PRAGMA foreign_keys = ON;"+script)
	return script
}

// epicSchema is the path of the Epic Stack's schema with the rows of its policy.
func epicSchema(t *testing.T) string {
	t.Helper()
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	return schemaFile(t, string(schema)+epicRows)
}

// TestSQLFindsFreeIDs has a database whose roles and permissions have the ids of the migrations'
// rows, and other names.
func TestSQLFindsFreeIDs(t *testing.T) {
	schema := epicSchema(t)
	db := epicStack(t, "")
	for range 3 {
		testdb.Change(t, db, `
			UPDATE Role SET name = 'was ' || hex(randomblob(4)) WHERE name = 'user';
			UPDATE Permission SET entity = 'was ' || hex(randomblob(4)) WHERE action = 'read'`)
		sqlOn(t, rbac.EpicStack(), schema, db, rbac.SQLOptions{Revoke: true})
	}
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	got := testdb.Text(t, c, `SELECT count(*) || ' ' || count(DISTINCT id) || ' ' ||
		sum(name = 'user') || ' ' || sum(name LIKE 'was %') || ' ' || max(length(id)) FROM Role`)
	if want := "5 5 1 3 18\n"; got != want {
		t.Errorf("the roles are %s, want %s", got, want)
	}
	got = testdb.Text(t, c, grants)
	const own = "create:note:own delete:note:own read:note:own update:note:own " +
		"create:user:own delete:user:own read:user:own update:user:own"
	want := "admin " + strings.ReplaceAll(own, ":own", ":any") + "\nuser " + own + "\n"
	if !strings.HasPrefix(got, want) {
		t.Errorf("the grants are %s, want %s", got, want)
	}
}

func TestSQLRevokesOnlyIfAsked(t *testing.T) {
	p := small(rbac.Role{Name: "admin", Grants: []rbac.Grant{"read:note:any"}},
		rbac.Role{Name: "user"})
	for revoke, want := range map[bool]string{false: "16\n", true: "1\n"} {
		db := epicStack(t, "")
		script := sqlOn(t, p, epicSchema(t), db, rbac.SQLOptions{Revoke: revoke})
		if strings.Contains(script, "DELETE") != revoke {
			t.Errorf("revoke %v: %s", revoke, script)
		}
		c := testdb.Connect(t, db, sqlite.ReadOnly)
		if got := testdb.Text(t, c, "SELECT count(*) FROM _PermissionToRole"); got != want {
			t.Errorf("revoke %v: %s grants, want %s", revoke, got, want)
		}
	}
}

// TestSQLSparesOthers runs the statements on a database with roles that the policy does not name.
func TestSQLSparesOthers(t *testing.T) {
	db := epicStack(t, `INSERT INTO Role(id, name, updatedAt) VALUES('r9', 'owner', 0);
		INSERT INTO _RoleToUser VALUES('r9', 'u3');
		INSERT INTO _PermissionToRole VALUES('p1', 'r9')`)
	before := whole(t, db)
	sqlOn(t, rbac.EpicStack(), epicSchema(t), db, rbac.SQLOptions{Revoke: true})
	if diff := cmp.Diff(before, whole(t, db)); diff != "" {
		t.Errorf("changed %s", diff)
	}
}

// hostileNames are names of roles and of parts of permissions.
var hostileNames = []string{
	"it's", `"`, "a\nb", "a\r\nb\n", ";--", "'); DROP TABLE Role; --", "ü\u202e🦄", "a\x00b", `a\nb`,
	`\`, "--> statement-breakpoint", "%_*?[", " ", "NULL", "x'00'", "${HOME}", "/* */", "?1",
	":a@b$c", "-- seedkit:end", "-- +goose Down", "BEGIN TRANSACTION;", "1", "0x10", "1e3",
	strings.Repeat("x", 3000),
}

// TestSQLTakesAnyName lets names that look like SQL come through, and grants each role what the
// policy gives it and nothing else.
func TestSQLTakesAnyName(t *testing.T) {
	p := rbac.Policy{Entities: []string{"note"}, Accesses: []string{"own"}}
	for i, name := range hostileNames {
		p.Actions = append(p.Actions, name)
		may := rbac.Permission{Action: name, Entity: "note", Access: "own"}
		grants := []rbac.Grant{rbac.Grant(may.String())}
		p.Roles = append(p.Roles, rbac.Role{Name: name, Grants: grants})
		if i%2 == 0 {
			p.Roles[i].Formerly = []string{"was " + name}
		}
	}
	var rows strings.Builder
	for i, r := range p.Roles {
		for _, former := range r.Formerly {
			text := strings.NewReplacer("'", "''", "\x00", "'||char(0)||'").Replace(former)
			fmt.Fprintf(&rows, "INSERT INTO Role(id, name, updatedAt) VALUES('f%d', '%s', 0);",
				i, text)
		}
	}
	check := func(t *testing.T, db string) {
		t.Helper()
		d := open(t, db, rbac.Layout{})
		got := map[string][]rbac.Permission{}
		for _, r := range d.Roles() {
			got[r.Name] = r.Permissions
		}
		want := map[string][]rbac.Permission{}
		for _, name := range hostileNames {
			want[name] = []rbac.Permission{{Action: name, Entity: "note", Access: "own"}}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	revoke := rbac.SQLOptions{Revoke: true}
	statements, err := rbac.SQL(t.Context(), p, schemaFile(t, string(schema)), revoke)
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range engines(t) {
		t.Run(name, func(t *testing.T) {
			db := testdb.Make(t, "wal", string(schema)+rows.String())
			run(t, db, strings.Join(statements, "\n"))
			check(t, db)
		})
	}
	t.Run("apply", func(t *testing.T) {
		db := testdb.Make(t, "wal", string(schema)+rows.String())
		if _, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, "SELECT 1"); err != nil {
			t.Fatal(err)
		}
		check(t, db)
	})
}

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

// TestSQLIsTheSameEveryDay has the time of new rows from the options alone.
func TestSQLIsTheSameEveryDay(t *testing.T) {
	schema := epicSchema(t)
	first, err := rbac.SQL(t.Context(), rbac.EpicStack(), schema, rbac.SQLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := rbac.SQL(t.Context(), rbac.EpicStack(), schema, rbac.SQLOptions{})
	if diff := cmp.Diff(first, second); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	at := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	p := small(rbac.Role{Name: "new"})
	dated, err := rbac.SQL(t.Context(), p, schema, rbac.SQLOptions{Now: at})
	if err != nil || !strings.Contains(dated[0], ", 1924992000") {
		t.Errorf("got %v %q", err, dated)
	}
	p = rbac.Policy{Actions: []string{"see"}, Roles: []rbac.Role{{Name: "new"}}}
	const tables = `
		CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT UNIQUE, tenant TEXT NOT NULL);
		CREATE TABLE users(id INTEGER PRIMARY KEY, role_id INTEGER REFERENCES roles)`
	_, err = rbac.SQL(t.Context(), p, schemaFile(t, tables), rbac.SQLOptions{})
	if missing, ok := errors.AsType[*rbac.ColumnError](err); !ok ||
		!cmp.Equal([]string{"roles.tenant"}, missing.Columns) {
		t.Errorf("got %v, want a ColumnError", err)
	}
}

// TestOtherGuards leaves the roles and permissions alone that the layout leaves out.
func TestOtherGuards(t *testing.T) {
	shapes := shapes(t)
	s := shapes[slices.IndexFunc(shapes, func(s shape) bool { return s.name == "spatie" })]
	p := s.policyOf(t)
	const more = `
		INSERT INTO permissions(id, name, guard_name) VALUES(9, 'edit articles', 'api');
		INSERT INTO roles(id, name, guard_name) VALUES(8, 'writer', 'api'), (9, 'Super-Admin', 'api');
		INSERT INTO role_has_permissions VALUES(9, 2), (9, 8), (3, 9), (9, 9);`
	const query = `SELECT r.name || ' ' || r.guard_name || ' ' || p.name || ' ' || p.guard_name
		FROM role_has_permissions JOIN roles r ON r.id = role_id
		JOIN permissions p ON p.id = permission_id WHERE 'api' IN (r.guard_name, p.guard_name) ORDER BY 1`
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

// TestSQLTellsNamesApart has columns for which admin and ADMIN are one name. Nobody who has the role
// ADMIN may get what the policy gives to admin.
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
		rbac.Role{Name: "member", Formerly: []string{"user"}, Grants: []rbac.Grant{"read:note:own"}})
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
