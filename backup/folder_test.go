package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/internal/testhook"
)

// TestBackupMakesItsFolder holds that only the owner can read a new folder for backups and its new
// parents.
func TestBackupMakesItsFolder(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	outer := filepath.Join(t.TempDir(), "outer")
	dir := filepath.Join(outer, "inner")
	m := backUp(t, db, backup.Options{Dir: dir, Now: testdb.Now})
	if got := filepath.Dir(m.Path); got != dir {
		t.Errorf("the backup is in %s, want %s", got, dir)
	}
	for _, path := range []string{outer, dir} {
		if got := permissions(t, path); got != 0o700 {
			t.Errorf("%s has permissions %v", path, got)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	backUp(t, db, backup.Options{Dir: dir, Now: testdb.Now})
	if got := permissions(t, dir); got != 0o755 {
		t.Errorf("a folder that was there has permissions %v now", got)
	}
}

// TestNoBackupNoFolder holds that a run without a backup leaves no folder.
func TestNoBackupNoFolder(t *testing.T) {
	spoil := func(t *testing.T) {
		testhook.BackupWritten = func(path string) { testdb.FlipBit(t, path, 5000) }
		t.Cleanup(func() { testhook.BackupWritten = nil })
	}
	t.Run("backup", func(t *testing.T) {
		root := t.TempDir()
		spoil(t)
		db := testdb.Make(t, "delete", testdb.Users)
		_, err := backup.Make(t.Context(), db, backup.Options{Dir: filepath.Join(root, "a", "b")})
		checkNothingMade(t, root, err, backup.ErrMismatch)
	})
	t.Run("restore", func(t *testing.T) {
		root := t.TempDir()
		r := changedSinceBackup(t, "delete")
		spoil(t)
		err := restore(t, r.backup, r.db, backup.RestoreOptions{
			BackupDir: filepath.Join(root, "a", "b"), Now: testdb.Now,
		})
		checkNothingMade(t, root, err, backup.ErrMismatch)
	})
}

func checkNothingMade(t *testing.T, root string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
	if diff := cmp.Diff([]string{}, testdb.Files(t, root)); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
}
