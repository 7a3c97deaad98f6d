package backup_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestBackupsInTheSameSecond makes backups of one database at the same time. They share a default
// name, so they must not share a temporary file.
func TestBackupsInTheSameSecond(t *testing.T) {
	const backups = 40
	db := testdb.Make(t, "wal", testdb.Users)
	dir := t.TempDir()
	made := make([]backup.Manifest, backups)
	errs := make([]error, backups)
	var all sync.WaitGroup
	for i := range backups {
		all.Go(func() {
			opts := backup.Options{Dir: dir, Now: testdb.Now}
			made[i], errs[i] = backup.Make(t.Context(), db, opts)
		})
	}
	all.Wait()
	paths := map[string]bool{}
	for i, err := range errs {
		if err != nil {
			t.Errorf("a backup failed: %v", err)
			continue
		}
		paths[made[i].Path] = true
		if err := verify(t, made[i].Path, backup.VerifyOptions{}); err != nil {
			t.Error(err)
		}
	}
	if len(paths) != backups {
		t.Errorf("%d backups have %d names", backups, len(paths))
	}
	for _, name := range testdb.Files(t, dir) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("left behind: %s", name)
		}
	}
}
