package extract_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
)

// TestToolsRaiseCounters lets each real tool run a new migration with a seed whose counters are
// higher than its ids, on a database with lower counters and on one with higher counters.
func TestToolsRaiseCounters(t *testing.T) {
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
			addInit(t, dir, tool.format)
			databases := map[string]int64{"less": 0, "further": counted}
			for name, counter := range databases {
				path := filepath.Join(filepath.Dir(dir), name+".db")
				if _, err := tool.run(t.Context(), dir, path); err != nil {
					t.Fatal(err)
				}
				count(t, path, counter)
			}
			addEvents(t, dir, tool.format)
			for name, counter := range databases {
				path := filepath.Join(filepath.Dir(dir), name+".db")
				if _, err := tool.run(t.Context(), dir, path); err != nil {
					t.Fatal(err)
				}
				want := map[string]int64{"event": max(9, counter), "it's": max(7, counter)}
				got := countersOf(t, openDatabase(t, path))
				maps.DeleteFunc(got, func(table string, _ int64) bool {
					return migration.IsBookkeeping(table, nil)
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("counted %s: (-want +got)\n%s", name, diff)
				}
			}
		})
	}
}

const countedTables = eventTable +
	`CREATE TABLE "it's"(id INTEGER PRIMARY KEY AUTOINCREMENT);` + "\n"

// addInit makes a folder's first migration, which makes the tables.
func addInit(t *testing.T, dir, format string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	name, text := "0001_init.sql", countedTables
	switch format {
	case "prisma":
		name = "0001_init/migration.sql"
	case "diesel":
		name = "0001_init/up.sql"
	case "golang-migrate":
		name = "0001_init.up.sql"
	case "goose":
		text = "-- +goose Up\n" + text
	case "dbmate":
		text = "-- migrate:up\n" + text + "-- migrate:down\n"
	case "drizzle":
		text = strings.Replace(text, ";\n", ";\n--> statement-breakpoint\n", 1)
		put(t, filepath.Join(dir, "meta", "_journal.json"),
			`{"version":"7","dialect":"sqlite","entries":[`+
				`{"idx":0,"version":"6","when":1,"tag":"0001_init","breakpoints":true}]}`)
		put(t, filepath.Join(dir, "meta", "0000_snapshot.json"),
			`{"version":"6","dialect":"sqlite","id":"6d1ef1a4-7f2c-4a2e-9c1a-0d6f2b9b7e11",`+
				`"prevId":"00000000-0000-0000-0000-000000000000","tables":{}}`)
	}
	put(t, filepath.Join(dir, name), text)
}

// count sets the counters of a database, unless counter is 0.
func count(t *testing.T, path string, counter int64) {
	t.Helper()
	c := openDatabase(t, path)
	script := fmt.Sprintf("INSERT INTO sqlite_sequence SELECT name, %d FROM sqlite_schema "+
		"WHERE %[1]d AND name IN ('event', 'it''s')", counter)
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// addEvents extracts the seed into the folder's next migration.
func addEvents(t *testing.T, dir, format string) {
	t.Helper()
	seed := countedTables + firstEvent + countedNine +
		"INSERT INTO sqlite_sequence VALUES('it''s', 7);"
	edit, err := extract.New(t.Context(), "events", dir, "test.sql",
		extract.Options{Script: strings.NewReader(seed), Format: format,
			Now: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
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
