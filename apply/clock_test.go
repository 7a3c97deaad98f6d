package apply_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestClockGoesBack has a clock that stops or goes back after each run. Each run has a backup and
// an ID of its own, and can be undone once.
func TestClockGoesBack(t *testing.T) {
	for _, step := range []time.Duration{0, -time.Second, -24 * time.Hour} {
		t.Run(step.String(), func(t *testing.T) {
			db := testdb.Make(t, "wal", "CREATE TABLE n(id INTEGER PRIMARY KEY)")
			now := testdb.Now
			tick := func() time.Time { now = now.Add(step); return now }
			run := func(id int) string {
				seed := fmt.Sprintf("INSERT INTO n VALUES(%d);", id)
				result, err := scriptAt(t, db, seed, tick())
				if err != nil || result.JournalErr != nil {
					t.Fatal(err, result.JournalErr)
				}
				_, err = backup.Verify(t.Context(), result.Backup.Path, backup.VerifyOptions{})
				if err != nil {
					t.Error(err)
				}
				return idOf(t, db, result.Backup.Path)
			}
			takeBack := func(id string, want int64) {
				t.Helper()
				result, err := apply.Undo(t.Context(), id, db, apply.UndoOptions{Now: tick()})
				if err != nil || result.Plan.Changes() != want {
					t.Errorf("undo %s: %v, %d changes, want %d", id, err,
						result.Plan.Changes(), want)
				}
			}
			first, second := run(1), run(2)
			if first == second {
				t.Fatalf("two runs have the ID %s", first)
			}
			takeBack(first, 1)
			takeBack(first, 0)
			third := run(1) // the row of the first run again
			takeBack(first, 0)
			takeBack(second, 1)
			if got := query(t, db, "SELECT group_concat(id) FROM n"); got != "1\n" {
				t.Errorf("the target has %s", got)
			}
			takeBack(third, 1)
			runs, err := backup.Runs(t.Context(), db, "")
			if err != nil || len(runs) != 6 {
				t.Errorf("%d runs, want 6: %v", len(runs), err)
			}
			for _, r := range runs {
				if r.Outcome != backup.Committed || r.Err != nil || !r.BackupThere {
					t.Errorf("the journal has %+v", r)
				}
			}
		})
	}
}

func scriptAt(t *testing.T, db, text string, now time.Time) (apply.Result, error) {
	t.Helper()
	return apply.Run(t.Context(), "test.sql", db, apply.Options{
		Script: strings.NewReader(text), Now: now,
	})
}
