package sqlite_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// contents maps the names of a folder's files to their size and hash. A -shm is a cache and holds
// locks, so only its existence counts.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(name, "-shm") {
			files[name] = "is there"
			return nil
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = fmt.Sprintf("%d bytes %x", len(data), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// copyFiles copies a database and the files beside it, like a backup.
func copyFiles(t *testing.T, to, from string, suffixes ...string) {
	t.Helper()
	for _, suffix := range suffixes {
		data, err := os.ReadFile(from + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const oneRow = "CREATE TABLE t(x); INSERT INTO t VALUES('first')"

// leavings create a database of two rows in dir, in every state in which programs leave a database.
var leavings = []struct {
	name string
	make func(t *testing.T, dir string) (path string)
	left []string // files that OpenSnapshot may add
}{
	{"rollback journal", func(t *testing.T, dir string) string {
		path := filepath.Join(dir, "a.db")
		c := open(t, path, sqlite.Create)
		exec(t, c, oneRow+", ('second')")
		c.Close()
		return path
	}, nil},
	{"WAL, closed", func(t *testing.T, dir string) string {
		path := filepath.Join(dir, "a.db")
		c := open(t, path, sqlite.Create)
		exec(t, c, "PRAGMA journal_mode=WAL; "+oneRow+", ('second')")
		c.Close()
		return path
	}, nil},
	{"WAL, in use", func(t *testing.T, dir string) string {
		path := filepath.Join(dir, "a.db")
		c := open(t, path, sqlite.Create)
		exec(t, c, "PRAGMA journal_mode=WAL; "+oneRow+", ('second')")
		return path
	}, nil},
	{"WAL, in use, all in the database", func(t *testing.T, dir string) string {
		path := filepath.Join(dir, "a.db")
		c := open(t, path, sqlite.Create)
		exec(t, c,
			"PRAGMA journal_mode=WAL; "+oneRow+", ('second'); PRAGMA wal_checkpoint(TRUNCATE)")
		return path
	}, nil},
	{"WAL, killed", func(t *testing.T, dir string) string {
		path, live := filepath.Join(dir, "a.db"), filepath.Join(t.TempDir(), "live.db")
		c := open(t, live, sqlite.Create)
		exec(t, c,
			"PRAGMA journal_mode=WAL; "+oneRow+
				"; PRAGMA wal_checkpoint; INSERT INTO t VALUES('second')")
		copyFiles(t, path, live, "", "-wal", "-shm")
		return path
	}, nil},
	{"WAL, copied without -shm", func(t *testing.T, dir string) string {
		path, live := filepath.Join(dir, "a.db"), filepath.Join(t.TempDir(), "live.db")
		c := open(t, live, sqlite.Create)
		exec(t, c,
			"PRAGMA journal_mode=WAL; "+oneRow+
				"; PRAGMA wal_checkpoint; INSERT INTO t VALUES('second')")
		copyFiles(t, path, live, "", "-wal")
		return path
	}, []string{"a.db-shm"}},
	{"through a symbolic link", func(t *testing.T, dir string) string {
		live := filepath.Join(t.TempDir(), "live.db")
		c := open(t, live, sqlite.Create)
		exec(t, c,
			"PRAGMA journal_mode=WAL; "+oneRow+
				"; PRAGMA wal_checkpoint; INSERT INTO t VALUES('second')")
		copyFiles(t, filepath.Join(dir, "a.db"), live, "", "-wal", "-shm")
		link := filepath.Join(t.TempDir(), "link.db")
		if err := os.Symlink(filepath.Join(dir, "a.db"), link); err != nil {
			t.Skip(err)
		}
		return link
	}, nil},
}

func TestOpenSnapshotLeavesTheFolderAsItWas(t *testing.T) {
	for _, tt := range leavings {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := tt.make(t, dir)
			want := contents(t, dir)
			if got := readSnapshot(t, path); got != "first second" {
				t.Errorf("read %q, want both rows", got)
			}
			got := contents(t, dir)
			for _, name := range tt.left {
				delete(got, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("folder (-before +after):\n%s", diff)
			}
		})
	}
}

func readSnapshot(t *testing.T, path string) string {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := c.Value("SELECT group_concat(x, ' ') FROM t")
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return v.Data()
}

func TestOpenSnapshotRollsBackAKilledWriter(t *testing.T) {
	live, path := filepath.Join(t.TempDir(), "live.db"), filepath.Join(t.TempDir(), "a.db")
	c := open(t, live, sqlite.Create)
	exec(t, c, oneRow)
	// A cache of one page makes the transaction write to the file before it ends.
	exec(t, c,
		"PRAGMA cache_size = 1; BEGIN; CREATE TABLE u(x); "+
			"INSERT INTO u VALUES(zeroblob(100000)); UPDATE t SET x = 'half'")
	copyFiles(t, path, live, "", "-journal")
	if got := readSnapshot(t, path); got != "first" {
		t.Errorf("read %q, want what was there before the transaction", got)
	}
}

func TestOpenSnapshotCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	exec(t, open(t, path, sqlite.Create), oneRow)
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("INSERT INTO t VALUES('second')"); !sqlite.Is(err, sqlite.ReadOnlyDB) {
		t.Errorf("INSERT returned %v, want %v", err, sqlite.ReadOnlyDB)
	}
}
