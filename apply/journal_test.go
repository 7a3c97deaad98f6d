package apply_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

func runsOf(t *testing.T, db string) []backup.Run {
	t.Helper()
	runs, err := backup.Runs(t.Context(), db, "")
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// TestJournal holds what the journal says of a run that ends well.
func TestJournal(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	result, err := script(t, db, peopleSeed, apply.Options{
		Origin: apply.Origin{Seedkit: "v1", Verb: "rbac apply"},
		Edits:  edits(edit{Table: "User", Where: values{"id": 1}, Set: values{"name": "anna"}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []backup.Run{{
		ID: "20250102T030405Z", Path: result.Backup.Path + ".run", Time: testdb.Now, Seedkit: "v1",
		Verb: "rbac apply", Source: "test.sql",
		SourceSHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(peopleSeed))),
		Target:       db, Backup: result.Backup.Path, BackupThere: true,
		Rows: []backup.RunRows{
			{Table: "User", Inserted: 3, Updated: 1}, {Table: "Note", Inserted: 2},
		},
		Outcome: backup.Committed,
	}}
	got := runsOf(t, db)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	info, err := os.Stat(got[0].Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	copies, err := backup.Copies(filepath.Dir(db), db)
	if err != nil || len(copies) != 1 {
		t.Errorf("the backups are %+v, %v", copies, err)
	}
	if err := os.Remove(result.Backup.Path); err != nil {
		t.Fatal(err)
	}
	if got := runsOf(t, db); got[0].BackupThere {
		t.Error("the backup is gone, and the journal does not know")
	}
}

// TestJournalOfARunThatIsRolledBack has a writer who takes a key between the plan and the
// transaction.
func TestJournalOfARunThatIsRolledBack(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	_, err := script(t, db, peopleSeed, apply.Options{BackedUp: func(backup.Manifest) {
		testdb.Change(t, db, "INSERT INTO User VALUES(13, 'other', NULL)")
	}})
	runs := runsOf(t, db)
	if err == nil || len(runs) != 1 || runs[0].Outcome != backup.RolledBack || runs[0].Killed {
		t.Errorf("got %v, and the journal has %+v", err, runs)
	}
	var refused *apply.NotUndoneError
	if _, err := undo(t, runs[0].ID, db, apply.UndoOptions{}); !errors.As(err, &refused) {
		t.Errorf("undone: %v", err)
	}
}

// TestJournalOfARunAtWork looks at the journal while the transaction is open.
func TestJournalOfARunAtWork(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	calls := 0
	check := func(context.Context, func(string, ...any) iter.Seq2[[]any, error]) error {
		calls++
		runs := runsOf(t, db)
		if calls == 2 && (len(runs) != 1 || runs[0].Outcome != backup.Running) {
			t.Errorf("the journal has %+v", runs)
		}
		return nil
	}
	if _, err := script(t, db, peopleSeed, apply.Options{Check: check}); err != nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// TestJournalOfAKilledRun cuts the journal where a kill can cut it, and undoes the effects.
func TestJournalOfAKilledRun(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	if _, err := script(t, db, peopleSeed, apply.Options{}); err != nil {
		t.Fatal(err)
	}
	path := runsOf(t, db)[0].Path
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ready := bytes.Index(whole, []byte(`{"ready"`))
	isReady := ready + bytes.IndexByte(whole[ready:], '\n') + 1
	there := backup.RunSeen{Done: 5}
	for cut := range whole {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		runs := runsOf(t, db)
		if cut <= bytes.IndexByte(whole, '\n') {
			if len(runs) > 0 {
				t.Errorf("%d bytes: %+v", cut, runs)
			}
			continue
		}
		r := runs[0]
		switch {
		case cut < isReady:
			if r.Outcome != backup.RolledBack || !r.Killed {
				t.Errorf("%d bytes: %+v", cut, r)
			}
		case r.Outcome != backup.Unknown || !r.Killed || *r.Seen != there:
			t.Errorf("%d bytes: %+v, %+v", cut, r, r.Seen)
		}
	}
	// The next run writes down what it sees, and what others do then does not matter.
	applied(t, db, "INSERT INTO User VALUES(90, 'zoe', NULL);", apply.Options{})
	testdb.Change(t, db, "DELETE FROM Note; DELETE FROM User WHERE id > 1")
	for _, r := range runsOf(t, db) {
		if r.Path == path && (r.Outcome != backup.Unknown || r.Seen == nil || *r.Seen != there) {
			t.Errorf("settled: %+v, %+v", r, r.Seen)
		}
	}
}

// TestUndoOfAKilledRun holds that an undo takes back what a killed run has committed, and nothing
// if it has not.
func TestUndoOfAKilledRun(t *testing.T) {
	for _, committed := range []bool{true, false} {
		db := testdb.Make(t, "wal", people)
		run := applied(t, db, peopleSeed, apply.Options{})
		path := runsOf(t, db)[0].Path
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cut := bytes.Index(whole, []byte(`{"outcome"`))
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if !committed {
			testdb.Change(t, db, "DELETE FROM Note WHERE id > 'a'; DELETE FROM User WHERE id > 1")
		}
		_, err = undo(t, run, db, apply.UndoOptions{})
		var refused *apply.NotUndoneError
		if committed != (err == nil) || !committed && !errors.As(err, &refused) {
			t.Errorf("committed: %v, got %v", committed, err)
		}
		if got := query(t, db, "SELECT count(*) FROM User"); got != "1\n" {
			t.Errorf("committed: %v, %s users", committed, got)
		}
		if committed {
			continue
		}
		// A later run settles the killed one. The rows that are there then are others'.
		if _, err := script(t, db, peopleSeed, apply.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, err := undo(t, run, db, apply.UndoOptions{}); !errors.As(err, &refused) {
			t.Errorf("after the next run: %v", err)
		}
	}
}
