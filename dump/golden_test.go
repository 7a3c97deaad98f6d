package dump_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var update = flag.Bool("update", false,
	"rewrite the golden files, from the sqlite3 shell where it is the authority")

// behaviour is a file testdata/NAME.sql: the SQL that creates a database. Comments in its first
// lines are .dump commands to try besides .dump itself. NAME.golden has their output.
type behaviour struct {
	name     string
	sql      string
	commands []string
}

// ours are the behaviours in which a dump differs from the shell's on purpose.
var ours = []string{"infinity", "zero_byte"}

// altered are the databases that a reload changes or cannot create. Both the shell's script and
// seedkit's do that.
var altered = map[string]string{
	"empty_name":           "the INSERTs name another table",
	"index_comment":        "SQLite keeps the line end that .dump adds",
	"no_tables":            "nothing is written, not even a header",
	"open_comment_in_view": "the comment swallows the COMMIT",
	"open_comments":        "SQLite keeps no comment after a table",
}

func behaviours(t *testing.T) []behaviour {
	t.Helper()
	files, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata: %v", err)
	}
	var all []behaviour
	for _, file := range files {
		sql, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b := behaviour{
			name: strings.TrimSuffix(filepath.Base(file), ".sql"), sql: string(sql),
			commands: []string{".dump"},
		}
		for line := range strings.Lines(b.sql) {
			if command, ok := strings.CutPrefix(line, "-- .dump "); ok {
				b.commands = append(b.commands, ".dump "+strings.TrimSpace(command))
			}
		}
		all = append(all, b)
	}
	return all
}

// build runs a script on a new database and returns its path.
func build(t testing.TB, sql string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript("PRAGMA synchronous = OFF;" + sql); err != nil {
		t.Fatal(err)
	}
	return path
}

// options reads a .dump command like the shell, and --schema-only.
func options(command string) dump.Options {
	var opts dump.Options
	for _, arg := range strings.Fields(command)[1:] {
		switch arg {
		case "--data-only":
			opts.DataOnly = true
		case "--schema-only":
			opts.SchemaOnly = true
		case "--nosys":
			opts.NoSys = true
		case "--preserve-rowids":
			opts.PreserveRowids = true
		default:
			opts.Objects = append(opts.Objects, ofLike(arg))
		}
	}
	return opts
}

// ofLike turns a LIKE pattern of the shell into a pattern of [dump.Options].
func ofLike(like string) string {
	return strings.NewReplacer(`\_`, "_", `\%`, "%", "%", "*", "_", "?").Replace(like)
}

var methods = map[string]writer{
	"as Write chooses": dump.Write,
	"decoding":         dump.WriteDecoding,
	"selecting":        dump.WriteSelecting,
}

type writer = func(
	ctx context.Context, w io.Writer, path string, opts dump.Options,
) (dump.Stats, error)

func dumped(t testing.TB, path string, opts dump.Options) string {
	t.Helper()
	return written(t, dump.Write, path, opts)
}

func written(t testing.TB, write writer, path string, opts dump.Options) string {
	t.Helper()
	var out bytes.Buffer
	_, err := write(t.Context(), &out, path, opts)
	if _, unmatched := errors.AsType[*pattern.UnmatchedError](err); err != nil && !unmatched {
		t.Fatal(err)
	}
	return out.String()
}

// shellDumped returns the output of the sqlite3 shell.
func shellDumped(t testing.TB, shell, path, command string) string {
	t.Helper()
	cmd := exec.Command(shell, "-init", os.DevNull, "-batch", path, command)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("sqlite3 %s: %v\n%s", command, err, &stderr)
	}
	return string(out)
}

// isShells reports whether the shell determines the output of a command.
func (b behaviour) isShells(command string) bool {
	return !slices.Contains(ours, b.name) && !strings.Contains(command, "--schema-only")
}

func TestGolden(t *testing.T) {
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			db, golden := build(t, b.sql), filepath.Join("testdata", b.name+".golden")
			if *update {
				b.update(t, db, golden)
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for method, write := range methods {
				got := b.print(func(command string) string {
					return written(t, write, db, options(command))
				})
				if diff := lineDiff(string(want), got); diff != "" {
					t.Errorf("dump, %s (-want +got):\n%s", method, diff)
				}
			}
		})
	}
}

func lineDiff(want, got string) string {
	return cmp.Diff(strings.SplitAfter(want, "\n"), strings.SplitAfter(got, "\n"))
}

// print joins the outputs of the commands, each after a line with the command.
func (b behaviour) print(output func(command string) string) string {
	var text strings.Builder
	for _, command := range b.commands {
		fmt.Fprintf(&text, "==> %s\n%s", command, output(command))
	}
	return text.String()
}

func (b behaviour) update(t *testing.T, db, golden string) {
	t.Helper()
	shell := authority.SQLite3(t)
	text := b.print(func(command string) string {
		if b.isShells(command) {
			return shellDumped(t, shell, db, command)
		}
		return dumped(t, db, options(command))
	})
	if err := os.WriteFile(golden, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestShell(t *testing.T) {
	shell := authority.SQLite3(t)
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			db := build(t, b.sql)
			for _, command := range b.commands {
				if !b.isShells(command) {
					continue
				}
				want, got := shellDumped(t, shell, db, command), dumped(t, db, options(command))
				if diff := lineDiff(want, got); diff != "" {
					t.Errorf("%s (-shell +seedkit):\n%s", command, diff)
				}
			}
		})
	}
}

func TestReload(t *testing.T) {
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			b.skipAltered(t)
			want := dumped(t, build(t, b.sql), dump.Options{})
			if diff := lineDiff(want, dumped(t, build(t, want), dump.Options{})); diff != "" {
				t.Errorf("dump after reload (-want +got):\n%s", diff)
			}
		})
	}
}

func (b behaviour) skipAltered(t *testing.T) {
	t.Helper()
	if why, ok := altered[b.name]; ok {
		t.Skip(why)
	}
}

func TestReloadInShell(t *testing.T) {
	shell := authority.SQLite3(t)
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			b.skipAltered(t)
			if b.name == "stat" {
				t.Skip("the shell is built without sqlite_stat4")
			}
			want := dumped(t, build(t, b.sql), dump.Options{})
			path := filepath.Join(t.TempDir(), "reloaded.db")
			load := exec.Command(shell, "-init", os.DevNull, "-batch", "-bail", "-cmd",
				".dbconfig defensive off", path)
			load.Stdin = strings.NewReader(want)
			if out, err := load.CombinedOutput(); err != nil {
				t.Fatalf("sqlite3: %v\n%s", err, out)
			}
			if diff := lineDiff(want, dumped(t, path, dump.Options{})); diff != "" {
				t.Errorf("dump after reload (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSchemaOnlyKeepsTheSchema(t *testing.T) {
	for _, b := range behaviours(t) {
		t.Run(b.name, func(t *testing.T) {
			b.skipAltered(t)
			db := build(t, b.sql)
			reloaded := build(t, dumped(t, db, dump.Options{SchemaOnly: true}))
			if diff := cmp.Diff(schema(t, db), schema(t, reloaded)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
		})
	}
}

// schema lists the rows of sqlite_schema, without SQLite's own tables.
func schema(t *testing.T, path string) []string {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var list []string
	const query = `SELECT type || ' ' || name || ': ' ||
			replace(coalesce(sql, ''), 'IF NOT EXISTS ', '')
		FROM sqlite_schema
		WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY type, name`
	for row, err := range c.Query(query) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, row.Text(0))
	}
	return list
}
