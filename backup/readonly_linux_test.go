package backup_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// asNobody runs f as a user without root's permission to write everywhere. Linux keeps the file
// system's user for each thread.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	const nobody = 65534
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	defer unix.Setfsuid(0)
	f()
}

func TestRestoreToReadOnlyTarget(t *testing.T) {
	tests := []struct {
		title        string
		file, folder os.FileMode
	}{
		{"file", 0o444, 0o777},
		{"folder", 0o666, 0o555},
		{"both", 0o444, 0o555},
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, test := range tests {
			t.Run(test.title+" "+mode, func(t *testing.T) {
				r := changedSinceBackup(t, mode)
				shareWithNobody(t, r)
				dir := filepath.Dir(r.db)
				chmod(t, r.db, test.file)
				chmod(t, dir, test.folder)
				before := everyFile(t, dir)
				var err error
				asNobody(t, func() {
					opts := backup.RestoreOptions{BackupDir: r.backups}
					err = restore(t, r.backup, r.db, opts)
				})
				if !errors.Is(err, backup.ErrReadOnly) {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff(before, everyFile(t, dir)); diff != "" {
					t.Errorf("the folder's files: %s", diff)
				}
			})
		}
	}
}

func TestRestoreIntoReadOnlyFolder(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	shareWithNobody(t, r)
	dir := t.TempDir()
	chmod(t, filepath.Dir(dir), 0o755)
	chmod(t, dir, 0o555)
	var err error
	asNobody(t, func() {
		opts := backup.RestoreOptions{Create: true}
		err = restore(t, r.backup, filepath.Join(dir, "new.db"), opts)
	})
	if !errors.Is(err, backup.ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestMakeOfUnreadableDatabase(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	shareWithNobody(t, r)
	chmod(t, r.db, 0)
	var err error
	asNobody(t, func() {
		_, err = backup.Make(t.Context(), r.db, backup.Options{Dir: r.backups, Now: testdb.Now})
	})
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

// TestRestoreAsksForNoReadOnlyBackupFolder holds that the backup's folder is looked at before the
// question.
func TestRestoreAsksForNoReadOnlyBackupFolder(t *testing.T) {
	for _, missing := range []string{"", "to/be/made"} {
		r := changedSinceBackup(t, "wal")
		shareWithNobody(t, r)
		chmod(t, r.backups, 0o555)
		var err error
		asNobody(t, func() {
			_, err = backup.Restore(t.Context(), r.backup, r.db, backup.RestoreOptions{
				BackupDir: filepath.Join(r.backups, missing), Now: testdb.Now,
				Confirm: func(backup.RestorePlan) (bool, error) {
					t.Error("asked")
					return false, nil
				},
			})
		})
		folder, ok := errors.AsType[*backup.FolderError](err)
		if !ok || folder.Dir != r.backups || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("got %v", err)
		}
	}
}

// shareWithNobody lets every user read the backup, and write the other files.
func shareWithNobody(t *testing.T, r restoring) {
	t.Helper()
	chmod(t, r.backup, 0o444)
	chmod(t, backup.ManifestPath(r.backup), 0o444)
	for _, path := range []string{r.db, r.backups} {
		chmod(t, path, 0o777)
		chmod(t, filepath.Dir(path), 0o777)
		chmod(t, filepath.Dir(filepath.Dir(path)), 0o755)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	old, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(path, old.Mode().Perm()) })
}
