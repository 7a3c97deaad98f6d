package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// read returns the model of a database that a script makes, and the database.
func read(t *testing.T, script string) (*model.Model, *sqlite.Conn) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

// names returns the names of columns, with commas between them.
func names(t *model.Table, columns []int) string {
	var out []string
	for _, i := range columns {
		out = append(out, t.Columns[i].Name)
	}
	return strings.Join(out, ",")
}

// facts joins the facts that hold.
func facts(all ...fact) string {
	var holding []string
	for _, f := range all {
		if f.holds {
			holding = append(holding, f.name)
		}
	}
	return strings.Join(holding, " ")
}

type fact struct {
	holds bool
	name  string
}

// TestColumns describes each column by one line.
func TestColumns(t *testing.T) {
	m, _ := read(t, `CREATE TABLE t(id INTEGER PRIMARY KEY DEFAULT 7, sum AS (n * 2),
		n INT NOT NULL DEFAULT (1 + 1), price DECIMAL, uid UUID, any ANY, bare, raw BLOB, r REAL,
		at DATETIME, CreatedOn TIMESTAMP, created DATETIME, name VARCHAR(20));
		CREATE TABLE pair(a TEXT, b CHAR, PRIMARY KEY(b, a));`)
	var got []string
	for _, table := range m.Tables {
		for i, c := range table.Columns {
			if at, ok := table.Find(strings.ToUpper(c.Name)); !ok || at != i || c.Index != i {
				t.Errorf("column %d, %s, has the index %d, and is found at %d", i, c.Name,
					c.Index, at)
			}
			got = append(got, fmt.Sprintf("%s.%s: %v %s", table.Name, c.Name, c.Kind, facts(
				fact{c.Default != "", "default " + c.Default}, fact{c.NotNull, "required"},
				fact{c.Primary, "primary"}, fact{c.ID, "alone"}, fact{c.Datetime, "time"})))
		}
	}
	want := []string{
		"t.id: integer primary alone", "t.n: integer default 1 + 1 required",
		"t.price: integer ", "t.uid: text ", "t.any: text ", "t.bare: text ", "t.raw: blob ",
		"t.r: real ", "t.at: integer time", "t.CreatedOn: integer time",
		"t.created: integer time", "t.name: text ", "pair.a: text primary", "pair.b: text primary",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if i, ok := m.Table("T").Find("sum"); ok {
		t.Errorf("a generated column is found at %d", i)
	}
	if m.Table("u") != nil {
		t.Error("a table is found that is not there")
	}
}

// TestKeys describes the keys of each table by one line, and tells for each column which foreign
// key determines it.
func TestKeys(t *testing.T) {
	m, _ := read(t, `
		CREATE TABLE task(n INT, room TEXT, tenant TEXT, house REFERENCES house,
			FOREIGN KEY(room) REFERENCES room(code),
			FOREIGN KEY(tenant, room) REFERENCES room,
			FOREIGN KEY(tenant) REFERENCES tenant(id),
			FOREIGN KEY(n) REFERENCES tenant(twice));
		CREATE TABLE room(tenant TEXT, code TEXT NOT NULL UNIQUE, PRIMARY KEY(tenant, code));
		CREATE TABLE tenant(id TEXT PRIMARY KEY, n INT, twice AS (n * 2) UNIQUE, name TEXT,
			parent TEXT REFERENCES TENANT);
		CREATE UNIQUE INDEX part ON tenant(name) WHERE n > 0;
		CREATE UNIQUE INDEX names ON tenant(name, n);`)
	key := func(t *model.Table, fk *model.ForeignKey) string {
		if fk == nil {
			return "-"
		}
		return names(t, fk.Columns) + ">" + fk.Parent.Name + ":" +
			names(fk.Parent, fk.ParentColumns)
	}
	want := map[string][]string{
		"task": {
			"", "room>room:code", "tenant,room>room:tenant,code", "tenant>tenant:id",
			"n by -", "room by tenant,room>room:tenant,code",
			"tenant by tenant,room>room:tenant,code", "house by -",
		},
		"room": {
			"referred by tenant,code",
			`tenant,code if "tenant" = ? COLLATE "BINARY" AND "code" = ? COLLATE "BINARY"`,
			`code if "code" = ? COLLATE "BINARY"`, "tenant by -", "code by -",
		},
		"tenant": {
			"referred by id", `id if "id" = ? COLLATE "BINARY"`,
			`name,n if "name" = ? COLLATE "BINARY" AND "n" = ? COLLATE "BINARY"`,
			`name if ("name") COLLATE "BINARY" = (?1) AND (n > 0)`,
			"parent>tenant:id", "id by -", "n by -", "name by -", "parent by parent>tenant:id",
		},
	}
	got := map[string][]string{}
	for _, table := range m.Tables {
		line := []string{facts(fact{table.Referred, "referred by "}) + names(table, table.Identity)}
		for _, u := range table.Uniques {
			line = append(line, names(table, u.Columns)+" if "+u.Equal)
		}
		for _, fk := range table.Keys {
			line = append(line, key(table, fk))
		}
		for _, c := range table.Columns {
			line = append(line, c.Name+" by "+key(table, c.Key))
		}
		got[table.Name] = line
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var order []string
	for _, table := range m.ParentsFirst() {
		order = append(order, table.Name)
	}
	if diff := cmp.Diff([]string{"room", "tenant", "task"}, order); diff != "" {
		t.Error(diff)
	}
}

func TestJoins(t *testing.T) {
	m, _ := read(t, `
		CREATE TABLE a(id INTEGER PRIMARY KEY);
		CREATE TABLE b(id INTEGER PRIMARY KEY);
		CREATE TABLE ab(x INT NOT NULL REFERENCES a, y INT NOT NULL REFERENCES b);
		CREATE TABLE wide(id TEXT PRIMARY KEY NOT NULL, y INT REFERENCES b, x INT REFERENCES a,
			at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, note TEXT);
		CREATE TABLE demanding(x INT REFERENCES a, y INT REFERENCES b, note TEXT NOT NULL);
		CREATE TABLE three(x INT REFERENCES a, y INT REFERENCES b, z INT REFERENCES b);
		CREATE TABLE aa(x INT REFERENCES a, y INT REFERENCES a);
		CREATE TABLE timed(id INTEGER PRIMARY KEY, x INT REFERENCES c, y INT REFERENCES b,
			created_at DATETIME NOT NULL);
		CREATE TABLE users(id INTEGER PRIMARY KEY); CREATE TABLE Category(id INTEGER PRIMARY KEY);
		CREATE TABLE c(id INTEGER PRIMARY KEY);
		CREATE TABLE named(user_id INTEGER, categoryId INT, tag_id INT);
		CREATE TABLE typed(user_id INTEGER REFERENCES users, x INT REFERENCES b,
			kind TEXT NOT NULL);
		CREATE TABLE texts(user_id TEXT, categoryId INT);
		CREATE TABLE bb(x INT REFERENCES b, y INT REFERENCES b, n INT NOT NULL,
			created_at DATETIME NOT NULL);
		CREATE TABLE tree(id INTEGER PRIMARY KEY, x INT REFERENCES a, parent INT REFERENCES tree);`)
	gives := func(c *model.Column) bool { return c.Name == "n" }
	for _, test := range []struct {
		from, to string
		want     []string
	}{
		{"a", "b", []string{"ab: x, y", "wide: x, y"}},
		{"b", "a", []string{"ab: y, x", "wide: y, x"}},
		{"a", "a", []string{"aa: x, y"}},
		{"b", "b", []string{"bb: x, y"}},
		{"b", "c", []string{"timed: y, x"}},
		{"users", "category", []string{"named: user_id, categoryId"}},
		{"users", "b", []string{"typed: user_id, x"}},
		{"tree", "a", nil},
		{"a", "tree", nil},
	} {
		var got []string
		for _, j := range m.Joins(m.Table(test.from), m.Table(test.to), gives) {
			got = append(got, fmt.Sprintf("%s: %s, %s", j.Table.Name,
				names(j.Table, j.From.Columns), names(j.Table, j.To.Columns)))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s and %s:\n%s", test.from, test.to, diff)
		}
	}
}

// TestIDs checks that a table's rows and its type tell the kind of ids, and that a table without
// ids of a kind gets the kind of the first table with one.
func TestIDs(t *testing.T) {
	const cuid, uuid, ulid = "clnf2zvli0000pcou3zzzzome",
		"6F1EAE9C-5CD2-4b7e-9a3e-0f3d6d1c2b4a", "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	for _, test := range []struct {
		first, second string // an id in each table
		want          []model.IDKind
	}{
		{"admin", "", []model.IDKind{model.CUID, model.CUID, model.CUID}},
		{cuid, ulid, []model.IDKind{model.CUID, model.ULID, model.CUID}},
		{uuid, ulid, []model.IDKind{model.UUID, model.ULID, model.UUID}},
		{"admin", ulid, []model.IDKind{model.ULID, model.ULID, model.ULID}},
	} {
		m, _ := read(t, fmt.Sprintf(`CREATE TABLE a(n, id TEXT PRIMARY KEY);
			CREATE TABLE b(id TEXT PRIMARY KEY); CREATE TABLE c(x);
			INSERT INTO a(id) VALUES ('%s'); INSERT INTO b VALUES ('%s')`, test.first, test.second))
		var got []model.IDKind
		for _, table := range m.Tables {
			got = append(got, table.IDs.Kind)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q, %q:\n%s", test.first, test.second, diff)
		}
	}
	m, _ := read(t, "CREATE TABLE a(x); CREATE TABLE b(id UUID PRIMARY KEY)")
	if m.Tables[0].IDs.Kind != model.UUID || m.Tables[1].IDs.Kind != model.UUID {
		t.Error("the type does not tell the kind of ids")
	}
}
