package migration_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

const (
	idA = "11111111-2222-4333-8444-555555555555"
	idB = "66666666-7777-4888-9999-aaaaaaaaaaaa"
)

// snapshot1 returns a snapshot of drizzle-kit 1.
func snapshot1(id, prevIDs string) string {
	return `{"version":"7","dialect":"sqlite","id":"` + id + `","prevIds":[` + prevIDs +
		`],"ddl":[{"name":"t","entityType":"tables"}],"renames":[]}`
}

func TestReadDrizzle1(t *testing.T) {
	dir := write(t, map[string]string{
		"20250201000000_b/migration.sql": "b",
		"20250201000000_b/snapshot.json": snapshot1(idB, `"`+idA+`"`),
		"20250101000000_a/migration.sql": "a", "20250101000000_a/snapshot.json": snapshot1(idA, ""),
		"20250301000000_c/notes.md": "no migration",
	})
	for _, path := range []string{dir, filepath.Join(dir, "20250201000000_b", "migration.sql")} {
		got, format, err := migration.Detect(path)
		if err != nil || format != migration.Drizzle || filepath.Clean(got) != dir {
			t.Errorf("Detect(%s) = %s, %s, %v; want %s of %s", path, got, format, err, dir,
				migration.Drizzle)
		}
	}
	folder, err := migration.Drizzle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []migration.Migration{
		{Name: "20250101000000_a", Version: "20250101000000_a",
			Path: filepath.Join(dir, "20250101000000_a/migration.sql"), SQL: "a"},
		{Name: "20250201000000_b", Version: "20250201000000_b",
			Path: filepath.Join(dir, "20250201000000_b/migration.sql"), SQL: "b"},
	}
	if diff := cmp.Diff(want, folder.Migrations); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNextOfDrizzle1(t *testing.T) {
	// The last snapshot by name is not the last one by its ids, as after a merge.
	dir := write(t, map[string]string{
		"20250101000000_a/migration.sql": "",
		"20250101000000_a/snapshot.json": snapshot1(idB, `"`+idA+`"`),
		"20300101000000_b/migration.sql": "",
		"20300101000000_b/snapshot.json": snapshot1(idA, `"00000000-0000-0000-0000-000000000000"`),
	})
	files := checkNext(t, migration.Drizzle, dir,
		[]string{"20300101000001_add_roles/migration.sql",
			"20300101000001_add_roles/snapshot.json"})
	const want = `{
  "id": "ef001df2-d591-5dc1-871f-3b52ef254b31",
  "prevIds": [
    "` + idB + `"
  ],
  "version": "7",
  "dialect": "sqlite",
  "ddl": [
    {
      "name": "t",
      "entityType": "tables"
    }
  ],
  "renames": []
}`
	if diff := cmp.Diff(want, string(files[1].Text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNextOfDrizzle1Refuses(t *testing.T) {
	branched := write(t, map[string]string{
		"20250101000000_a/migration.sql": "", "20250101000000_a/snapshot.json": snapshot1(idA, ""),
		"20250201000000_b/migration.sql": "", "20250201000000_b/snapshot.json": snapshot1(idB, ""),
	})
	folder, err := migration.Drizzle.Read(branched)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Next("roles", noon); !errors.Is(err, migration.ErrBranched) {
		t.Errorf("two ends: got %v, want ErrBranched", err)
	}
	for name, text := range map[string]string{"no JSON": "x", "no id": snapshot1("", ""),
		"an id that is none": snapshot1("x", "")} {
		put(t, filepath.Join(branched, "20250201000000_b", "snapshot.json"), text)
		put(t, filepath.Join(branched, "20250101000000_a", "snapshot.json"), text)
		if files, err := folder.Next("roles", noon); err == nil {
			t.Errorf("%s: got %v, want an error", name, files)
		}
	}
}

// TestDrizzle1Applied checks records of both versions. The records of the older version have no
// names. A database has them until the migrator of version 1 runs.
func TestDrizzle1Applied(t *testing.T) {
	const (
		named = "CREATE TABLE __drizzle_migrations(hash, created_at, name, applied_at); " +
			"INSERT INTO __drizzle_migrations VALUES"
		before = "CREATE TABLE __drizzle_migrations(hash, created_at); " +
			"INSERT INTO __drizzle_migrations VALUES"
	)
	m := migration.Migration{Name: "20250101000000_a", Version: "20250101000000_a", SQL: "SELECT 1"}
	millis := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	tests := []struct {
		name, database string
		want           bool
	}{
		{"no record", "", false},
		{"by name", named + "('x', 1, '20250101000000_a', NULL)", true},
		{"another name", named + fmt.Sprintf("('x', %d, '20250101000000_b', NULL)", millis), false},
		{"by second", before + fmt.Sprintf("('x', %d)", millis+999), true},
		{"another second", before + fmt.Sprintf("('x', %d)", millis+1000), false},
		{"by hash", before + fmt.Sprintf("('%x', 1)", sha256.Sum256([]byte(m.SQL))), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := open(t, sqlite.Memory)
			if err := c.ExecScript(tt.database); err != nil {
				t.Fatal(err)
			}
			got, err := migration.Folder{Format: migration.Drizzle}.Applied(c, m)
			if got != tt.want || err != nil {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

// TestParseRest runs scripts without their blocks.
func TestParseRest(t *testing.T) {
	for name, text := range map[string]string{
		"a comment": tableT +
			"--> statement-breakpoint\n-- Custom SQL migration file, put your code below! --",
		"in front": "\n--> statement-breakpoint\n" + tableT,
		"in between": tableT +
			"--> statement-breakpoint\n\n--> statement-breakpoint\nINSERT INTO t VALUES(1, 2);",
		"at the end":  tableT + "--> statement-breakpoint\n",
		"not a piece": tableT,
	} {
		s, err := migration.Drizzle.ParseRest([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(open(t, sqlite.Memory)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := migration.Drizzle.ParseRest([]byte("SELECT 1; SELECT 2;"))
	if err == nil {
		err = s.Run(open(t, sqlite.Memory))
	}
	if err == nil {
		t.Error("two statements in a piece are taken for one")
	}
}

// TestToolsRunNextOfDrizzle1 lets version 1 of Drizzle run the files of Next. It checks that
// drizzle-kit continues after them as after its own migration.
func TestToolsRunNextOfDrizzle1(t *testing.T) {
	tools := authority.Migrators(t)
	dir := filepath.Join(t.TempDir(), "drizzle")
	path := filepath.Join(t.TempDir(), "app.db")
	generate := func(name string) {
		t.Helper()
		if _, err := tools.Drizzle1Generate(t.Context(), dir, name); err != nil {
			t.Fatal(err)
		}
	}
	generate("init")
	init := filepath.Dir(only(t, dir, "*_init", "migration.sql"))
	put(t, filepath.Join(init, "migration.sql"), tableT)
	if _, err := tools.Drizzle1(t.Context(), dir, path); err != nil {
		t.Fatal(err)
	}
	added := addNext(t, migration.Drizzle, dir)
	checkApplied(t, migration.Drizzle, dir, path, true, false)
	if _, err := tools.Drizzle1(t.Context(), dir, path); err != nil {
		t.Fatalf("%s\n%v", added, err)
	}
	checkApplied(t, migration.Drizzle, dir, path, true, true)
	if diff := cmp.Diff(texts, textsOfT(t, open(t, path))); diff != "" {
		t.Errorf("texts (-want +got):\n%s\n%s", diff, added)
	}

	f, err := migration.Drizzle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Next("after", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	generate("after")
	want, err := os.ReadFile(only(t, dir, "*_after", "snapshot.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(masked(want), masked(files[1].Text)); diff != "" {
		t.Errorf("snapshot (-drizzle-kit +Next):\n%s", diff)
	}
}

// only returns the one path that matches the pattern.
func only(t *testing.T, pattern ...string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(pattern...))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%s: found %v, error %v", pattern, paths, err)
	}
	return paths[0]
}
