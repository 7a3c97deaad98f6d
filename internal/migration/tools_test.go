package migration_test

import (
	"bytes"
	"context"
	"fmt"
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

// runner is a format and the real tool that migrates with it.
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

// script returns text in the form that the tool takes for a migration.
func script(format migration.Format, text string) string {
	switch format {
	case migration.Goose:
		return "-- +goose Up\n" + text
	case migration.Dbmate:
		return "-- migrate:up\n" + text + "\n-- migrate:down\n"
	}
	return text
}

// folder writes scripts as the migrations of a folder.
func folder(t *testing.T, format migration.Format, scripts ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "migrations")
	var entries []string
	for i, text := range scripts {
		name := fmt.Sprintf("%04d_m", i+1)
		path := map[migration.Format]string{
			migration.Prisma:        name + "/migration.sql",
			migration.GolangMigrate: name + ".up.sql",
			migration.Diesel:        name + "/up.sql",
		}[format]
		if path == "" {
			path = name + ".sql"
		}
		put(t, filepath.Join(dir, path), script(format, text))
		entries = append(entries,
			fmt.Sprintf(`{"idx":%d,"version":"6","when":%d,"tag":%q,"breakpoints":true}`, i, i+1,
				name))
	}
	if format == migration.Drizzle {
		put(t, filepath.Join(dir, "meta/_journal.json"),
			`{"version":"7","dialect":"sqlite","entries":[`+strings.Join(entries, ",")+`]}`)
	}
	return dir
}

// texts holds values that tools may damage.
var texts = []string{
	"plain", "", "a;\nb", " -- c;", "\r\n-- +goose Down\r\n", "\n-- migrate:down\n",
	"--> statement-breakpoint",
	"COMMIT;", "BEGIN TRANSACTION;", "it's \"$HOME\" ${HOME} $a$ ?1 :b", "[a;", "nul\x00after",
	"\xff", "\ufeffü",
	"-- seedkit:begin\n", "\n-- seedkit:end\n", "/* ", "CASE WHEN BEGIN ", "x\u2028y\u0085z",
}

// inserts writes the texts in the form that the format needs.
func inserts(format migration.Format) (statements []string) {
	for i, text := range texts {
		literal := string(sqltext.AppendPortableText(nil, []byte(text)))
		if format.Collides([]byte(text)) {
			literal = fmt.Sprintf("CAST(x'%x' AS TEXT)", text)
		}
		statements = append(statements,
			fmt.Sprintf(`INSERT INTO "t" ("x", "y") VALUES (%s, %d);`, literal, i))
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

// TestToolsRunNext makes a folder's next migration and lets the real tool run it. It checks that
// the values arrive and that Applied sees the record.
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

// addNext adds a migration with a block to the folder, and returns the migration's text.
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
	block := blockOf(t, s, migration.BlockOptions{DeferForeignKeys: true, Comment: "-- texts"},
		inserts(format)...)
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

// TestToolsRunSplice puts a block into scripts of several kinds, and lets the real tools run them.
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
		{migration.Drizzle,
			tableT + "--> statement-breakpoint\nCREATE INDEX i ON t(y);--> statement-breakpoint\n"},
		{migration.Drizzle,
			tableT + "\n-- seedkit:begin\n-- seedkit:end\n--> statement-breakpoint\nCREATE INDEX " +
				"i ON t(y);"},
		{migration.D1, "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + tableT + "COMMIT;\n"},
	}
	all := runners(t)
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%s/%d", tt.format, i), func(t *testing.T) {
			t.Parallel()
			s := parse(t, tt.format, tt.script)
			text := splice(t, tt.format, tt.script,
				blockOf(t, s, migration.BlockOptions{}, inserts(tt.format)...))
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

// TestNextAsDrizzleKit checks that Next adds the files that `drizzle-kit generate --custom` adds.
// Only the timestamp and the snapshot's id may differ.
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

// masked replaces the parts that differ from run to run.
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
