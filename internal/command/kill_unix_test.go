//go:build unix

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A round is a run that a signal stops.
type round struct {
	dir           string
	before, after string // the target's content without the seed and with it
}

var production = []string{"apply", "seed.db", "--to", "production.db", "--yes"}

// TestApplyKilled kills applies at moments spread over a whole run. After each, the target has the
// whole seed or nothing of it, a backup is whole or does not count, and the next apply finishes.
func TestApplyKilled(t *testing.T) {
	stopApplies(t, []syscall.Signal{syscall.SIGKILL}, func(t *testing.T, r round, _ result) bool {
		return r.isSeeded(t)
	})
}

// TestApplyInterrupted does the same with ^C and a closed terminal, after which seedkit cleans up:
// the exit code says whether the target has the seed, and no temporary file stays.
func TestApplyInterrupted(t *testing.T) {
	ends := []syscall.Signal{syscall.SIGINT, syscall.SIGHUP}
	stopApplies(t, ends, func(t *testing.T, r round, how result) bool {
		seeded := r.isSeeded(t)
		switch how.code {
		case exitDone, exitUnverified:
			if !seeded {
				t.Errorf("exit code %d, but the target is not seeded", how.code)
			}
		case exitInterrupted:
			if seeded {
				t.Errorf("exit code %d, but the target is seeded", how.code)
			}
		case -1: // before seedkit caught signals
		default:
			t.Errorf("exit code %d\n%s", how.code, how.stderr)
		}
		left, err := filepath.Glob(filepath.Join(r.dir, ".*"))
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %q, %v", left, err)
		}
		return seeded
	})
}

// stopApplies stops applies with the signals in turn, and lets the next apply finish. After each
// stop, check examines the result and reports whether the target is seeded.
func stopApplies(
	t *testing.T, signals []syscall.Signal, check func(*testing.T, round, result) bool,
) {
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			duration, after := wholeApply(t, mode)
			for i := range rounds {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					r := newRound(t, t.TempDir(), mode)
					r.after = after
					how := stop(t, r.dir, duration*time.Duration(i)/time.Duration(rounds-2),
						signals[i%len(signals)], production...)
					seeded := check(t, r, how)
					if whole := r.checkBackups(t); seeded && whole == 0 {
						t.Error("the target is seeded, and there is no backup")
					}
					checkJournal(t, r.dir, "apply", seeded)
					do(t, r.dir, production...)
					if !r.isSeeded(t) {
						t.Error("the next apply did not seed the target")
					}
					checkJournal(t, r.dir, "apply", true)
				})
			}
		})
	}
}

// wholeApply returns the shortest time of an apply that nothing stops, and the target's content
// after it.
func wholeApply(t *testing.T, mode string) (shortest time.Duration, after string) {
	t.Helper()
	for range 3 {
		r := newRound(t, t.TempDir(), mode)
		start := time.Now()
		do(t, r.dir, production...)
		if took := time.Since(start); shortest == 0 || took < shortest {
			shortest = took
		}
		after = dumpOf(t, r.dir, "production.db")
	}
	return shortest, after
}

// newRound makes a target with rows of its own, and a seed that takes a while to insert.
func newRound(t *testing.T, dir, mode string) round {
	t.Helper()
	const tables = `
		CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE Note (
			id INTEGER PRIMARY KEY, text TEXT, ownerId INTEGER NOT NULL REFERENCES User
		);`
	const rows = `
		BEGIN;
		WITH RECURSIVE n(i) AS (VALUES(%[1]d) UNION ALL SELECT i+1 FROM n WHERE i < %[2]d)
			INSERT INTO User SELECT i, 'user ' || i FROM n;
		INSERT INTO Note SELECT id, printf('%%0500d', id), id FROM User;
		COMMIT;`
	execScript(t, filepath.Join(dir, "production.db"),
		"PRAGMA journal_mode="+mode+";"+tables+fmt.Sprintf(rows, 1, 300))
	execScript(t, filepath.Join(dir, "seed.db"), tables+fmt.Sprintf(rows, 1001, 1700))
	return round{dir: dir, before: dumpOf(t, dir, "production.db")}
}

// stop runs seedkit, and sends it a signal after a while.
func stop(
	t *testing.T, dir string, after time.Duration, signal syscall.Signal, args ...string,
) result {
	t.Helper()
	cmd := seedkit(t, dir, args...)
	return end(t, cmd, func() error {
		if err := cmd.Start(); err != nil {
			return err
		}
		time.Sleep(after)
		if err := cmd.Process.Signal(signal); err != nil && err != os.ErrProcessDone {
			return err
		}
		return cmd.Wait()
	})
}

// isSeeded reports which of the two permitted states the target is in.
func (r round) isSeeded(t *testing.T) bool {
	t.Helper()
	switch got := dumpOf(t, r.dir, "production.db"); got {
	case r.before:
		return false
	case r.after:
		return true
	default:
		t.Fatalf("the target is neither as it was nor seeded (-as it was +now):\n%s",
			cmp.Diff(r.before, got))
		return false
	}
}

// checkBackups counts the backups and checks that each is whole. A file without a manifest does not
// count, and verify must say so.
func (r round) checkBackups(t *testing.T) (whole int) {
	t.Helper()
	backups, err := filepath.Glob(filepath.Join(r.dir, "production-*.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range backups {
		verify := seedkit(t, r.dir, "verify", path)
		how := end(t, verify, verify.Run)
		_, err := os.Stat(path + ".json")
		switch {
		case err == nil && how.code == exitDone:
			whole++
			if got := dumpOf(t, r.dir, path); got != r.before {
				t.Errorf("the backup differs (-was +backup):\n%s", cmp.Diff(r.before, got))
			}
		case err == nil:
			t.Errorf("verify %s: exit code %d\n%s", path, how.code, how.stderr)
		case how.code != exitRefused || !strings.Contains(how.stderr, "has no manifest"):
			t.Errorf("verify %s, which has no manifest: exit code %d\n%s",
				path, how.code, how.stderr)
		}
	}
	return whole
}
