//go:build unix

package backup_test

import (
	"errors"
	"os/signal"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// forbidWrites lets each write to a file of this process fail, until the test ends or the caller
// calls undo.
func forbidWrites(t *testing.T) (undo func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	undo = func() {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(undo)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	return undo
}

// TestRestoreAfterAFailedCommit lets the writes of the commit fail. Nobody knows what a crash of the
// machine would leave, so the error says so.
func TestRestoreAfterAFailedCommit(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			r := changedSinceBackup(t, mode)
			allow := func() {}
			result, err := backup.Restore(t.Context(), r.backup, r.db, backup.RestoreOptions{
				BackupDir: r.backups,
				Progress: func(p backup.Progress) {
					if p.Stage == backup.Restoring && p.Done < p.Total {
						allow = forbidWrites(t)
					}
				},
			})
			allow()
			if !isA[*backup.UncertainError](err) {
				t.Errorf("got %v", err)
			}
			if commit, ok := errors.AsType[*sqlite.CommitError](err); !ok {
				t.Errorf("got %v", commit)
			}
			if err := verify(t, result.Present.Path, backup.VerifyOptions{}); err != nil {
				t.Error(err)
			}
			if got := query(t, r.db, "PRAGMA integrity_check"); got != "ok\n" {
				t.Error(got)
			}
			_ = testdb.Content(t, r.db)
		})
	}
}
