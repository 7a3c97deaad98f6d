package migration_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

const tableT = "CREATE TABLE t(x, y DEFAULT 0);\n"

// rowsOfT returns the rows of t as SQL, or none if there is no t.
func rowsOfT(t *testing.T, c *sqlite.Conn) (rows []string) {
	t.Helper()
	n, err := c.Int64("SELECT count(*) FROM sqlite_schema WHERE name = 't'")
	if n == 0 || err != nil {
		return nil
	}
	for row, err := range c.Query("SELECT quote(x), quote(y) FROM t ORDER BY rowid") {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Text(0)+" "+row.Text(1))
	}
	return rows
}

// hostile holds scripts that are hard to cut.
var hostile = map[string]string{
	"a line that ends in a semicolon": "INSERT INTO t(x) VALUES('a;\nb');\n",
	"dashes": "INSERT INTO t(x) VALUES('a -- b');\nINSERT INTO t(x) " +
		"VALUES('c');\n",
	"dashes at the end":            "INSERT INTO t(x) VALUES('a -- b');\n",
	"a comment behind a semicolon": "INSERT INTO t(x) VALUES('a'); -- b\n",
	"line ends":                    "INSERT INTO t(x) VALUES('a\r\nb\rc');\r\n",
	"goose's mark":                 "INSERT INTO t(x) VALUES('a\n-- +goose Down\nb');\n",
	"dbmate's mark":                "INSERT INTO t(x) VALUES('a\n-- migrate:down\nb');\n",
	"drizzle's mark":               "INSERT INTO t(x) VALUES('a--> statement-breakpoint');\n",
	"BEGIN TRANSACTION":            "INSERT INTO t(x) VALUES('BEGIN TRANSACTION;COMMIT;');\n",
	"BEGIN TRANSACTION alone":      "INSERT INTO t(x) VALUES('BEGIN TRANSACTION');\n",
	"COMMIT and dollars":           "INSERT INTO t(x) VALUES('COMMIT; $HOME ${HOME} $a$;');\n",
	"a transaction":                "BEGIN;\nINSERT INTO t(x) VALUES('a');\nCOMMIT;\n",
	"an exported database": "BEGIN TRANSACTION;\nINSERT INTO t(x) " +
		"VALUES('a');\nCOMMIT;\n",
	"two statements in a line": "INSERT INTO t(x) VALUES('a'); " +
		"INSERT INTO t(x) VALUES('b');\n",
	"a breakpoint": "INSERT INTO t(x) VALUES('a');\n--> " +
		"statement-breakpoint\nINSERT INTO t(x) VALUES('b');\n",
	"a failure after a row": "INSERT INTO t(x) VALUES('a');\nINSERT INTO nowhere " +
		"VALUES('b');\n",
	"no semicolon":             "INSERT INTO t(x) VALUES('a')",
	"a string without its end": "INSERT INTO t(x) VALUES('a');\nINSERT INTO t(x) VALUES('b",
	"a trigger": "create trigger r after insert on t when new.y = 0 begin " +
		"update t set y = 1; end;\n--> statement-breakpoint\nINSERT INTO t(x) VALUES('a');\n",
	"a semicolon in a name": "ALTER TABLE t ADD \"a;\nb\" DEFAULT 1;\n--> " +
		"statement-breakpoint\nINSERT INTO t(x) VALUES('a');\n",
	"a byte order mark": "\ufeffINSERT INTO t(x) VALUES('a');\n",
	"nothing":           "-- nothing\n",
}

// TestToolsAgree lets the real tools migrate with hostile scripts, and checks that Run does the
// same.
func TestToolsAgree(t *testing.T) {
	for _, r := range runners(t) {
		if r.format == migration.D1 || r.format == migration.Prisma {
			continue
		}
		for name, text := range hostile {
			t.Run(string(r.format)+"/"+name, func(t *testing.T) {
				t.Parallel()
				checkAgreement(t, r, folder(t, r.format, tableT, text))
			})
		}
	}
}

// TestSlowToolsAgree gives all scripts to a tool in one run, because the tool takes seconds to
// start.
func TestSlowToolsAgree(t *testing.T) {
	fails := map[migration.Format][]string{
		migration.Prisma: {"a failure after a row", "a string without its end"},
		migration.D1: {"a failure after a row", "a string without its end", "a transaction",
			"no semicolon", "BEGIN TRANSACTION alone"},
	}
	for _, r := range runners(t) {
		if fails[r.format] == nil {
			continue
		}
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(hostile)),
			func(name string) bool { return slices.Contains(fails[r.format], name) })
		all := []string{tableT}
		for _, name := range names {
			all = append(all, hostile[name])
		}
		t.Run(string(r.format), func(t *testing.T) {
			t.Parallel()
			checkAgreement(t, r, folder(t, r.format, all...))
		})
		for _, name := range fails[r.format] {
			t.Run(string(r.format)+"/"+name, func(t *testing.T) {
				t.Parallel()
				checkAgreement(t, r, folder(t, r.format, tableT, hostile[name]))
			})
		}
	}
}

func TestGooseAgrees(t *testing.T) {
	const head = "-- +goose Up\nINSERT INTO t(x) VALUES('"
	tests := map[string]string{
		"without a transaction": "-- +goose NO TRANSACTION\n-- +goose Up\nINSERT INTO t(x) " +
			"VALUES('a');\nINSERT INTO nowhere VALUES(1);\n",
		"one statement": "-- +goose Up\n-- +goose StatementBegin\nINSERT INTO t(x) " +
			"VALUES('a;\n -- b');\nINSERT INTO t(x) VALUES('c');\n-- +goose StatementEnd\n",
		"after an empty statement": "-- +goose Up\n-- +goose StatementBegin\n-- +goose " +
			"StatementEnd\nINSERT INTO t(x) VALUES('a');\nINSERT INTO t(x) VALUES('b');\n",
		"an indented mark": head + "a');\n  -- +goose Down\n",
		"a long line": head +
			strings.Repeat("a", 4<<20-len("INSERT INTO t(x) VALUES('');")) + "');\n",
		"the longest line": head +
			strings.Repeat("a", 4<<20-len("INSERT INTO t(x) VALUES('');\n")) + "');\n",
		"variables are switched off": "-- +goose Up\n-- +goose ENVSUB ON\n-- +goose ENVSUB " +
			"OFF\nINSERT INTO t(x) VALUES('$HOME');\n-- +goose ENVSUB ON\n",
	}
	goose := runner{migration.Goose, authority.Migrators(t).Goose}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, migration.Goose, tableT)
			put(t, filepath.Join(dir, "2_m.sql"), text)
			checkAgreement(t, goose, dir)
		})
	}
}

func checkAgreement(t *testing.T, r runner, dir string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.db")
	printed, wantErr := r.run(t.Context(), dir, path)
	want := rowsOfT(t, open(t, path))
	c := open(t, sqlite.Memory)
	gotErr := runAll(r.format, dir, c)
	if r.format == migration.Drizzle && gotErr != nil && wantErr == nil {
		checkLost(t, dir, want)
		return
	}
	if (gotErr == nil) != (wantErr == nil) {
		t.Errorf("Run: %v\nthe tool: %v\n%s", gotErr, wantErr, printed)
	}
	got := rowsOfT(t, c)
	if r.format == migration.Drizzle && gotErr != nil {
		got = nil // the tool runs all migrations in one transaction
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-tool +Run):\n%s", diff)
	}
}

// checkLost checks that the tool, which reported no error, did not run every statement of the
// scripts.
func checkLost(t *testing.T, dir string, rows []string) {
	t.Helper()
	c := open(t, sqlite.Memory)
	if err := runAll(migration.SQL, dir, c); err == nil && slices.Equal(rowsOfT(t, c), rows) {
		t.Error("Run refuses a script of which the tool runs every statement")
	}
}

// runAll runs a whole folder as the tool does.
func runAll(format migration.Format, dir string, c *sqlite.Conn) error {
	folder, err := format.Read(dir)
	if err != nil {
		return err
	}
	for _, m := range folder.Migrations {
		s, err := format.Parse([]byte(m.SQL))
		if err != nil {
			return err
		}
		if err := s.Run(c); err != nil {
			return err
		}
	}
	return nil
}
