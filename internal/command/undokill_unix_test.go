//go:build unix

package command

import (
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/seedkit/seedkit/backup"
)

// TestUndoKilled kills or interrupts undos at moments spread over a whole run. After each, the
// target has all of the undone run or nothing of it, the journal says which, and the next undo
// finishes.
func TestUndoKilled(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r, run := newUndoRound(t, mode)
			start := time.Now()
			do(t, r.dir, "undo", run, "--to", "production.db", "--yes")
			duration := time.Since(start)
			if r.isSeeded(t) {
				t.Fatal("an undo that nobody stops leaves the rows")
			}
			for i := range rounds {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					r, run := newUndoRound(t, mode)
					after := duration * time.Duration(i) / time.Duration(rounds-2)
					signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGINT}[i%2]
					how := stop(t, r.dir, after, signal,
						"undo", run, "--to", "production.db", "--yes")
					undone := !r.isSeeded(t)
					said := how.code == exitDone || how.code == exitUnverified
					if how.code >= 0 && said != undone {
						t.Errorf("undone: %v, exit code %d\n%s", undone, how.code, how.stderr)
					}
					checkJournal(t, r.dir, "undo", undone)
					do(t, r.dir, "undo", run, "--to", "production.db", "--yes")
					if r.isSeeded(t) {
						t.Error("the next undo did not take the rows back")
					}
					checkJournal(t, r.dir, "undo", true)
					do(t, r.dir, production...)
					if !r.isSeeded(t) {
						t.Error("the next apply did not seed the target again")
					}
				})
			}
		})
	}
}

// newUndoRound makes a target that a run has seeded, and returns the ID of the run.
func newUndoRound(t *testing.T, mode string) (r round, run string) {
	t.Helper()
	r = newRound(t, t.TempDir(), mode)
	do(t, r.dir, production...)
	r.after = dumpOf(t, r.dir, "production.db")
	return r, runsIn(t, r.dir)[0].ID
}

func runsIn(t *testing.T, dir string) []backup.Run {
	t.Helper()
	runs, err := backup.Runs(t.Context(), filepath.Join(dir, "production.db"), "")
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// checkJournal holds that the journal knows whether one of the runs with a verb has changed the
// target, however the processes ended.
func checkJournal(t *testing.T, dir, verb string, changed bool) {
	t.Helper()
	did := func(r backup.Run) bool {
		if r.Verb != verb || r.Outcome == backup.Running || r.Err != nil {
			t.Errorf("the journal has %+v", r)
		}
		if r.Outcome == backup.Unknown && (r.Seen == nil || r.Seen.Other > 0 ||
			(r.Seen.Done > 0) == (r.Seen.Not > 0)) {
			t.Errorf("%+v: the rows tell %+v", r, r.Seen)
		}
		return r.Outcome == backup.Committed || r.Outcome == backup.Unknown && r.Seen.Done > 0
	}
	runs := slices.DeleteFunc(runsIn(t, dir), func(r backup.Run) bool {
		return verb == "undo" && r.Verb == "apply"
	})
	if got := slices.ContainsFunc(runs, did); got != changed {
		t.Errorf("changed: %v, the journal says %v: %+v", changed, got, runs)
	}
}
