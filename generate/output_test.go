package generate_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func seedOptions() generate.Options {
	return options("CREATE TABLE t(x)", func(s *generate.Fixtures) {
		s.Add("t", "a", generate.Row{"x": "seeded"})
	})
}

func writeSeed(t *testing.T, path string) {
	t.Helper()
	if _, err := generate.Write(t.Context(), path, seedOptions()); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetBusyTimeout(0)
	return c
}

func execute(t *testing.T, c *sqlite.Conn, sql string) {
	t.Helper()
	if err := c.ExecScript(sql); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// files returns the contents of a directory, without files that SQLite creates whenever it opens a
// database.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			content = []byte(err.Error())
		}
		out[e.Name()] = string(content)
	}
	return out
}

// TestOverwrite puts various files in the place of seed.db.
func TestOverwrite(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		refused error // without Force
		forced  error // with Force
	}{
		{"nothing", func(*testing.T, string) {}, nil, nil},
		{"a seed of ours", writeSeed, nil, nil},
		{"a sample of ours", func(t *testing.T, path string) {
			opts := seedOptions()
			opts.Sets[0].Sample = true
			if _, err := generate.Write(t.Context(), path, opts); err != nil {
				t.Fatal(err)
			}
		}, nil, nil},
		{"a seed of ours in WAL mode, its last user killed", func(t *testing.T, path string) {
			writeSeed(t, path)
			c := open(t, path)
			execute(t, c, "PRAGMA journal_mode = WAL; INSERT INTO t VALUES('in the wal')")
			for _, suffix := range []string{"", "-wal"} {
				content, err := os.ReadFile(path + suffix)
				if err != nil {
					t.Fatal(err)
				}
				writeFile(t, path+".copy"+suffix, string(content))
			}
			c.Close()
			for _, suffix := range []string{"", "-wal"} {
				if err := os.Rename(path+".copy"+suffix, path+suffix); err != nil {
					t.Fatal(err)
				}
			}
		}, nil, nil},
		{"a database",
			func(t *testing.T, path string) {
				execute(t, open(t, path), "CREATE TABLE precious(x)")
			}, generate.ErrNotOurs, nil},
		{"a text", func(t *testing.T, path string) { writeFile(t, path, "my notes") },
			generate.ErrNotOurs, nil},
		{"an empty file", func(t *testing.T, path string) { writeFile(t, path, "") },
			generate.ErrNotOurs, nil},
		{"the journal of a database that is gone",
			func(t *testing.T, path string) { writeFile(t, path+"-journal", "x") },
			generate.ErrNotOurs, nil},
		{"the wal of a database that is gone",
			func(t *testing.T, path string) { writeFile(t, path+"-wal", "x") }, generate.ErrNotOurs,
			nil},
		{"a directory", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}, sqlite.ErrIsDirectory, sqlite.ErrIsDirectory},
	}
	for _, test := range tests {
		for force, want := range map[bool]error{false: test.refused, true: test.forced} {
			t.Run(test.name, func(t *testing.T) {
				dir := t.TempDir()
				path := filepath.Join(dir, "seed.db")
				test.prepare(t, path)
				before := files(t, dir)
				opts := seedOptions()
				opts.Force = force
				_, err := generate.Write(t.Context(), path, opts)
				if !errors.Is(err, want) {
					t.Fatalf("got %v, want %v", err, want)
				}
				if err != nil {
					if diff := cmp.Diff(before, files(t, dir)); diff != "" {
						t.Errorf("refused, but:\n%s", diff)
					}
					return
				}
				checkSeeded(t, path)
				if got := files(t, dir); len(got) > 1 {
					t.Errorf("left behind: %q", slices.Collect(maps.Keys(got)))
				}
			})
		}
	}
}

func checkSeeded(t *testing.T, path string) {
	t.Helper()
	if v, err := open(t, path).Value("SELECT group_concat(x) FROM t"); err != nil ||
		v.Data() != "seeded" {
		t.Errorf("%s holds %q (%v), want what was seeded", path, v.Data(), err)
	}
}

// TestInUse checks that Write does not replace a seed that somebody has open.
func TestInUse(t *testing.T) {
	for name, use := range map[string]string{
		"WAL":      "PRAGMA journal_mode = WAL; INSERT INTO t VALUES('new')",
		"reading":  "BEGIN; SELECT * FROM t",
		"writing":  "BEGIN IMMEDIATE; INSERT INTO t VALUES('new')",
		"its lock": "BEGIN EXCLUSIVE",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "seed.db")
			writeSeed(t, path)
			user := open(t, path)
			execute(t, user, use)
			before := files(t, filepath.Dir(path))
			opts := seedOptions()
			opts.Force = true
			_, err := generate.Write(t.Context(), path, opts)
			if !sqlite.Is(err, sqlite.Busy) {
				t.Errorf("got %v, want that it is in use", err)
			}
			if diff := cmp.Diff(before, files(t, filepath.Dir(path))); diff != "" {
				t.Error(diff)
			}
			if err := user.Exec("SELECT count(*) FROM t"); err != nil {
				t.Errorf("its user: %v", err)
			}
		})
	}
}

func TestMistakesLeaveTheOldSeed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.db")
	writeSeed(t, path)
	before := files(t, filepath.Dir(path))
	opts := seedOptions()
	opts.Sets = []generate.Set{
		{Name: "bad", Fill: func(s *generate.Fixtures) { s.Add("t", "a", generate.Row{"y": 1}) }},
	}
	if _, err := generate.Write(t.Context(), path, opts); err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(before, files(t, filepath.Dir(path))); diff != "" {
		t.Error(diff)
	}
}

func TestSymbolicLinksStay(t *testing.T) {
	dir := t.TempDir()
	for link, target := range map[string]string{"seed.db": "real.db", "new.db": "made.db"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	writeSeed(t, filepath.Join(dir, "real.db"))
	for link, target := range map[string]string{"seed.db": "real.db", "new.db": "made.db"} {
		writeSeed(t, filepath.Join(dir, link))
		if got, err := os.Readlink(filepath.Join(dir, link)); got != target || err != nil {
			t.Errorf("%s leads to %q (%v)", link, got, err)
		}
		checkSeeded(t, filepath.Join(dir, target))
	}
}

func TestPermissionsStay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.db")
	writeSeed(t, path)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	writeSeed(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v (%v), want 0600", info.Mode(), err)
	}
}

func TestNoSuchFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "seed.db")
	if _, err := generate.Write(t.Context(), path, seedOptions()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "seed.db")
	opts := options("CREATE TABLE t(x)", func(s *generate.Fixtures) {
		s.Many("t", "a", 1000, generate.Row{"x": func(f *generate.Fake) any { cancel(); return 1 }})
	})
	if _, err := generate.Write(ctx, path, opts); !errors.Is(err, ctx.Err()) {
		t.Errorf("got %v, want %v", err, ctx.Err())
	}
	if got := files(t, filepath.Dir(path)); len(got) > 0 {
		t.Errorf("left behind: %q", slices.Collect(maps.Keys(got)))
	}
}
