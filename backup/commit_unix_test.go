//go:build unix

package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

func init() {
	// A victim that may not write to any file from its first page on.
	victims["forbidden"] = func(ctx context.Context, args []string) error {
		signal.Ignore(syscall.SIGXFSZ)
		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		limit.Cur = 0
		_, err := backup.Restore(ctx, args[0], args[1], backup.RestoreOptions{
			BackupDir: args[2], Now: testdb.Now,
			Progress: func(p backup.Progress) {
				if p.Stage == backup.Restoring && p.Done < p.Total {
					unix.Setrlimit(unix.RLIMIT_FSIZE, &limit)
				}
			},
		})
		if _, ok := errors.AsType[*backup.UncertainError](err); ok {
			return fmt.Errorf("uncertain: %w", err)
		}
		return err
	}
}

// TestRestoreAfterFailedWrites lets all writes to the target fail. In WAL mode the first is that of
// the commit: nobody knows what a crash of the machine would leave, so the error says so. In DELETE
// mode the first is that of the journal.
func TestRestoreAfterFailedWrites(t *testing.T) {
	wants := map[string]string{
		"wal":    "uncertain: restore: %s may or may not have been written: commit: ",
		"delete": "restore: %s: write page 1: disk I/O error",
	}
	for mode, want := range wants {
		t.Run(mode, func(t *testing.T) {
			r := changedSinceBackup(t, mode)
			got := fails(t, "forbidden", r.backup, r.db, r.backups)
			want := fmt.Sprintf(want, r.db)
			if !strings.HasPrefix(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if checkBackups(t, r.backups) != 1 {
				t.Error("there is no backup of the present state")
			}
			if got := query(t, r.db, "PRAGMA integrity_check"); got != "ok\n" {
				t.Error(got)
			}
		})
	}
}
