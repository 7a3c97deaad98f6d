//go:build unix

package apply_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// forbidden names the variable that turns the test binary into a process that applies newUser to a
// database, and may write no page of a database to a file after the backup. The value is the
// database's path.
const forbidden = "APPLY_FORBIDDEN"

func TestMain(m *testing.M) {
	db := os.Getenv(forbidden)
	if db == "" {
		os.Exit(m.Run())
	}
	signal.Ignore(syscall.SIGXFSZ)
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
	limit.Cur = 4096 // enough for seedkit's own journal
	_, err := apply.Run(context.Background(), "test.sql", db, apply.Options{
		Script: strings.NewReader(newUser), Now: testdb.Now,
		BackedUp: func(backup.Manifest) { unix.Setrlimit(unix.RLIMIT_FSIZE, &limit) },
	})
	_, uncertain := errors.AsType[*apply.UncertainError](err)
	fmt.Printf("uncertain: %v: %v", uncertain, err)
}

// TestRunAfterAFailedCommit lets the writes of the commit fail. Nobody knows what a crash of the
// machine would leave, so the error says so, and not that nothing changed. In delete mode the
// insertion fails before the commit, because it writes a journal.
func TestRunAfterAFailedCommit(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), forbidden+"="+db)
			text, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			want := fmt.Sprintf("uncertain: %v: ", mode == "wal")
			got := string(text)
			if !strings.HasPrefix(got, want) || strings.HasSuffix(got, "<nil>") {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := query(t, db, "PRAGMA integrity_check"); got != "ok\n" {
				t.Error(got)
			}
		})
	}
}
