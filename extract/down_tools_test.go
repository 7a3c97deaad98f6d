package extract_test

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
)

// familyTables makes tables that refer to each other and to themselves, with keys of each kind.
const familyTables = `CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE person (
	id TEXT PRIMARY KEY, boss TEXT REFERENCES person, name TEXT COLLATE NOCASE NOT NULL UNIQUE);
CREATE TABLE person_role (
	person TEXT NOT NULL REFERENCES person, role INTEGER NOT NULL REFERENCES role,
	PRIMARY KEY (person, role)) WITHOUT ROWID;
CREATE TABLE tag (name TEXT PRIMARY KEY);
CREATE TABLE log (at TEXT);
`

// familySeed has keys with text that tools may damage.
const familySeed = `INSERT INTO role VALUES(1,'admin'),(2,'user');
INSERT INTO person VALUES('a''
-- +goose Down
-- migrate:down;
b','z','Ann'),('z',NULL,'Zoe');
INSERT INTO person_role VALUES('z',1),('z',2);
INSERT INTO tag VALUES('COMMIT;'),(NULL);
INSERT INTO log VALUES('now'),('now');
`

// command is a command of a migration tool. It returns the tool's output.
type command func(ctx context.Context, migrationsDir, dbPath string) (string, error)

// downTool is a tool that can reverse a migration.
type downTool struct {
	format   string
	up, down command
	keysOn   string // The setting that makes the tool's driver check foreign keys.
}

// TestToolsTakeBack lets each real tool run the migration of New, reverse it and run it again, with
// foreign keys on, in a database that also has other rows.
func TestToolsTakeBack(t *testing.T) {
	tools := authority.Migrators(t)
	for _, tool := range []downTool{
		{"goose", tools.Goose, tools.GooseDown, "?_pragma=foreign_keys(1)"},
		{"golang-migrate", tools.GolangMigrate, tools.GolangMigrateDown,
			"?_pragma=foreign_keys(1)"},
		{"dbmate", tools.Dbmate, tools.DbmateDown, "?_foreign_keys=on"},
	} {
		t.Run(tool.format, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "migrations")
			path := filepath.Join(t.TempDir(), "app.db")
			put(t, filepath.Join(dir, familyFile(tool.format)), familyInit(tool.format))
			run(t, tool.up, dir, path+tool.keysOn)
			c := openDatabase(t, path)
			const own = "INSERT INTO role VALUES(7,'own'); " +
				"INSERT INTO tag VALUES('own'); INSERT INTO log VALUES('own')"
			if err := c.ExecScript(own); err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			addFamily(t, dir, tool.format)

			run(t, tool.up, dir, path+tool.keysOn)
			checkCounts(t, path, "up", "role 3, person 2, person_role 2, tag 3, log 3")
			run(t, tool.down, dir, path+tool.keysOn)
			checkCounts(t, path, "down", "role 1, person 0, person_role 0, tag 2, log 3")
			run(t, tool.up, dir, path+tool.keysOn)
			checkCounts(t, path, "up again", "role 3, person 2, person_role 2, tag 4, log 5")

			// If the driver checked no foreign keys, the test would not check the order.
			last := strings.Replace(familyFile(tool.format), "0001", "30000101000000", 1)
			put(t, filepath.Join(dir, last), strings.Replace(familyInit(tool.format),
				familyTables, "INSERT INTO person_role VALUES('nobody',9);\n", 1))
			out, err := tool.up(t.Context(), dir, path+tool.keysOn)
			if err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") {
				t.Errorf("a row that refers to none: got %q, %v; "+
					"want foreign keys to be kept", out, err)
			}
		})
	}
}

func familyFile(format string) string {
	if format == "golang-migrate" {
		return "0001_init.up.sql"
	}
	return "0001_init.sql"
}

func familyInit(format string) string {
	switch format {
	case "goose":
		return "-- +goose Up\n" + familyTables + "-- +goose Down\n"
	case "dbmate":
		return "-- migrate:up\n" + familyTables + "-- migrate:down\n"
	}
	return familyTables
}

// addFamily makes the folder's next migration with New, and adds another row to it with Into.
func addFamily(t *testing.T, dir, format string) {
	t.Helper()
	opts := extract.Options{Format: format, Now: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)}
	half, _, _ := strings.Cut(familySeed, "INSERT INTO person_role")
	opts.Script = strings.NewReader(half)
	edit, err := extract.New(t.Context(), "family", dir, "test.sql", opts)
	if err != nil {
		t.Fatal(err)
	}
	write := func() {
		put(t, edit.Path, string(edit.New))
		for _, file := range edit.Others {
			put(t, file.Path, string(file.Text))
		}
	}
	write()
	opts.Script = strings.NewReader(familySeed)
	if edit, err = extract.Into(t.Context(), edit.Path, "test.sql", opts); err != nil {
		t.Fatal(err)
	}
	write()
	if len(edit.Report.Kept) != 2 || !edit.Report.Proven {
		t.Errorf("got the report %+v, want it proven, with the rows of two tables that stay",
			edit.Report)
	}
}

func run(t *testing.T, run command, dir, path string) {
	t.Helper()
	if _, err := run(t.Context(), dir, path); err != nil {
		entries, _ := filepath.Glob(filepath.Join(dir, "*family*"))
		for _, path := range entries {
			text, _ := os.ReadFile(path)
			t.Logf("%s:\n%s", path, text)
		}
		t.Fatal(err)
	}
}

func checkCounts(t *testing.T, path, when, want string) {
	t.Helper()
	c := openDatabase(t, path)
	defer c.Close()
	const counts = `SELECT concat_ws(', ',
		'role ' || (SELECT count(*) FROM role), 'person ' || (SELECT count(*) FROM person),
		'person_role ' || (SELECT count(*) FROM person_role),
		'tag ' || (SELECT count(*) FROM tag), 'log ' || (SELECT count(*) FROM log))`
	for row, err := range c.Query(counts) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, row.Text(0)); diff != "" {
			t.Errorf("%s: rows (-want +got)\n%s", when, diff)
		}
	}
}
