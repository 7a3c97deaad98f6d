package rbac_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// TestToolsDeployAPolicy lets each real tool run two migrations with a policy: the first on the
// app's own rows, the second after the policy and the database have changed.
func TestToolsDeployAPolicy(t *testing.T) {
	tools := authority.Migrators(t)
	for _, tool := range []struct {
		format string
		run    func(ctx context.Context, migrationsDir, dbPath string) (string, error)
	}{
		{"prisma", authority.Prisma(t).Deploy}, {"goose", tools.Goose}, {"dbmate", tools.Dbmate},
		{"golang-migrate", tools.GolangMigrate}, {"drizzle", tools.Drizzle}, {"d1", tools.D1},
	} {
		t.Run(tool.format, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "migrations")
			db := filepath.Join(filepath.Dir(dir), "app.db")
			firstMigration(t, dir, tool.format)
			p := rbac.EpicStack()
			its := rbac.Role{Name: "it's\n;", Grants: []rbac.Grant{"read:*:any"}}
			p.Roles = append(p.Roles, its)
			newMigration(t, p, dir, tool.format, 1)
			if _, err := tool.run(t.Context(), dir, db); err != nil {
				t.Fatal(err)
			}
			agreesAll(t, p, db)
			c := testdb.Connect(t, db, sqlite.ReadWrite)
			testdb.Execute(t, c, `UPDATE Role SET name = 'visitor' WHERE name = 'user';
				DELETE FROM _PermissionToRole WHERE B = 'r1' AND A IN ('p2', 'p4');
				INSERT INTO _PermissionToRole VALUES('p1', 'r1');
				INSERT INTO Role(id, name, updatedAt) VALUES('own', 'others', 0);
				INSERT INTO _RoleToUser VALUES('own', 'u3')`)
			c.Close()
			p.Actions = append(p.Actions, "audit")
			p.Roles[1].Name, p.Roles[1].Formerly = "member", []string{"user", "visitor"}
			p.Roles[2].Grants = []rbac.Grant{"audit:*:any"}
			newMigration(t, p, dir, tool.format, 2)
			if _, err := tool.run(t.Context(), dir, db); err != nil {
				t.Fatal(err)
			}
			agreesAll(t, p, db)
			c = testdb.Connect(t, db, sqlite.ReadOnly)
			got := testdb.Text(t, c, `SELECT name || ' ' ||
				(SELECT count(*) FROM _RoleToUser WHERE A = r.id) || ' ' ||
				(SELECT count(*) FROM _PermissionToRole WHERE B = r.id) FROM Role r ORDER BY name`)
			want := "admin 1 10\nit's\n; 0 2\nmember 2 10\nothers 1 0\n"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// agreesAll checks that a database differs from the policy only in roles that the policy does not
// name.
func agreesAll(t *testing.T, p rbac.Policy, db string) {
	t.Helper()
	d := open(t, db, rbac.Layout{})
	defer d.Close()
	diff, err := rbac.Compare(p, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range diff.Changes {
		if c.Kind != rbac.UnknownRole {
			t.Errorf("a difference remains: %+v", c)
		}
	}
}

// firstMigration makes the tables of the Epic Stack with rows.
func firstMigration(t *testing.T, dir, format string) {
	t.Helper()
	schema, err := os.ReadFile("../fixtures/epicstack/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	name, text := "0001_init.sql", string(schema)+epicRows+"\n"
	switch format {
	case "prisma":
		name = "0001_init/migration.sql"
		put(t, filepath.Join(dir, "migration_lock.toml"), "provider = \"sqlite\"\n")
	case "golang-migrate":
		name = "0001_init.up.sql"
	case "goose":
		text = "-- +goose Up\n" + text
	case "dbmate":
		text = "-- migrate:up\n" + text + "-- migrate:down\n"
	case "drizzle":
		text = strings.ReplaceAll(strings.TrimRight(text, ";\n"), ";\n",
			";\n--> statement-breakpoint\n")
		put(t, filepath.Join(dir, "meta", "_journal.json"), `{"version":"7","dialect":"sqlite",`+
			`"entries":[{"idx":0,"version":"6","when":1,"tag":"0001_init","breakpoints":true}]}`)
		put(t, filepath.Join(dir, "meta", "0000_snapshot.json"), `{"version":"6",`+
			`"dialect":"sqlite","id":"6d1ef1a4-7f2c-4a2e-9c1a-0d6f2b9b7e11",`+
			`"prevId":"00000000-0000-0000-0000-000000000000","tables":{}}`)
	}
	put(t, filepath.Join(dir, name), text)
}

func newMigration(t *testing.T, p rbac.Policy, dir, format string, day int) {
	t.Helper()
	statements, err := rbac.SQL(t.Context(), p, dir, rbac.SQLOptions{Revoke: true})
	if err != nil {
		t.Fatal(err)
	}
	edit, err := extract.NewStatements(t.Context(), "roles", dir, statements, extract.Options{
		Format: format, Now: time.Date(2025, 3, day, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !edit.Report.Proven {
		t.Error("the migration is not proven")
	}
	put(t, edit.Path, string(edit.New))
	for _, file := range edit.Others {
		put(t, file.Path, string(file.Text))
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
