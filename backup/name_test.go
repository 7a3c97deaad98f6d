package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestBackupBesideAJournal holds that a backup gets no name whose journal another database has
// left.
func TestBackupBesideAJournal(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	for _, suffix := range []string{"-wal", "-journal"} {
		dir := t.TempDir()
		first := filepath.Join(dir, "data-20250102T030405Z.db")
		if err := os.WriteFile(first+suffix, []byte("a page"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Make(t.Context(), db, backup.Options{Path: first})
		if leftover, ok := errors.AsType[*backup.LeftoverError](err); !ok ||
			leftover.Path != first+suffix {
			t.Errorf("got %v", err)
		}
		m := backUp(t, db, backup.Options{Dir: dir, Now: testdb.Now})
		if want := filepath.Join(dir, "data-20250102T030405Z-2.db"); m.Path != want {
			t.Errorf("got %s, want %s", m.Path, want)
		}
	}
}
