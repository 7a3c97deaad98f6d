package extract_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var newStatements = []string{
	`INSERT INTO "it's" (id) SELECT 4 WHERE NOT EXISTS (SELECT 1 FROM "it's" WHERE id = 4);`,
	`UPDATE "it's" SET id = 5 WHERE id = 4;`,
	`INSERT INTO "it's" (id) VALUES (8);`,
	`DELETE FROM "it's" WHERE id = 8;`,
}

// addStatements puts statements into the folder's next migration and returns its path.
func addStatements(t *testing.T, dir, format string, statements []string) string {
	t.Helper()
	edit, err := extract.NewStatements(t.Context(), "roles", dir, statements,
		extract.Options{Format: format, Now: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if !edit.Report.Proven {
		t.Error("it is not proven")
	}
	put(t, edit.Path, string(edit.New))
	for _, file := range edit.Others {
		put(t, file.Path, string(file.Text))
	}
	return edit.Path
}

// idsIn runs the folder's migrations and returns the ids in the table "it's".
func idsIn(t *testing.T, dir string) (ids []int64) {
	t.Helper()
	folder, err := migration.ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, m := range folder.Migrations {
		script, err := folder.Format.Parse([]byte(m.SQL))
		if err != nil {
			t.Fatal(err)
		}
		if err := script.Run(c); err != nil {
			t.Fatalf("%s: %v", m.Path, err)
		}
	}
	for row, err := range c.Query(`SELECT id FROM "it's" ORDER BY 1`) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, row.Int64(0))
	}
	return ids
}

func TestStatements(t *testing.T) {
	for _, format := range extract.Formats() {
		if format == "sql" {
			continue
		}
		t.Run(format, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "migrations")
			addInit(t, dir, format)
			path := addStatements(t, dir, format, newStatements)
			if diff := cmp.Diff([]int64{5}, idsIn(t, dir)); diff != "" {
				t.Error(diff)
			}
			into := func(statements []string) (extract.Edit, error) {
				opts := extract.Options{Format: format}
				return extract.IntoStatements(t.Context(), path, statements, opts)
			}
			again, err := into(newStatements)
			if diff := cmp.Diff(string(again.Old), string(again.New)); err != nil || diff != "" {
				t.Errorf("the same statements: %v %s", err, diff)
			}
			other, err := into(newStatements[2:3])
			if err != nil {
				t.Fatal(err)
			}
			put(t, path, string(other.New))
			if diff := cmp.Diff([]int64{8}, idsIn(t, dir)); diff != "" {
				t.Error(diff)
			}
			if _, err := into(nil); !errors.Is(err, extract.ErrEmptied) {
				t.Errorf("no statements: got %v, want ErrEmptied", err)
			}
		})
	}
}

// TestStatementsIntoAMigration keeps every byte outside of the block.
func TestStatementsIntoAMigration(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "migrations")
	addInit(t, dir, "prisma")
	path := filepath.Join(dir, "0002_more", "migration.sql")
	const before = "-- by hand\nINSERT INTO \"it's\" VALUES(1);\n"
	put(t, path, before)
	put(t, filepath.Join(dir, "0003_last", "migration.sql"), "UPDATE \"it's\" SET id = id + 10;\n")
	edit, err := extract.IntoStatements(t.Context(), path, newStatements, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := before + "\n-- seedkit:begin\n" + migration.StatementsComment + "\nBEGIN;\n" +
		strings.Join(newStatements, "\n") + "\nCOMMIT;\n-- seedkit:end\n"
	if diff := cmp.Diff(want, string(edit.New)); diff != "" || !edit.Report.Proven {
		t.Errorf("proven %v %s", edit.Report.Proven, diff)
	}
}

func TestStatementsIntoAPlainScript(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roles.sql")
	tables := filepath.Join(t.TempDir(), "tables.sql")
	put(t, path, "-- roles\n")
	put(t, tables, countedTables)
	_, err := extract.IntoStatements(t.Context(), path, newStatements, extract.Options{})
	if _, ok := errors.AsType[*extract.ProofError](err); !ok {
		t.Errorf("without tables: got %v, want a ProofError", err)
	}
	opts := extract.Options{Schema: tables}
	edit, err := extract.IntoStatements(t.Context(), path, newStatements, opts)
	if err != nil || !edit.Report.Proven {
		t.Errorf("got proven %v, %v", edit.Report.Proven, err)
	}
}

func TestStatementsRefused(t *testing.T) {
	as := func(err error) string {
		if _, ok := errors.AsType[*extract.ProofError](err); ok {
			return "proof"
		}
		if _, ok := errors.AsType[*migration.CollisionError](err); ok {
			return "collision"
		}
		if _, ok := errors.AsType[*extract.AppliedError](err); ok {
			return "applied"
		}
		return err.Error()
	}
	const insert = "INSERT INTO \"it's\" SELECT 1 WHERE "
	tests := []struct{ name, format, statement, want string }{
		{"no such table", "goose", "INSERT INTO nowhere VALUES(1);", "proof"},
		{"broken reference", "goose",
			"CREATE TABLE c(x REFERENCES nowhere); INSERT INTO c VALUES(1);", "proof"},
		{"the tool's mark", "drizzle", insert + "'--> statement-breakpoint' = '';", "collision"},
		{"too long", "d1", insert + "'" + strings.Repeat("x", 100_000) + "' = '';",
			"a statement has 100042 bytes, and 100000 are allowed: " + insert + "'" +
				strings.Repeat("x", 45) + "…"},
		// The tool cuts the statement at the line end, and SQLite runs the first half.
		{"cut by the tool", "goose", insert + "'' <> '\n-- +goose StatementBegin\n';", "proof"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "migrations")
			addInit(t, dir, test.format)
			statements, opts := []string{test.statement}, extract.Options{
				Format: test.format, Now: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC),
			}
			edit, err := extract.NewStatements(t.Context(), "roles", dir, statements, opts)
			if err == nil {
				t.Fatalf("it went through:\n%s", edit.New)
			}
			if got := as(err); got != test.want {
				t.Errorf("got %s (%v)\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestStatementsIntoAnAppliedMigration(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "migrations")
	addInit(t, dir, "goose")
	path, db := filepath.Join(dir, "0001_init.sql"), filepath.Join(t.TempDir(), "app.db")
	c, err := sqlite.Open(t.Context(), db, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ExecScript(`
		CREATE TABLE goose_db_version(
			id INTEGER PRIMARY KEY, version_id INTEGER, is_applied INTEGER, tstamp);
		INSERT INTO goose_db_version VALUES(1, 1, 1, 0)`); err != nil {
		t.Fatal(err)
	}
	c.Close()
	before, _ := os.ReadFile(path)
	opts := extract.Options{AppliedIn: db}
	_, err = extract.IntoStatements(t.Context(), path, newStatements, opts)
	if _, ok := errors.AsType[*extract.AppliedError](err); !ok {
		t.Errorf("got %v, want an AppliedError", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the migration was changed")
	}
}

// TestStatementsAndRowsKeepApart lets neither replace the block of the other.
func TestStatementsAndRowsKeepApart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "migrations")
	addInit(t, dir, "prisma")
	path := addStatements(t, dir, "prisma", newStatements)
	seed := extract.Options{Script: strings.NewReader(countedTables + firstEvent)}
	_, err := extract.Into(t.Context(), path, "test.sql", seed)
	if !errors.Is(err, extract.ErrOtherBlock) {
		t.Errorf("rows: got %v, want ErrOtherBlock", err)
	}
	put(t, path, "-- seedkit:begin\nINSERT INTO \"it's\" VALUES(1);\n-- seedkit:end\n")
	_, err = extract.IntoStatements(t.Context(), path, newStatements, extract.Options{})
	if !errors.Is(err, extract.ErrOtherBlock) {
		t.Errorf("statements: got %v, want ErrOtherBlock", err)
	}
	put(t, path, "-- seedkit:begin\n-- seedkit:end\n")
	_, err = extract.IntoStatements(t.Context(), path, newStatements, extract.Options{})
	if err != nil {
		t.Errorf("an empty block: %v", err)
	}
}
