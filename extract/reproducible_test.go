package extract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
)

// drawing holds migrations that insert rows with random ids and the present time, and a trigger
// that draws for each row.
var drawing = map[string]string{
	"1_init": `CREATE TABLE role(
			id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), name TEXT UNIQUE,
			at TEXT DEFAULT (strftime('%F %R:%f', 'now')), n INT DEFAULT (random()));
		CREATE TABLE drawn(n INT);
		CREATE TRIGGER draw AFTER INSERT ON role BEGIN INSERT INTO drawn VALUES(random()); END;
		INSERT INTO role(name) VALUES('admin');
		INSERT INTO role(id, name, at)
			VALUES(lower(hex(randomblob(16))), 'editor', CURRENT_TIMESTAMP);`,
	"2_seed": "INSERT INTO role(name) VALUES('author');\n",
	"3_more": "INSERT INTO role(name) VALUES('reader');\n",
}

// generated returns a seed that was generated from the migrations in dir. It has the roles of the
// migrations and one more.
func generated(t *testing.T, dir string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "seed.db")
	roles := generate.Set{Name: "roles", Fill: func(s *generate.Fixtures) {
		s.Add("role", "admin", generate.Row{"name": "admin"})
		s.Add("role", "guest", generate.Row{"id": "g", "name": "guest", "at": "2025", "n": 1})
	}}
	opts := generate.Options{SchemaPath: dir, Seed: "any", Sets: []generate.Set{roles}}
	_, err := generate.Write(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// guest is the INSERT of the one role that the migrations do not insert.
const guest = `INSERT INTO "role" ("id", "name", "at", "n") ` +
	`VALUES ('g', 'guest', '2025', 1);` + "\n"

// noDrawn is the pattern of the table that the trigger fills. The trigger fires twice for a role of
// the seed: when the role was generated, and when the result inserts the role.
var noDrawn = []string{"drawn"}

func TestBaselineDrawsTheSameAsTheGenerator(t *testing.T) {
	dir := migrations(t, drawing)
	var got strings.Builder
	report, err := extract.Write(t.Context(), &got, generated(t, dir),
		extract.Options{Baseline: dir, Exclude: noDrawn})
	if result := withoutMarks(t, got.String()); err != nil || result != guest || !report.Proven {
		t.Errorf("got %v\n%swant\n%s", err, result, guest)
	}
}

// TestMigrationsDrawTheSameAfterABlock has a block in the middle migration. The rows of the block
// draw before the last migration draws.
func TestMigrationsDrawTheSameAfterABlock(t *testing.T) {
	dir := migrations(t, drawing)
	path := filepath.Join(dir, "2_seed", "migration.sql")
	for _, when := range []string{"without a block", "with one"} {
		edit, err := extract.Into(t.Context(), path, generated(t, dir),
			extract.Options{Exclude: noDrawn})
		want := drawing["2_seed"] + "\n-- seedkit:begin\nBEGIN;\n" + guest +
			"COMMIT;\n-- seedkit:end\n"
		if err != nil || string(edit.New) != want || !edit.Report.Proven {
			t.Fatalf("%s: got %v\n%swant\n%s", when, err, edit.New, want)
		}
		if err := os.WriteFile(path, edit.New, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDefaultsAreReproducible lets SQLite complete the rows of a script.
func TestDefaultsAreReproducible(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": drawing["1_init"]})
	const script = "INSERT INTO role(name) VALUES('guest'), ('reader');"
	first, report, err := write(t, script, extract.Options{Baseline: dir, Exclude: noDrawn})
	times := strings.Count(first, "'2025-01-01 00:00:00.000'")
	if err != nil || !report.Proven || times != 2 || strings.Count(first, "INSERT") != 2 {
		t.Errorf("got %v\n%s", err, first)
	}
	again, _, err := write(t, script, extract.Options{Baseline: dir, Exclude: noDrawn})
	if err != nil || again != first {
		t.Errorf("the second time: got %v\n%swant\n%s", err, again, first)
	}
}
