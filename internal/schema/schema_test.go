package schema_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func memory(t *testing.T, sql string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript(sql); err != nil {
		t.Fatal(err)
	}
	return c
}

func read(t *testing.T, sql string) *schema.Schema {
	t.Helper()
	s, err := schema.Read(memory(t, sql))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAutoincrement(t *testing.T) {
	for sql, want := range map[string]bool{
		"CREATE TABLE t(id INTEGER PRIMARY KEY autoincrement)":                        true,
		"CREATE TABLE t(id INTEGER PRIMARY KEY /**/ AutoIncrement, x)":                true,
		"CREATE TABLE t(id INTEGER PRIMARY KEY, \"AUTOINCREMENT\")":                   false,
		"CREATE TABLE t(id INTEGER PRIMARY KEY /* AUTOINCREMENT */)":                  false,
		"CREATE TABLE t(id INTEGER PRIMARY KEY, x DEFAULT 'PRIMARY AUTOINCREMENT x')": false,
	} {
		if got := read(t, sql).Tables[0].Autoincrement; got != want {
			t.Errorf("%s: got %t", sql, got)
		}
	}
}

func TestRead(t *testing.T) {
	got := read(t, `
		CREATE TABLE "Parent"(id INTEGER PRIMARY KEY AUTOINCREMENT,
			email TEXT NOT NULL COLLATE NOCASE UNIQUE, n DEFAULT (1+1));
		CREATE TABLE child(a TEXT, b INT, up INT REFERENCES parent, sum AS (b*2),
			PRIMARY KEY(b, a)) WITHOUT ROWID;
		CREATE UNIQUE INDEX partial ON child(up) WHERE up > 0;
		CREATE UNIQUE INDEX expr ON child(lower(a));
		CREATE VIEW v AS SELECT 1;
		CREATE VIRTUAL TABLE ft USING fts5(x);
		CREATE TRIGGER "update" AFTER /* DELETE */ INSERT ON child BEGIN DELETE FROM child; END;`)
	want := []*schema.Table{
		{
			Name: "Parent",
			Columns: []schema.Column{
				{Name: "id", Type: "INTEGER"}, {Name: "email", Type: "TEXT", NotNull: true},
				{Name: "n", Default: "1+1"},
			},
			PrimaryKey: []string{"id"}, RowidAlias: "id", Autoincrement: true,
			Uniques: []schema.Unique{
				{Columns: []string{"id"}, Collations: []string{"BINARY"}},
				{Index: "sqlite_autoindex_Parent_1", Columns: []string{"email"},
					Collations: []string{"NOCASE"}},
			},
		},
		{
			Name: "child", WithoutRowid: true,
			Columns: []schema.Column{
				{Name: "a", Type: "TEXT", NotNull: true}, {Name: "b", Type: "INT", NotNull: true},
				{Name: "up", Type: "INT"},
				{Name: "sum", Generated: true},
			},
			PrimaryKey: []string{"b", "a"},
			Uniques: []schema.Unique{
				{Index: "sqlite_autoindex_child_1", Columns: []string{"b", "a"},
					Collations: []string{"BINARY", "BINARY"}},
			},
			ForeignKeys: []schema.ForeignKey{
				{Columns: []string{"up"}, Parent: "Parent", ParentColumns: []string{"id"}},
			},
			Triggers: []schema.Trigger{{Name: "update", Event: "INSERT"}},
		},
	}
	if diff := cmp.Diff(want, got.Tables, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if got.Table("PARENT") != got.Tables[0] {
		t.Error("tables are not found regardless of case")
	}
}

func TestParentsFirst(t *testing.T) {
	tests := []struct {
		name, sql, want string
		cyclic          bool
	}{
		{"chain",
			"CREATE TABLE c(x REFERENCES b); CREATE TABLE b(x REFERENCES a); " +
				"CREATE TABLE a(id PRIMARY KEY); CREATE TABLE z(x)", "a b c z", false},
		{"self", "CREATE TABLE b(x REFERENCES a); CREATE TABLE a(id PRIMARY KEY, up REFERENCES a)",
			"a b", true},
		{"cycle",
			"CREATE TABLE a(id PRIMARY KEY, x REFERENCES b); " +
				"CREATE TABLE b(id PRIMARY KEY, x REFERENCES a); CREATE TABLE c(x)", "c a b", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ordered, cyclic := schema.ParentsFirst(read(t, test.sql).Tables)
			var got []string
			for _, table := range ordered {
				got = append(got, table.Name)
			}
			if strings.Join(got, " ") != test.want || cyclic != test.cyclic {
				t.Errorf("got %v, %v; want %v, %v", got, cyclic, test.want, test.cyclic)
			}
		})
	}
}

func TestSourceFromDatabaseLeavesRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	err = db.ExecScript(`CREATE TABLE a(x) -- a comment at the end
		; CREATE INDEX i ON a(x); INSERT INTO a VALUES(1); CREATE VIRTUAL TABLE ft USING fts5(x);
		CREATE TABLE migrations(id, migration, batch); CREATE INDEX m ON migrations(batch);
		CREATE TABLE _migrations(id, bird); ANALYZE`)
	db.Close()
	if err != nil {
		t.Fatal(err)
	}
	app := []string{"_migrations", "a", "ft", "i"}
	for _, tt := range []struct {
		name string
		read func(context.Context, string) (schema.Source, error)
		want []string
	}{
		{"ReadSource", schema.ReadSource, append(app[:len(app):len(app)], "m", "migrations")},
		{"ReadAppSource", schema.ReadAppSource, app},
	} {
		source, err := tt.read(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		c := memory(t, "")
		if err := source.Apply(c); err != nil {
			t.Fatal(err)
		}
		var got []string
		const objects = "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'ft_%' ORDER BY name"
		for row, err := range c.Query(objects) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Text(0))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
		if n, err := c.Int64("SELECT count(*) FROM a"); n != 0 || err != nil {
			t.Errorf("%s: %d rows came along (%v)", tt.name, n, err)
		}
	}
}

func TestApplyNamesTheLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path,
		[]byte("CREATE TABLE a(x);\n/* two\nlines */ -- and one\n\nCREATE TABL b(x);\n"),
		0o666); err != nil {
		t.Fatal(err)
	}
	source, err := schema.ReadSource(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	err = source.Apply(memory(t, ""))
	if want := path + `:5: near "TABL": syntax error`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestReadSourceRefusesPrograms(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"1_init.sql": "-- +goose Up\n", "2_seed.go": "package migrations\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := schema.ReadSource(t.Context(), dir); !errors.Is(err, migration.ErrProgram) {
		t.Errorf("got %v, want ErrProgram", err)
	}
}

// TestApplyTakesQuotedStrings checks that a migration that ran on the app's SQLite runs here too.
func TestApplyTakesQuotedStrings(t *testing.T) {
	c := memory(t, "")
	source := schema.Source{
		Format: migration.SQL,
		Scripts: []schema.Script{
			{Name: "a", SQL: `CREATE TABLE a(x); INSERT INTO a VALUES("text")`},
		},
	}
	if err := source.Apply(c); err != nil {
		t.Fatal(err)
	}
	if v, err := c.Value("SELECT x FROM a"); v.Data() != "text" || err != nil {
		t.Errorf("got %q, %v", v.Data(), err)
	}
	if _, err := c.Value(`SELECT "none" FROM a`); err == nil {
		t.Error("our own queries take quoted strings, too")
	}
}
