package extract_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/migration"
)

// write extracts a script and returns the statements of the result.
func write(t *testing.T, script string, opts extract.Options) (string, extract.Report, error) {
	t.Helper()
	opts.Script = strings.NewReader(script)
	var out strings.Builder
	report, err := extract.Write(t.Context(), &out, "test.sql", opts)
	return withoutMarks(t, out.String()), report, err
}

// withoutMarks returns a result without the comments that tell whether it is whole.
func withoutMarks(t *testing.T, result string) string {
	t.Helper()
	const begin, end = "-- seedkit: begin of rows\n", "-- seedkit: end of rows\n"
	rest, marked := strings.CutPrefix(result, begin)
	statements, ended := strings.CutSuffix(rest, end)
	if marked != ended {
		t.Errorf("the result has one of two marks: %s", result)
	}
	return statements
}

func TestWrite(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"parents first",
			`CREATE TABLE child(id INTEGER PRIMARY KEY, up INT NOT NULL REFERENCES parent);
			CREATE TABLE parent(id INTEGER PRIMARY KEY);
			INSERT INTO child VALUES(1, 7); INSERT INTO parent VALUES(7);`,
			"INSERT INTO \"parent\" (\"id\") VALUES (7);\n" +
				"INSERT INTO \"child\" (\"id\", \"up\") VALUES (1, 7);\n"},
		{"a row that refers to one after it needs foreign keys deferred",
			`CREATE TABLE t(id INTEGER PRIMARY KEY, up INT REFERENCES t); ` +
				`INSERT INTO t VALUES(1, 2); INSERT INTO t VALUES(2, NULL);`,
			"BEGIN;\nPRAGMA defer_foreign_keys=ON;\n" +
				"INSERT INTO \"t\" (\"id\", \"up\") VALUES (1, 2);\n" +
				"INSERT INTO \"t\" (\"id\", \"up\") VALUES (2, NULL);\nCOMMIT;\n"},
		{"every kind of value on one line",
			"CREATE TABLE \"we\"\"ird\"(i, r, t, b, n, l); " +
				"INSERT INTO \"we\"\"ird\" VALUES(-1, 0.1, 'it''s', x'00FF', NULL, 'two\nlines');",
			`INSERT INTO "we""ird" ("i", "r", "t", "b", "n", "l") ` +
				`VALUES (-1, 0.1, 'it''s', x'00ff', NULL, ` +
				`replace('two\nlines','\n',char(10)));` + "\n"},
		{"negative zero, where the column keeps it",
			`CREATE TABLE t(any, r REAL); INSERT INTO t VALUES(-0.0, -0.0);`,
			"INSERT INTO \"t\" (\"any\", \"r\") VALUES (-0.0, 0.0);\n"},
		{"generated columns are SQLite's to fill",
			`CREATE TABLE t(id INTEGER PRIMARY KEY, twice AS (id*2)); INSERT INTO t VALUES(4);`,
			"INSERT INTO \"t\" (\"id\") VALUES (4);\n"},
		{"no rows, no transaction",
			`CREATE TABLE t(id INTEGER PRIMARY KEY, up INT REFERENCES t);`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _, err := write(t, test.script, extract.Options{})
			if err != nil || got != test.want {
				t.Errorf("got %v\n%s\nwant\n%s", err, got, test.want)
			}
		})
	}
}

func TestWriteLeavesBookkeepingOutAndNamesIt(t *testing.T) {
	const script = `
		CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT);
		INSERT INTO t VALUES(3);
		CREATE TABLE _prisma_migrations(id TEXT PRIMARY KEY);
		INSERT INTO _prisma_migrations VALUES('x');`
	got, report, err := write(t, script, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "INSERT INTO \"t\" (\"id\") VALUES (3);\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := extract.Report{
		Tables: []extract.TableReport{{Table: "t", Rows: 1}},
		LeftOut: []extract.LeftOut{
			{Table: "_prisma_migrations", Rows: 1, Why: "kept by Prisma"},
		},
		Proven: true,
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
}

// migrations makes a folder of Prisma's migrations with one file for each name.
func migrations(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, filepath.Join(dir, name, "migration.sql"), text)
	}
	return dir
}

const (
	initMigration = "CREATE TABLE role(id INTEGER PRIMARY KEY, name TEXT UNIQUE);\n" +
		"INSERT INTO role VALUES(1, 'admin');\n"
	roles = "INSERT INTO role(id, name) VALUES(1, 'admin'), (2, 'user');"
)

func TestBaselineRowsAreSubtracted(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": initMigration})
	got, report, err := write(t, roles, extract.Options{Baseline: dir})
	if err != nil {
		t.Fatal(err)
	}
	if want := "INSERT INTO \"role\" (\"id\", \"name\") VALUES (2, 'user');\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := []extract.TableReport{{Table: "role", Rows: 1, Baseline: 1}}
	if diff := cmp.Diff(want, report.Tables); diff != "" {
		t.Error(diff)
	}
}

func TestBaselineConflictsAreFoundBeforeAnythingIsWritten(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": initMigration})
	got, _, err := write(t, "INSERT INTO role(id, name) VALUES(9, 'user'), (2, 'admin');",
		extract.Options{Baseline: dir})
	var conflict *extract.ConflictError
	if !errors.As(err, &conflict) || got != "" {
		t.Fatalf("got %v and %q, want a ConflictError and nothing written", err, got)
	}
	want := &extract.ConflictError{
		Table: "role", Columns: []string{"name"}, Key: "'admin'", Differ: []string{"id"},
	}
	if diff := cmp.Diff(want, conflict); diff != "" {
		t.Error(diff)
	}
}

func into(t *testing.T, path, script string) extract.Edit {
	t.Helper()
	edit, err := extract.Into(t.Context(), path, "test.sql",
		extract.Options{Script: strings.NewReader(script)})
	if err != nil {
		t.Fatal(err)
	}
	return edit
}

func TestInto(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": initMigration, "2_seed": "-- ours\r\n"})
	path := filepath.Join(dir, "2_seed", "migration.sql")
	edit := into(t, path, roles)
	want := "-- ours\r\n\n-- seedkit:begin\nBEGIN;\n" +
		"INSERT INTO \"role\" (\"id\", \"name\") VALUES (2, 'user');\nCOMMIT;\n-- seedkit:end\n"
	if got := string(edit.New); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	if on, err := os.ReadFile(path); err != nil || string(on) != "-- ours\r\n" {
		t.Errorf("the file was touched: %q, %v", on, err)
	}
	if err := os.WriteFile(path, edit.New, 0o666); err != nil {
		t.Fatal(err)
	}
	if again := into(t, path, roles); string(again.New) != want {
		t.Errorf("the second time: got %s, want the same", again.New)
	}
}

func TestIntoSubtractsTheBlocksOfOtherMigrations(t *testing.T) {
	dir := migrations(t, map[string]string{
		"1_init": initMigration,
		"2_seed": "-- seedkit:begin\nINSERT INTO role VALUES(2, 'user');\n-- seedkit:end\n",
		"3_more": "",
	})
	edit := into(t, filepath.Join(dir, "3_more", "migration.sql"), roles)
	if !edit.Nothing || len(edit.New) > 0 || !edit.Report.Proven {
		t.Errorf("got %q, nothing is %t, proven is %t", edit.New, edit.Nothing, edit.Report.Proven)
	}
}

func TestIntoNeverEmptiesABlock(t *testing.T) {
	const tables = "CREATE TABLE role(id INTEGER PRIMARY KEY, name TEXT UNIQUE);\n"
	const block = "-- seedkit:begin\nINSERT INTO role VALUES(2, 'user');\n-- seedkit:end\n"
	tests := []struct{ name, seed, block string }{
		{"a seed without rows", tables, block},
		{"rows that another migration inserts", "INSERT INTO role VALUES(1, 'admin');", block},
		{"a statement that no row goes with", tables,
			"-- seedkit:begin\nDELETE FROM role;\n-- seedkit:end\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := migrations(t, map[string]string{"1_init": initMigration, "2_seed": test.block})
			path := filepath.Join(dir, "2_seed", "migration.sql")
			edit, err := extract.Into(t.Context(), path, "test.sql",
				extract.Options{Script: strings.NewReader(test.seed)})
			if !errors.Is(err, extract.ErrEmptied) || edit.New != nil {
				t.Errorf("got %q, %v, want ErrEmptied", edit.New, err)
			}
		})
	}
}

func TestIntoKeepsAnEmptyBlock(t *testing.T) {
	const empty = "-- seedkit:begin\n-- seedkit:end\n"
	dir := migrations(t, map[string]string{"1_init": initMigration, "2_seed": empty})
	edit := into(t, filepath.Join(dir, "2_seed", "migration.sql"), "CREATE TABLE role(id, name);")
	if !edit.Nothing || string(edit.New) != empty || edit.Report.Proven {
		t.Errorf("got %q, nothing is %t, proven is %t", edit.New, edit.Nothing, edit.Report.Proven)
	}
}

func TestIntoRefusesBrokenMarks(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": initMigration + migration.BlockBegin + "\n"})
	path := filepath.Join(dir, "1_init", "migration.sql")
	_, err := extract.Into(t.Context(), path, "test.sql",
		extract.Options{Script: strings.NewReader(roles)})
	if !errors.Is(err, migration.ErrBlock) {
		t.Errorf("got %v, want ErrBlock", err)
	}
}

// TestProofWithoutATransaction checks that the proof checks deferred foreign keys after each
// statement, as SQLite does without a transaction.
func TestProofWithoutATransaction(t *testing.T) {
	baseline := filepath.Join(t.TempDir(), "baseline.sql")
	const tables = "CREATE TABLE p(id INTEGER PRIMARY KEY); " +
		"CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p DEFERRABLE INITIALLY DEFERRED);"
	if err := os.WriteFile(baseline, []byte(tables), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = "CREATE TABLE c(id INTEGER PRIMARY KEY, p); " +
		"CREATE TABLE p(id INTEGER PRIMARY KEY); INSERT INTO c VALUES(1, 1); " +
		"INSERT INTO p VALUES(1);"
	got, _, err := write(t, script, extract.Options{Baseline: baseline})
	if _, ok := errors.AsType[*extract.ProofError](err); !ok || got != "" {
		t.Errorf("got %q, %v, want a ProofError", got, err)
	}
}
