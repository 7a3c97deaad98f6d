package migration_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var noon = time.Date(2025, 3, 1, 13, 0, 0, 0, time.FixedZone("CET", 3600))

func TestNext(t *testing.T) {
	const later = "20301231235959"
	tests := []struct {
		name   string
		format migration.Format
		files  []string // The files that the folder already has.
		want   []string
	}{
		{"the first", migration.Prisma, nil, []string{"20250301120000_add_roles/migration.sql"}},
		{"another", migration.Prisma, []string{"20250221000000_init/migration.sql"},
			[]string{"20250301120000_add_roles/migration.sql"}},
		{"after one from the future", migration.Prisma, []string{later + "_init/migration.sql"},
			[]string{"20310101000000_add_roles/migration.sql"}},
		{"after a plain number", migration.Prisma, []string{"0001_init/migration.sql"},
			[]string{"20250301120000_add_roles/migration.sql"}},
		{"the first", migration.Goose, nil, []string{"20250301120000_add_roles.sql"}},
		{"by time", migration.Goose, []string{"20250221000000_init.sql"},
			[]string{"20250301120000_add_roles.sql"}},
		{"by number", migration.Goose, []string{"00009_init.sql"}, []string{"00010_add_roles.sql"}},
		{"the first", migration.Dbmate, nil, []string{"20250301120000_add_roles.sql"}},
		{"after one from the future", migration.Dbmate, []string{later + "_init.sql"},
			[]string{"20310101000000_add_roles.sql"}},
		{"the first", migration.GolangMigrate, nil,
			[]string{"20250301120000_add_roles.up.sql", "20250301120000_add_roles.down.sql"}},
		{"by number", migration.GolangMigrate, []string{"000099_init.up.sql"},
			[]string{"000100_add_roles.up.sql", "000100_add_roles.down.sql"}},
		{"by time", migration.GolangMigrate, []string{"20250221000000_init.up.sql"},
			[]string{"20250301120000_add_roles.up.sql", "20250301120000_add_roles.down.sql"}},
		{"the first", migration.D1, nil, []string{"0001_add_roles.sql"}},
		{"another", migration.D1, []string{"0001_init.sql", "0010_x.sql", "notes.sql"},
			[]string{"0011_add_roles.sql"}},
		{"the first", migration.Diesel, nil, []string{"2025-03-01-120000-0000_add_roles/up.sql",
			"2025-03-01-120000-0000_add_roles/down.sql"}},
		{"after one from the future", migration.Diesel, []string{later + "_init/up.sql"},
			[]string{"2031-01-01-000000-0000_add_roles/up.sql",
				"2031-01-01-000000-0000_add_roles/down.sql"}},
		{"the first", migration.Sqlx, nil, []string{"20250301120000_add_roles.sql"}},
		{"by number", migration.Sqlx, []string{"0001_init.sql"}, []string{"0002_add_roles.sql"}},
		{"by number", migration.Sqlx, []string{"7_a.up.sql", "8_b.up.sql"},
			[]string{"0009_add_roles.up.sql", "0009_add_roles.down.sql"}},
		{"by time", migration.Sqlx, []string{"7_a.sql", "9_b.sql"},
			[]string{"20250301120000_add_roles.sql"}},
		{"by number without zeros", migration.SQL, []string{"8_a.sql", "9_a.sql"},
			[]string{"10_add_roles.sql"}},
		{"no numbers", migration.SQL, []string{"1.txt", "A.sql"}, []string{"add_roles.sql"}},
		{"by number", migration.SQL, []string{"009.sql"}, []string{"010_add_roles.sql"}},
		{"as Flyway", migration.SQL, []string{"V9__a.sql", "V10__b.sql"},
			[]string{"V11__add_roles.sql"}},
		{"as Flyway, by parts", migration.SQL, []string{"V1_9__a.sql", "V1_10__b.sql"},
			[]string{"V1_11__add_roles.sql"}},
		{"as Flyway, by time", migration.SQL, []string{"V20250221000000__init.sql"},
			[]string{"V20250301120000__add_roles.sql"}},
		{"by time", migration.SQL, []string{"20250221000000_init.sql"},
			[]string{"20250301120000_add_roles.sql"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.format)+"/"+tt.name, func(t *testing.T) {
			files := map[string]string{}
			for _, name := range tt.files {
				files[name] = ""
			}
			dir := write(t, files)
			checkNext(t, tt.format, dir, tt.want)
		})
	}
}

// checkNext returns the files of the folder's next migration.
func checkNext(t *testing.T, format migration.Format, dir string, want []string) []migration.File {
	t.Helper()
	folder, err := format.Read(dir)
	if err != nil && !errors.Is(err, migration.ErrNone) {
		t.Fatal(err)
	}
	files, err := folder.Next("Add roles", noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		rel, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if _, err := parse(t, format, string(files[0].Text)).Splice(nil); err != nil {
		t.Errorf("the new script takes no block: %v", err)
	}
	return files
}

func TestNextMakesASlug(t *testing.T) {
	for name, want := range map[string]string{
		"Moderator & orgs":  "moderator_orgs",
		"seed":              "seed",
		"add-some_ROLES  2": "add_some_roles_2",
		"../a/b\\c.sql":     "a_b_c_sql",
		"Kody's 1st":        "kodys_1st",
		"Größe — é":         "größe_é",
		"ロール と 権限":          "ロール_と_権限",
		"हिन्दी भाषा":       "हिन्दी_भाषा",
		"роли\nи права 🌱":   "роли_и_права",
	} {
		for _, format := range migration.Formats() {
			files, err := (migration.Folder{Format: format, Dir: t.TempDir()}).Next(name, noon)
			if err != nil {
				t.Errorf("%s: %q: %v", format, name, err)
				continue
			}
			got := filepath.ToSlash(files[0].Path)
			if !strings.HasSuffix(strings.TrimSuffix(got, ".sql"), want) &&
				!strings.Contains(got, want+"/") && !strings.Contains(got, want+".up") {
				t.Errorf("%s: %q makes %s, want %s in it", format, name, got, want)
			}
		}
	}
}

func TestNextOfDrizzle(t *testing.T) {
	entry := func(tag string) string {
		return `{"version":"7","dialect":"sqlite","entries":[{"idx":4,"version":"6",` +
			`"when":1900000000000,"tag":"` + tag + `","breakpoints":true}]}`
	}
	tests := map[string]struct {
		journal string
		want    []string
	}{
		"the first": {"", []string{"0000_add_roles.sql", "meta/_journal.json"}},
		"by index":  {entry("0004_x"), []string{"0005_add_roles.sql", "meta/_journal.json"}},
		"by time": {entry("20250221000000_x"),
			[]string{"20250301120000_add_roles.sql", "meta/_journal.json"}},
		"by seconds": {entry("1700000000_x"),
			[]string{"1740830400_add_roles.sql", "meta/_journal.json"}},
		"by name": {entry("_x"), []string{"_add_roles.sql", "meta/_journal.json"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			if tt.journal != "" {
				files["meta/_journal.json"] = tt.journal
				var j struct{ Entries []struct{ Tag string } }
				if err := json.Unmarshal([]byte(tt.journal), &j); err != nil {
					t.Fatal(err)
				}
				files[j.Entries[0].Tag+".sql"] = ""
			}
			got := checkNext(t, migration.Drizzle, write(t, files), tt.want)
			if tt.journal != "" && !strings.Contains(string(got[1].Text), `"when": 1900000000001`) {
				t.Errorf("the migrator would skip an entry that is not later than the one "+
					"before:\n%s",
					got[1].Text)
			}
		})
	}
}

func TestNextCopiesDrizzlesSnapshot(t *testing.T) {
	const id = "11111111-2222-4333-8444-555555555555"
	dir := write(t, map[string]string{
		"meta/_journal.json": journal3, "0000_init.sql": "", "0001_b.sql": "", "0002_a.sql": "",
		"meta/0000_snapshot.json": "not read",
		"meta/0002_snapshot.json": `{"version":"6","dialect":"sqlite","id":"` + id +
			`","prevId":"x","tables":{"t<u>":{"a":1.0}},"_meta":{"tables":{"a":"b"}},` +
			`"internal":{}}`,
	})
	files := checkNext(t, migration.Drizzle, dir,
		[]string{"0003_add_roles.sql", "meta/_journal.json", "meta/0003_snapshot.json"})
	const want = `{
  "id": "8816d910-d89b-593e-a445-3a975bbe258a",
  "prevId": "` + id + `",
  "version": "6",
  "dialect": "sqlite",
  "tables": {
    "t<u>": {
      "a": 1.0
    }
  },
  "_meta": {
    "columns": {},
    "schemas": {},
    "tables": {}
  },
  "internal": {}
}`
	if diff := cmp.Diff(want, string(files[2].Text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNextRefuses(t *testing.T) {
	for _, name := range []string{"", " - ", "&", "../", "🌱", "'"} {
		folder := migration.Folder{Format: migration.Goose, Dir: t.TempDir()}
		if _, err := folder.Next(name, noon); !errors.Is(err, migration.ErrName) {
			t.Errorf("%q: got %v, want ErrName", name, err)
		}
	}
	dir := write(t, map[string]string{"seed.sql": ""})
	early, err := migration.SQL.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := early.Next("roles", noon); !errors.Is(err, migration.ErrOrder) {
		t.Errorf("got %v, want ErrOrder", err)
	}
	_, err = migration.Folder{Format: migration.SQL, Dir: dir}.Next("seed", noon)
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want ErrExist", err)
	}
}

// TestApplied checks databases whose records are not those of migrations that simply ran.
func TestApplied(t *testing.T) {
	tests := []struct {
		name     string
		format   migration.Format
		database string
		m        migration.Migration
		want     bool
	}{
		{"Prisma, no record", migration.Prisma, "", migration.Migration{Version: "1_a"}, false},
		{"Prisma, failed", migration.Prisma, prismaTable + "('1_a',NULL,NULL)",
			migration.Migration{Version: "1_a"}, false},
		{"Prisma, rolled back", migration.Prisma, prismaTable + "('1_a',1,2)",
			migration.Migration{Version: "1_a"}, false},
		{"Prisma, at last", migration.Prisma, prismaTable + "('1_a',NULL,2),('1_a',3,NULL)",
			migration.Migration{Version: "1_a"}, true},
		{"goose, taken back", migration.Goose, gooseTable + "(1,1),(1,0)",
			migration.Migration{Version: "1"}, false},
		{"goose, again", migration.Goose, gooseTable + "(1,0),(1,1)",
			migration.Migration{Version: "1"}, true},
		{"golang-migrate, before the last", migration.GolangMigrate, golangTable + "(3,0)",
			migration.Migration{Version: "2"}, true},
		{"golang-migrate, failed", migration.GolangMigrate, golangTable + "(3,1)",
			migration.Migration{Version: "3"}, false},
		{"golang-migrate, after the last", migration.GolangMigrate, golangTable + "(3,0)",
			migration.Migration{Version: "4"}, false},
		{"drizzle, before the newest", migration.Drizzle, drizzleTable + "(7)",
			migration.Migration{Version: "6"}, true},
		{"drizzle, after the newest", migration.Drizzle, drizzleTable + "(7)",
			migration.Migration{Version: "8"}, false},
		{"drizzle, by Wrangler", migration.Drizzle, d1Table + "('0000_a.sql')",
			migration.Migration{Name: "0000_a", Version: "8"}, true},
		{"no tool", migration.SQL, "", migration.Migration{Name: "a"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, sqlite.Memory)
			if err := c.ExecScript(tt.database); err != nil {
				t.Fatal(err)
			}
			got, err := migration.Folder{Format: tt.format}.Applied(c, tt.m)
			if got != tt.want || err != nil {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
	c := open(t, sqlite.Memory)
	const record = "CREATE TABLE schema_migrations(version varchar(128) primary key); " +
		"INSERT INTO schema_migrations VALUES('1')"
	if err := c.ExecScript(record); err != nil {
		t.Fatal(err)
	}
	folder := migration.Folder{Format: migration.GolangMigrate}
	if _, err := folder.Applied(c, migration.Migration{Name: "1_a", Version: "1"}); err == nil {
		t.Error("dbmate's record passes for golang-migrate's")
	}
}

const (
	prismaTable = "CREATE TABLE _prisma_migrations(migration_name, finished_at, rolled_back_at); " +
		"INSERT INTO _prisma_migrations VALUES"
	gooseTable = "CREATE TABLE goose_db_version(id INTEGER PRIMARY KEY, version_id INTEGER, " +
		"is_applied INTEGER); INSERT INTO goose_db_version(version_id, is_applied) VALUES"
	golangTable = "CREATE TABLE schema_migrations(version uint64, dirty bool); " +
		"INSERT INTO schema_migrations VALUES"
	drizzleTable = "CREATE TABLE __drizzle_migrations(created_at numeric); " +
		"INSERT INTO __drizzle_migrations VALUES"
	d1Table = "CREATE TABLE d1_migrations(name TEXT); INSERT INTO d1_migrations VALUES"
)
