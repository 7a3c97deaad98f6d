//go:build unix

package apply_test

import (
	"errors"
	"os/signal"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestRunAfterAFailedCommit lets the writes of the commit fail. Nobody knows what a crash of the
// machine would leave, so the error says so, and not that nothing changed.
func TestRunAfterAFailedCommit(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			var old unix.Rlimit
			if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
				t.Fatal(err)
			}
			allow := func() {
				if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
					t.Fatal(err)
				}
			}
			defer allow()
			_, err := script(t, db, newUser, apply.Options{
				BackedUp: func(backup.Manifest) {
					forbidden := unix.Rlimit{Max: old.Max}
					if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &forbidden); err != nil {
						t.Fatal(err)
					}
				},
			})
			allow()
			_, uncertain := errors.AsType[*apply.UncertainError](err)
			if want := mode == "wal"; uncertain != want || err == nil {
				t.Errorf("uncertain: got %v, want %v: %v", uncertain, want, err)
			}
			if got := query(t, db, "PRAGMA integrity_check"); got != "ok\n" {
				t.Error(got)
			}
		})
	}
}
