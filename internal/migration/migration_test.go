package migration_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// write makes a folder with files, whose names are paths with slashes.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "app [v2]", "migrations")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	return dir
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

func open(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(context.WithoutCancel(t.Context()), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

const journal3 = `{"version":"7","dialect":"sqlite","entries":[
	{"idx":0,"version":"6","when":1700000000000,"tag":"0000_init","breakpoints":true},
	{"idx":1,"version":"6","when":1700000001000,"tag":"0001_b","breakpoints":true},
	{"idx":2,"version":"6","when":1700000002000,"tag":"0002_a","breakpoints":true}]}`

func TestRead(t *testing.T) {
	tests := []struct {
		format migration.Format
		files  []string
		want   []string // Name and version of each migration.
	}{
		{migration.Prisma,
			[]string{"2_later/migration.sql", "1_init/migration.sql", "migration_lock.toml",
				"3_empty/notes.sql"},
			[]string{"1_init 1_init", "2_later 2_later"}},
		{migration.Goose,
			[]string{"10_b.sql", "00009_a.sql", "README.md", "main.go", "2_x_test.go", "11_c.go"},
			[]string{"00009_a 9", "10_b 10", "11_c 11"}},
		{migration.Dbmate, []string{"10_b.sql", "9_a.sql", "02.sql", "notes.sql"},
			[]string{"02 02", "10_b 10", "9_a 9"}},
		{migration.GolangMigrate,
			[]string{"10_b.up.sql", "10_b.down.sql", "000009_a.up.sql", "notes.sql"},
			[]string{"000009_a 9", "10_b 10"}},
		{migration.D1, []string{"0010_b.sql", "9_a.sql", "notes.sql", "seed/1_x.sql"},
			[]string{"9_a 9_a.sql", "0010_b 0010_b.sql", "notes notes.sql"}},
		{migration.SQL, []string{"b.sql", "a.sql", "c.txt"}, []string{"a ", "b "}},
		{migration.SQL, []string{"10_b.sql", "9_a.sql"}, []string{"9_a ", "10_b "}},
		{migration.SQL, []string{"10_b.sql", "9_a.sql", "x.sql"}, []string{"10_b ", "9_a ", "x "}},
		{migration.SQL, []string{"V10__b.sql", "V9__a.sql", "V9.1__c.sql"},
			[]string{"V9__a ", "V9.1__c ", "V10__b "}},
		{migration.Diesel, []string{"2025-03-01-120000-0000_b/up.sql", ".x/up.sql",
			"20240301120000_a/up.sql", "20240301120000_a/down.sql", "notes.sql"},
			[]string{"20240301120000_a 20240301120000",
				"2025-03-01-120000-0000_b 202503011200000000"}},
		{migration.Sqlx, []string{"10_b.up.sql", "10_b.down.sql", "0009_a c.sql", "notes.sql"},
			[]string{"0009_a c 9", "10_b 10"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.format), func(t *testing.T) {
			files := map[string]string{}
			for _, name := range tt.files {
				files[name] = "-- " + name
			}
			checkRead(t, tt.format, write(t, files), tt.want)
		})
	}
	t.Run("drizzle", func(t *testing.T) {
		dir := write(t, map[string]string{"meta/_journal.json": journal3, "0000_init.sql": "",
			"0001_b.sql": "", "0002_a.sql": "", "0003_x.sql": ""})
		checkRead(t, migration.Drizzle, dir,
			[]string{"0000_init 1700000000000", "0001_b 1700000001000", "0002_a 1700000002000"})
	})
}

func checkRead(t *testing.T, format migration.Format, dir string, want []string) {
	t.Helper()
	folder, err := format.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range folder.Migrations {
		got = append(got, m.Name+" "+m.Version)
		if text, err := os.ReadFile(m.Path); err != nil || !m.Program && m.SQL != string(text) {
			t.Errorf("%s: have %q, %v", m.Path, text, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("migrations (-want +got):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct {
		name   string
		format migration.Format
		files  []string
		want   string
	}{
		{"two of one version", migration.Goose, []string{"1_a.sql", "1_b.go"},
			"the same version 1"},
		{"no version", migration.Goose, []string{"seed.sql"}, "a name that begins with a number"},
		{"two of one version", migration.Goose, []string{"1_a.sql", "01_b.sql"},
			"the same version 1"},
		{"two of one version", migration.GolangMigrate, []string{"1_a.up.sql", "01_b.up.sql"},
			"the same version 1"},
		{"no number", migration.Sqlx, []string{"a_b.sql"}, "sqlx wants a name that begins with"},
		{"two of one version", migration.Diesel, []string{"1-1_a/up.sql", "11_b/up.sql"},
			"the same version 11"},
		{"no journal's file", migration.Drizzle, []string{"0000_init.sql"}, "0001_b.sql"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for _, name := range tt.files {
				files[name] = ""
			}
			if tt.format == migration.Drizzle {
				files["meta/_journal.json"] = journal3
			}
			if _, err := tt.format.Read(write(t, files)); err == nil ||
				!strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for _, format := range migration.Formats() {
		if folder, err := format.Read(t.TempDir()); !errors.Is(err, migration.ErrNone) ||
			folder.Format != format {
			t.Errorf("an empty folder of %s: got %v, %v, want ErrNone", format, folder, err)
		}
	}
}

func TestAt(t *testing.T) {
	dir := write(t, map[string]string{"meta/_journal.json": journal3, "0000_init.sql": "",
		"0001_b.sql": "", "0002_a.sql": "", "0003_x.sql": ""})
	folder, err := migration.ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if m, err := folder.At("0001_b.sql"); err != nil || m.Name != "0001_b" {
		t.Errorf("got %v, %v, want 0001_b", m, err)
	}
	if _, err := folder.At("0003_x.sql"); !errors.Is(err, migration.ErrNotRun) {
		t.Errorf("not in the journal: got %v, want ErrNotRun", err)
	}
	if _, err := folder.At("nowhere.sql"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want ErrNotExist", err)
	}
}

func TestDetect(t *testing.T) {
	const gooseUp, dbmateUp, wrangler = "-- +goose Up\n", "-- migrate:up\n-- migrate:down\n",
		"[[d1_databases]]\n"
	tests := []struct {
		name  string
		files map[string]string
		path  string
		dir   string // "." for the folder, "" for none.
		want  migration.Format
	}{
		{"Prisma", map[string]string{"1_init/migration.sql": ""}, ".", ".", migration.Prisma},
		{"Prisma's first", map[string]string{"migration_lock.toml": ""}, ".", ".",
			migration.Prisma},
		{"Prisma's script", map[string]string{"1_init/migration.sql": ""}, "1_init/migration.sql",
			".", migration.Prisma},
		{"Prisma's new script", map[string]string{"1_init/migration.sql": ""},
			"2_seed/migration.sql", ".", migration.Prisma},
		{"goose", map[string]string{"1_init.sql": "\n-- comment\n-- +goose Up\n"}, ".", ".",
			migration.Goose},
		{"goose's script", map[string]string{"1_init.sql": gooseUp}, "1_init.sql", ".",
			migration.Goose},
		{"goose's new script", map[string]string{"1_init.sql": gooseUp}, "2_seed.sql", ".",
			migration.Goose},
		{"dbmate", map[string]string{"1_init.sql": dbmateUp}, ".", ".", migration.Dbmate},
		{"golang-migrate", map[string]string{"1_init.up.sql": "", "1_init.down.sql": ""}, ".", ".",
			migration.GolangMigrate},
		{"drizzle", map[string]string{"meta/_journal.json": journal3}, ".", ".", migration.Drizzle},
		{"drizzle on D1",
			map[string]string{"meta/_journal.json": journal3, "../wrangler.toml": wrangler}, ".",
			".", migration.Drizzle},
		{"D1", map[string]string{"0001_init.sql": "", "../wrangler.toml": wrangler}, ".", ".",
			migration.D1},
		{"D1, further up",
			map[string]string{"0001_init.sql": "", "../../wrangler.jsonc": `{"d1_databases":[]}`},
			".", ".", migration.D1},
		{"another worker", map[string]string{"0001_init.sql": "", "../wrangler.toml": "name = 'x'"},
			".", ".", migration.SQL},
		{"Diesel", map[string]string{"1_init/up.sql": "", "1_init/down.sql": ""}, ".", ".",
			migration.Diesel},
		{"Diesel's script", map[string]string{"1_init/up.sql": ""}, "1_init/up.sql", ".",
			migration.Diesel},
		{"an up.sql alone", map[string]string{"up.sql": ""}, "up.sql", "", migration.SQL},
		{"sqlx", map[string]string{"1_init.sql": "", "../../Cargo.toml": "sqlx = '0.8'"}, ".", ".",
			migration.Sqlx},
		{"sqlx both ways", map[string]string{"1_a.up.sql": "", "1_a.down.sql": "",
			"../Cargo.lock": `name = "sqlx"`}, ".", ".", migration.Sqlx},
		{"goose beside sqlx", map[string]string{"1_init.sql": gooseUp, "../Cargo.toml": "sqlx"},
			".", ".", migration.Goose},
		{"another crate", map[string]string{"1_init.sql": "", "../Cargo.toml": "rusqlite"}, ".",
			".", migration.SQL},
		{"scripts", map[string]string{"1.sql": "SELECT '-- +goose Up'"}, ".", ".", migration.SQL},
		{"a script", map[string]string{"seed.sql": "", "dump.sql": ""}, "seed.sql", "",
			migration.SQL},
		{"a new script", nil, "seed.sql", "", migration.SQL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := write(t, tt.files)
			dir, format, err := migration.Detect(filepath.Join(root, tt.path))
			if err != nil {
				t.Fatal(err)
			}
			if dir != "" {
				if dir, err = filepath.Rel(root, dir); err != nil {
					t.Fatal(err)
				}
			}
			if dir != tt.dir || format != tt.want {
				t.Errorf("got %q, %s; want %q, %s", dir, format, tt.dir, tt.want)
			}
		})
	}
}

func TestDetectRefuses(t *testing.T) {
	mixed := write(t, map[string]string{"1_a.sql": "-- +goose Up\n",
		"2_b.sql": "-- migrate:up\n-- migrate:down\n"})
	_, _, err := migration.Detect(mixed)
	ambiguous, ok := errors.AsType[*migration.AmbiguousError](err)
	if want := []migration.Format{migration.Goose, migration.Dbmate}; !ok ||
		!slices.Equal(ambiguous.Formats, want) {
		t.Errorf("got %v, want an AmbiguousError of %v", err, want)
	}
	for name, text := range map[string]string{
		"1_a.sql": "-- +migrate Up\n-- +migrate Down\n", "2_b.sql": "-- Up\n-----\n-- Down\n",
		"3.undo.c.sql": "",
	} {
		dir := write(t, map[string]string{name: text})
		if _, _, err := migration.Detect(dir); !errors.Is(err, migration.ErrTwoWays) {
			t.Errorf("%s: got %v, want ErrTwoWays", name, err)
		}
	}
	if _, _, err := migration.Detect(write(t, nil)); !errors.Is(err, migration.ErrNone) ||
		!strings.Contains(err.Error(), "looked for meta/_journal.json") {
		t.Errorf("an empty folder: got %v, want ErrNone and what was looked for", err)
	}
}

func TestParseFormat(t *testing.T) {
	for _, format := range migration.Formats() {
		if got, err := migration.ParseFormat(string(format)); got != format || err != nil {
			t.Errorf("ParseFormat(%q) = %v, %v", format, got, err)
		}
	}
	if _, err := migration.ParseFormat("flyway"); !errors.Is(err, migration.ErrUnknownFormat) {
		t.Errorf("got %v, want ErrUnknownFormat", err)
	}
}
