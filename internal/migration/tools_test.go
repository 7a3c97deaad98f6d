package migration_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A runner is a format and the real tool that migrates with it.
type runner struct {
	format migration.Format
	run    func(ctx context.Context, migrationsDir, dbPath string) (output string, err error)
}

func runners(t *testing.T) []runner {
	t.Helper()
	tools := authority.Migrators(t)
	return []runner{
		{migration.Prisma, authority.Prisma(t).Deploy},
		{migration.Goose, tools.Goose},
		{migration.Dbmate, tools.Dbmate},
		{migration.GolangMigrate, tools.GolangMigrate},
		{migration.Drizzle, tools.Drizzle},
		{migration.D1, tools.D1},
	}
}

// script makes a text one that the tool takes for a migration.
func script(format migration.Format, text string) string {
	switch format {
	case migration.Goose:
		return "-- +goose Up\n" + text
	case migration.Dbmate:
		return "-- migrate:up\n" + text + "\n-- migrate:down\n"
	}
	return text
}

// folder writes scripts as a folder's migrations.
func folder(t *testing.T, format migration.Format, scripts ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "migrations")
	var entries []string
	for i, text := range scripts {
		name := fmt.Sprintf("%04d_m", i+1)
		path := map[migration.Format]string{
			migration.Prisma:        name + "/migration.sql",
			migration.GolangMigrate: name + ".up.sql",
		}[format]
		if path == "" {
			path = name + ".sql"
		}
		put(t, filepath.Join(dir, path), script(format, text))
		entries = append(entries, fmt.Sprintf(`{"idx":%d,"version":"6","when":%d,"tag":%q,"breakpoints":true}`, i, i+1, name))
	}
	if format == migration.Drizzle {
		put(t, filepath.Join(dir, "meta/_journal.json"), `{"version":"7","dialect":"sqlite","entries":[`+strings.Join(entries, ",")+`]}`)
	}
	return dir
}

const tableT = "CREATE TABLE t(x, y DEFAULT 0);\n"

// rowsOfT returns the rows of t as SQL, none if there is no t.
func rowsOfT(t *testing.T, c *sqlite.Conn) (rows []string) {
	t.Helper()
	if n, err := c.Int64("SELECT count(*) FROM sqlite_schema WHERE name = 't'"); n == 0 || err != nil {
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

// hostile are scripts that are hard to cut.
var hostile = map[string]string{
	"a line that ends in a semicolon": "INSERT INTO t(x) VALUES('a;\nb');\n",
	"dashes":                          "INSERT INTO t(x) VALUES('a -- b');\nINSERT INTO t(x) VALUES('c');\n",
	"dashes at the end":               "INSERT INTO t(x) VALUES('a -- b');\n",
	"a comment behind a semicolon":    "INSERT INTO t(x) VALUES('a'); -- b\n",
	"line ends":                       "INSERT INTO t(x) VALUES('a\r\nb\rc');\r\n",
	"goose's mark":                    "INSERT INTO t(x) VALUES('a\n-- +goose Down\nb');\n",
	"dbmate's mark":                   "INSERT INTO t(x) VALUES('a\n-- migrate:down\nb');\n",
	"drizzle's mark":                  "INSERT INTO t(x) VALUES('a--> statement-breakpoint');\n",
	"BEGIN TRANSACTION":               "INSERT INTO t(x) VALUES('BEGIN TRANSACTION;COMMIT;');\n",
	"BEGIN TRANSACTION alone":         "INSERT INTO t(x) VALUES('BEGIN TRANSACTION');\n",
	"COMMIT and dollars":              "INSERT INTO t(x) VALUES('COMMIT; $HOME ${HOME} $a$;');\n",
	"a transaction":                   "BEGIN;\nINSERT INTO t(x) VALUES('a');\nCOMMIT;\n",
	"an exported database":            "BEGIN TRANSACTION;\nINSERT INTO t(x) VALUES('a');\nCOMMIT;\n",
	"two statements in a line":        "INSERT INTO t(x) VALUES('a'); INSERT INTO t(x) VALUES('b');\n",
	"a breakpoint":                    "INSERT INTO t(x) VALUES('a');\n--> statement-breakpoint\nINSERT INTO t(x) VALUES('b');\n",
	"a failure after a row":           "INSERT INTO t(x) VALUES('a');\nINSERT INTO nowhere VALUES('b');\n",
	"no semicolon":                    "INSERT INTO t(x) VALUES('a')",
	"a string without its end":        "INSERT INTO t(x) VALUES('a');\nINSERT INTO t(x) VALUES('b",
	"a trigger":                       "create trigger r after insert on t when new.y = 0 begin update t set y = 1; end;\n--> statement-breakpoint\nINSERT INTO t(x) VALUES('a');\n",
	"a semicolon in a name":           "ALTER TABLE t ADD \"a;\nb\" DEFAULT 1;\n--> statement-breakpoint\nINSERT INTO t(x) VALUES('a');\n",
	"a byte order mark":               "\ufeffINSERT INTO t(x) VALUES('a');\n",
	"nothing":                         "-- nothing\n",
}

// TestToolsAgree lets the real tools migrate with hostile scripts, and holds
// that Run does the same.
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

// TestSlowToolsAgree gives all scripts that run to a tool at once, which takes
// seconds to start.
func TestSlowToolsAgree(t *testing.T) {
	fails := map[migration.Format][]string{
		migration.Prisma: {"a failure after a row", "a string without its end"},
		migration.D1:     {"a failure after a row", "a string without its end", "a transaction", "no semicolon", "BEGIN TRANSACTION alone"},
	}
	for _, r := range runners(t) {
		if fails[r.format] == nil {
			continue
		}
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(hostile)), func(name string) bool { return slices.Contains(fails[r.format], name) })
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
		"without a transaction":      "-- +goose NO TRANSACTION\n-- +goose Up\nINSERT INTO t(x) VALUES('a');\nINSERT INTO nowhere VALUES(1);\n",
		"one statement":              "-- +goose Up\n-- +goose StatementBegin\nINSERT INTO t(x) VALUES('a;\n -- b');\nINSERT INTO t(x) VALUES('c');\n-- +goose StatementEnd\n",
		"after an empty statement":   "-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\nINSERT INTO t(x) VALUES('a');\nINSERT INTO t(x) VALUES('b');\n",
		"an indented mark":           head + "a');\n  -- +goose Down\n",
		"a long line":                head + strings.Repeat("a", 4<<20-len("INSERT INTO t(x) VALUES('');")) + "');\n",
		"the longest line":           head + strings.Repeat("a", 4<<20-len("INSERT INTO t(x) VALUES('');\n")) + "');\n",
		"variables are switched off": "-- +goose Up\n-- +goose ENVSUB ON\n-- +goose ENVSUB OFF\nINSERT INTO t(x) VALUES('$HOME');\n-- +goose ENVSUB ON\n",
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
		got = nil // it runs all migrations in one transaction
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-tool +Run):\n%s", diff)
	}
}

// checkLost holds that the tool, which saw nothing wrong, did not run all that
// the scripts say.
func checkLost(t *testing.T, dir string, rows []string) {
	t.Helper()
	c := open(t, sqlite.Memory)
	if err := runAll(migration.SQL, dir, c); err == nil && slices.Equal(rowsOfT(t, c), rows) {
		t.Error("Run refuses a script of which the tool runs every statement")
	}
}

// runAll does what the tool does with a whole folder.
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

// texts are values that tools trip over.
var texts = []string{
	"plain", "", "a;\nb", " -- c;", "\r\n-- +goose Down\r\n", "\n-- migrate:down\n", "--> statement-breakpoint",
	"COMMIT;", "BEGIN TRANSACTION;", "it's \"$HOME\" ${HOME} $a$ ?1 :b", "[a;", "nul\x00after", "\xff", "\ufeffü",
	"-- seedkit:begin\n", "\n-- seedkit:end\n", "/* ", "CASE WHEN BEGIN ", "x\u2028y\u0085z",
}

// inserts writes the texts as the format wants them.
func inserts(format migration.Format) (statements []string) {
	for i, text := range texts {
		literal := string(sqltext.AppendPortableText(nil, []byte(text)))
		if format.Collides([]byte(text)) {
			literal = fmt.Sprintf("CAST(x'%x' AS TEXT)", text)
		}
		statements = append(statements, fmt.Sprintf(`INSERT INTO "t" ("x", "y") VALUES (%s, %d);`, literal, i))
	}
	return statements
}

func textsOfT(t *testing.T, c *sqlite.Conn) (got []string) {
	t.Helper()
	for row, err := range c.Query("SELECT CAST(x AS BLOB) FROM t ORDER BY y") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row.Text(0))
	}
	return got
}

// TestToolsRunNext makes a folder's next migration, has it run by the real
// tool, and holds that the values arrive and that Applied sees the record.
func TestToolsRunNext(t *testing.T) {
	for _, r := range runners(t) {
		t.Run(string(r.format), func(t *testing.T) {
			t.Parallel()
			dir := folder(t, r.format, tableT)
			path := filepath.Join(t.TempDir(), "app.db")
			if _, err := r.run(t.Context(), dir, path); err != nil {
				t.Fatal(err)
			}
			added := addNext(t, r.format, dir)
			checkApplied(t, r.format, dir, path, true, false)
			if _, err := r.run(t.Context(), dir, path); err != nil {
				t.Fatalf("%s\n%v", added, err)
			}
			checkApplied(t, r.format, dir, path, true, true)
			if diff := cmp.Diff(texts, textsOfT(t, open(t, path))); diff != "" {
				t.Errorf("texts (-want +got):\n%s\n%s", diff, added)
			}
			c := open(t, sqlite.Memory)
			if err := runAll(r.format, dir, c); err != nil {
				t.Errorf("Run: %v", err)
			}
			if diff := cmp.Diff(texts, textsOfT(t, c)); diff != "" {
				t.Errorf("Run gives other texts (-want +got):\n%s", diff)
			}
		})
	}
}

// addNext adds a migration with a block to the folder, and returns its text.
func addNext(t *testing.T, format migration.Format, dir string) string {
	t.Helper()
	f, err := format.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Next("Add all texts", time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	s := parse(t, format, string(files[0].Text))
	block := blockOf(t, s, migration.BlockOptions{DeferForeignKeys: true, Comment: "-- texts"}, inserts(format)...)
	if files[0].Text, err = s.Splice([]byte(block)); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		put(t, file.Path, string(file.Text))
	}
	return string(files[0].Text)
}

func checkApplied(t *testing.T, format migration.Format, dir, path string, want ...bool) {
	t.Helper()
	f, err := format.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, path)
	for i, m := range f.Migrations {
		if got, err := f.Applied(c, m); err != nil || got != want[i] {
			t.Errorf("Applied(%s) = %v, %v; want %v", m.Name, got, err, want[i])
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestToolsRunSplice puts a block into scripts of several kinds, and has the
// real tools run them.
func TestToolsRunSplice(t *testing.T) {
	tests := []struct {
		format migration.Format
		script string
	}{
		{migration.Prisma, strings.TrimSuffix(tableT, ";\n") + " -- c"},
		{migration.Goose, "-- +goose Up\n" + tableT + "-- +goose Down\nDROP TABLE t;\n"},
		{migration.Goose, "-- +goose NO TRANSACTION\n\n-- +goose Up\r\n" + tableT},
		{migration.Goose, "-- +goose Up\n" + tableT + "-- +goose ENVSUB ON\n\n\n-- +goose Down\n"},
		{migration.Dbmate, "-- migrate:up\n" + tableT + "-- migrate:down\nDROP TABLE t;\n"},
		{migration.Dbmate, "-- migrate:up transaction:false\n" + tableT + "\n-- migrate:down\n"},
		{migration.GolangMigrate, strings.TrimSuffix(tableT, ";\n")},
		{migration.Drizzle, tableT},
		{migration.Drizzle, tableT + "--> statement-breakpoint\nCREATE INDEX i ON t(y);--> statement-breakpoint\n"},
		{migration.Drizzle, tableT + "\n-- seedkit:begin\n-- seedkit:end\n--> statement-breakpoint\nCREATE INDEX i ON t(y);"},
		{migration.D1, "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + tableT + "COMMIT;\n"},
	}
	all := runners(t)
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%s/%d", tt.format, i), func(t *testing.T) {
			t.Parallel()
			s := parse(t, tt.format, tt.script)
			text := splice(t, tt.format, tt.script, blockOf(t, s, migration.BlockOptions{}, inserts(tt.format)...))
			dir := folder(t, tt.format, "")
			m, err := tt.format.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			put(t, m.Migrations[0].Path, text)
			r := all[slices.IndexFunc(all, func(r runner) bool { return r.format == tt.format })]
			path := filepath.Join(t.TempDir(), "app.db")
			if _, err := r.run(t.Context(), dir, path); err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			if diff := cmp.Diff(texts, textsOfT(t, open(t, path))); diff != "" {
				t.Errorf("texts (-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

// TestNextAsDrizzleKit holds that Next adds what `drizzle-kit generate
// --custom` adds, but for the time and the snapshot's id.
func TestNextAsDrizzleKit(t *testing.T) {
	tools := authority.Migrators(t)
	dir := filepath.Join(t.TempDir(), "drizzle")
	generate := func(name string) {
		if _, err := tools.DrizzleGenerate(t.Context(), dir, name); err != nil {
			t.Fatal(err)
		}
	}
	generate("first")
	f, err := migration.Drizzle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Next("second", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	generate("second")
	for _, file := range files[1:] {
		want, err := os.ReadFile(file.Path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(masked(want), masked(file.Text)); diff != "" {
			t.Errorf("%s (-drizzle-kit +Next):\n%s", file.Path, diff)
		}
	}
	if _, err := os.Stat(files[0].Path); err != nil {
		t.Error(err)
	}
}

// masked hides what differs from run to run.
func masked(text []byte) (lines []string) {
	for line := range bytes.Lines(text) {
		for _, name := range []string{`"when": `, `"id": `} {
			if i := bytes.Index(line, []byte(name)); i >= 0 {
				line = line[:i+len(name)]
			}
		}
		lines = append(lines, string(line))
	}
	return lines
}
