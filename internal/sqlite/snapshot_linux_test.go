package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// dropRights makes the thread of the test obey permissions even if root runs the test.
func dropRights(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Setfsuid(0)
		runtime.UnlockOSThread()
	})
}

// unwritable creates a database in a folder and removes permissions.
func unwritable(t *testing.T, sql string, folder, file os.FileMode) (path string) {
	t.Helper()
	dir := t.TempDir()
	path = filepath.Join(dir, "a%?#.db")
	c := open(t, path, sqlite.Create)
	exec(t, c, sql)
	c.Close()
	for name, mode := range map[string]os.FileMode{
		filepath.Dir(dir): 0o755, path: file, dir: folder,
	} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(dir, 0o777) })
	return path
}

func TestOpenSnapshotOfWhatMayNotBeWritten(t *testing.T) {
	const wal = "PRAGMA journal_mode=WAL; "
	tests := []struct {
		name, sql    string
		folder, file os.FileMode
	}{
		{"WAL, folder and file", wal + oneRow, 0o555, 0o444},
		{"WAL, folder", wal + oneRow, 0o555, 0o666},
		{"WAL, file", wal + oneRow, 0o777, 0o444},
		{"rollback journal, folder and file", oneRow, 0o555, 0o444},
		{"rollback journal, file", oneRow, 0o777, 0o444},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := unwritable(t, tt.sql, tt.folder, tt.file)
			dir := filepath.Dir(path)
			want := contents(t, dir)
			dropRights(t)
			if got := readSnapshot(t, path); got != "first" {
				t.Errorf("read %q, want the row", got)
			}
			if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
				t.Errorf("folder (-before +after):\n%s", diff)
			}
		})
	}
}

func TestOpenSnapshotNoticesWriters(t *testing.T) {
	path := unwritable(t, "PRAGMA journal_mode=WAL; "+oneRow, 0o777, 0o444)
	dropRights(t)
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error)
	go func() { written <- writeAs(t, path) }()
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); !errors.Is(err, sqlite.ErrChanged) {
		t.Errorf("Close = %v, want %v", err, sqlite.ErrChanged)
	}
}

// writeAs writes to the file like another program with the right to do so.
func writeAs(t *testing.T, path string) error {
	if err := os.Chmod(path, 0o666); err != nil {
		return err
	}
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Exec("INSERT INTO t VALUES('second')")
}

func TestOpenSnapshotNeedsTheRowsInTheWAL(t *testing.T) {
	path := unwritable(t, "PRAGMA journal_mode=WAL; "+oneRow, 0o777, 0o444)
	live := filepath.Join(t.TempDir(), "live.db")
	c := open(t, live, sqlite.Create)
	exec(t, c, "PRAGMA journal_mode=WAL; "+oneRow)
	copyFiles(t, path, live, "-wal")
	if err := os.Chmod(filepath.Dir(path), 0o555); err != nil {
		t.Fatal(err)
	}
	dropRights(t)
	if _, err := sqlite.OpenSnapshot(t.Context(), path); !sqlite.Is(err, sqlite.CantOpen) {
		t.Errorf("got %v, want a CantOpen error", err)
	}
}
