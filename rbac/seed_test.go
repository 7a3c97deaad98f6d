package rbac_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/rbac"
)

// seed generates a database from a policy.
func seed(
	t *testing.T, schema string, p rbac.Policy, options ...rbac.SeedOption,
) (*sqlite.Conn, generate.Report, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seed.db")
	report, err := generate.Write(t.Context(), path, generate.Options{
		SchemaSQL: schema,
		Sets: []generate.Set{{
			Name: "reference", Fill: func(s *generate.Fixtures) { p.Seed(s, options...) },
		}},
	})
	if err != nil {
		return nil, report, err
	}
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if n, err := c.Value("SELECT count(*) FROM pragma_foreign_key_check"); err != nil ||
		n.Int64() != 0 {
		t.Errorf("%d references are broken, %v", n.Int64(), err)
	}
	return c, report, nil
}

// query returns the rows of a result, with | between columns.
func query(t *testing.T, c *sqlite.Conn, sql string) (rows []string) {
	t.Helper()
	for row, err := range c.Query(sql) {
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		var columns []string
		for i := range row.Columns() {
			columns = append(columns, row.Text(i))
		}
		rows = append(rows, strings.Join(columns, "|"))
	}
	return rows
}

const grantsOfEpicStack = `SELECT Role.name, action, entity, access FROM _PermissionToRole
	JOIN Role ON Role.id = B JOIN Permission ON Permission.id = A ORDER BY _PermissionToRole.rowid`

// TestSeedAdopts checks that rows of the migrations stay, with their ids, and that what lacks is
// added.
func TestSeedAdopts(t *testing.T) {
	const there = `
		INSERT INTO Permission(id, action, entity, access, updatedAt)
			VALUES ('p1', 'delete', 'note', 'any', 0), ('p2', 'fly', 'kite', 'any', 0);
		INSERT INTO Role(id, name, description, updatedAt)
			VALUES ('r1', 'pilot', '', 0), ('r2', 'admin', 'the boss', 0);
		INSERT INTO _PermissionToRole VALUES ('p2', 'r1'), ('p1', 'r2');`
	p := rbac.EpicStack()
	p.Roles[0].Grants = []rbac.Grant{"delete:*:any"}
	p.Roles[1].Grants = []rbac.Grant{"read:note:own"}
	p.Roles[1].Description = "reads"
	c, report, err := seed(t, epicstack.Schema+there, p)
	if err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string][]string{
		"SELECT name, description FROM Role ORDER BY rowid": {
			"pilot|", "admin|the boss", "user|reads",
		},
		"SELECT id FROM Role WHERE name = 'admin'": {"r2"},
		"SELECT action, entity, access FROM Permission ORDER BY rowid": {
			"delete|note|any", "fly|kite|any", "delete|user|any", "read|note|own",
		},
		grantsOfEpicStack: {
			"pilot|fly|kite|any", "admin|delete|note|any", "admin|delete|user|any",
			"user|read|note|own",
		},
	} {
		if diff := cmp.Diff(want, query(t, c, sql)); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
	}
	adopted := map[string]int64{}
	for _, table := range report.Tables {
		if table.Adopted > 0 {
			adopted[table.Table] = table.Adopted
		}
	}
	want := map[string]int64{"Permission": 1, "Role": 1, "_PermissionToRole": 1}
	if diff := cmp.Diff(want, adopted); diff != "" {
		t.Errorf("adopted rows:\n%s", diff)
	}
}

// TestSeedStable checks that a new role leaves the generated ids of the others as they are.
func TestSeedStable(t *testing.T) {
	ids := func(p rbac.Policy) map[string]bool {
		c, _, err := seed(t, epicstack.Schema, p)
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string]bool{}
		for _, sql := range []string{
			"SELECT * FROM Role", "SELECT * FROM Permission", "SELECT * FROM _PermissionToRole",
		} {
			for _, row := range query(t, c, sql) {
				rows[row] = true
			}
		}
		return rows
	}
	p := rbac.EpicStack()
	before := ids(p)
	p.Actions = append([]string{"archive"}, p.Actions...)
	p.Roles = []rbac.Role{
		{Name: "archivist", Grants: []rbac.Grant{"*:note:any"}},
		{Name: "admin", Grants: []rbac.Grant{"create,read,update,delete:*:any"}},
		{Name: "user", Grants: []rbac.Grant{"create,read,update,delete:*:own"}},
	}
	after := ids(p)
	for row := range before {
		if !after[row] {
			t.Errorf("the row %s is gone", row)
		}
	}
	if got, want := len(after)-len(before), 1+1+5; got != want {
		t.Errorf("%d new rows, want %d", got, want)
	}
}

func TestSeedColumns(t *testing.T) {
	schema := strings.Replace(epicstack.Schema, `CREATE TABLE "Role" (`,
		`CREATE TABLE "Role" ("rank" INTEGER NOT NULL,`, 1)
	c, _, err := seed(t, schema, rbac.EpicStack(),
		rbac.RoleColumns(func(r rbac.Role) generate.Row {
			return generate.Row{"rank": len(r.Name), "name": "overwritten"}
		}),
		rbac.PermissionColumns(func(p rbac.Permission) generate.Row {
			return generate.Row{"id": "id of " + p.String()}
		}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"admin|5", "user|4"},
		query(t, c, "SELECT name, rank FROM Role ORDER BY rowid")); diff != "" {
		t.Error(diff)
	}
	const ids = "SELECT id FROM Permission WHERE action = 'read' AND entity = 'note' ORDER BY id"
	if diff := cmp.Diff([]string{"id of read:note:any", "id of read:note:own"},
		query(t, c, ids)); diff != "" {
		t.Error(diff)
	}
}

func TestSeedRefuses(t *testing.T) {
	broken := rbac.EpicStack()
	broken.Roles[0].Grants = []rbac.Grant{"*:*:evry"}
	pairs := rbac.EpicStack()
	pairs.Accesses, pairs.Roles = nil, nil
	flat := rbac.Policy{
		Actions: []string{"a"}, Entities: []string{"user"}, Layout: layoutOf(t, django),
	}
	for name, tt := range map[string]struct {
		policy rbac.Policy
		want   string
	}{
		"a mistake": {broken, `access "evry" is not declared`},
		"no accesses": {pairs, "the policy's permissions are action:entity, but those of table " +
			"Permission are action:entity:access"},
		"no dot": {flat, `the entity "user" must have 2 names with dots between them, for the ` +
			"columns of table django_content_type"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := seed(t, epicstack.Schema, tt.policy)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestSeedHostile checks that names come to the database as they are.
func TestSeedHostile(t *testing.T) {
	p := rbac.Policy{Actions: hostile, Entities: []string{"'", "a/b#1"}, Accesses: []string{"own"}}
	for _, name := range hostile {
		p.Roles = append(p.Roles, rbac.Role{Name: name, Grants: []rbac.Grant{"*:*:*"}})
	}
	c, _, err := seed(t, epicstack.Schema, p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(hostile, query(t, c, "SELECT name FROM Role ORDER BY rowid")); diff != "" {
		t.Error(diff)
	}
	n := len(hostile)
	got, err := c.Int64("SELECT count(DISTINCT A || B) FROM _PermissionToRole")
	if err != nil || got != int64(2*n*n) {
		t.Errorf("%d grants, %v, want %d", got, err, 2*n*n)
	}
}

// TestSeedAlike checks that grants whose names are alike are different rows.
func TestSeedAlike(t *testing.T) {
	p := rbac.EpicStack()
	p.Actions = []string{"c", "b/c", "b:c"}
	p.Roles = []rbac.Role{
		{Name: "a", Grants: []rbac.Grant{`b/c:user:own`, `b\:c:user:own`}},
		{Name: "a/b", Grants: []rbac.Grant{"c:user:own"}},
		{Name: "a:b", Grants: []rbac.Grant{"c:user:own"}},
	}
	c, _, err := seed(t, epicstack.Schema, p)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a|b/c|user|own", "a|b:c|user|own", "a/b|c|user|own", "a:b|c|user|own"}
	if diff := cmp.Diff(want, query(t, c, grantsOfEpicStack)); diff != "" {
		t.Error(diff)
	}
}
