package rbac_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
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
