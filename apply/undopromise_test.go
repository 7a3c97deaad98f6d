package apply_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestUndoKeepsTheCounter holds that no id of a row that was taken back is given out again.
func TestUndoKeepsTheCounter(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	run := applied(t, db, peopleSeed, apply.Options{})
	if _, err := undo(t, run, db, apply.UndoOptions{}); err != nil {
		t.Fatal(err)
	}
	testdb.Change(t, db, "INSERT INTO User(name) VALUES('new')")
	if got := query(t, db, "SELECT max(id) FROM User"); got != "14\n" {
		t.Errorf("the next id is %s", got)
	}
}

// TestUndoOfSecrets holds that the journal has no value of a column that may hold a secret, and
// that an undo takes such values from the backup, or leaves the row if the backup is gone.
func TestUndoOfSecrets(t *testing.T) {
	const users = "CREATE TABLE u(id INTEGER PRIMARY KEY, passwordHash TEXT, token TEXT UNIQUE); " +
		"INSERT INTO u VALUES(1, 'old-secret', 'a-secret'), (2, 'two-secret', 'b-secret');"
	const rows = "SELECT id || ' ' || passwordHash || ' ' || token FROM u ORDER BY id"
	for _, gone := range []bool{false, true} {
		db := testdb.Make(t, "wal", users)
		before := query(t, db, rows)
		opts := apply.Options{Edits: edits(
			edit{Table: "u", Where: values{"id": 1}, Set: values{"passwordHash": "new-secret"}},
			edit{Table: "u", Where: values{"id": 2}},
		)}
		run := applied(t, db, "INSERT INTO u VALUES(3, 'x-secret', 'c-secret');", opts)
		runs, err := backup.Runs(t.Context(), db, "")
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(runs[0].Path)
		if err != nil || strings.Contains(string(text), "-secret") {
			t.Errorf("the journal has a secret: %s, %v", text, err)
		}
		if gone {
			os.Remove(runs[0].Backup)
		}
		result, err := undo(t, run, db, apply.UndoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, want := query(t, db, rows), before
		if gone {
			want = "1 new-secret a-secret\n"
		}
		if got != want || gone != (result.Plan.Stays() == 2) {
			t.Errorf("backup gone: %v: got %q, want %q; %+v", gone, got, want, result.Plan.Kept)
		}
	}
}

// TestUndoIsRefused holds that nothing is written if a run cannot be undone.
func TestUndoIsRefused(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	run := applied(t, db, peopleSeed, apply.Options{})
	if _, err := undo(t, "other", db, apply.UndoOptions{}); !errors.Is(err, backup.ErrNoRun) {
		t.Errorf("an unknown run: %v", err)
	}
	declined := apply.UndoOptions{Confirm: func(apply.UndoPlan) (bool, error) { return false, nil }}
	if _, err := undo(t, run, db, declined); !errors.Is(err, apply.ErrDeclined) {
		t.Errorf("declined: %v", err)
	}
	if got := query(t, db, "SELECT count(*) FROM User"); got != "4\n" {
		t.Errorf("%s users after refusals", got)
	}
	result, err := undo(t, run, db, apply.UndoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var refused *apply.NotUndoneError
	_, err = undo(t, idOf(t, db, result.Backup.Path), db, apply.UndoOptions{})
	if !errors.As(err, &refused) || refused.Run.Verb != "undo" {
		t.Errorf("an undo of an undo: %v", err)
	}
}

// TestUndoOfADamagedJournal holds that an undo believes no journal that somebody has changed.
func TestUndoOfADamagedJournal(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	run := applied(t, db, peopleSeed, apply.Options{})
	runs, err := backup.Runs(t.Context(), db, "")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(runs[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	end := strings.Index(string(whole), `{"ready"`)
	before := dumped(t, db)
	for i := range end {
		text := append([]byte{}, whole...)
		text[i] ^= 1
		if err := os.WriteFile(runs[0].Path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		result, err := undo(t, run, db, apply.UndoOptions{})
		if err == nil {
			t.Fatalf("byte %d was flipped: %+v", i, result.Plan)
		}
	}
	if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestUndoAndTriggers holds that triggers need consent, and that an undo notices what they do to
// its rows.
func TestUndoAndTriggers(t *testing.T) {
	const back = "; CREATE TRIGGER back AFTER DELETE ON Note WHEN old.id = 'b' " +
		"BEGIN INSERT INTO Note VALUES(old.id, old.owner); END"
	const other = "; CREATE TRIGGER other AFTER DELETE ON Note " +
		"BEGIN INSERT OR IGNORE INTO Note VALUES('late', 11); END"
	const harmless = "; CREATE TRIGGER harmless AFTER DELETE ON Note " +
		"BEGIN INSERT OR IGNORE INTO User VALUES(99, 'trigger', NULL); END"
	for _, tt := range []struct{ trigger, want string }{
		{back, "rolled back"}, {other, "rolled back"}, {harmless, ""},
	} {
		db := testdb.Make(t, "wal", people)
		run := applied(t, db, peopleSeed, apply.Options{})
		testdb.Change(t, db, strings.TrimPrefix(tt.trigger, "; "))
		before := dumped(t, db)
		var triggers *apply.TriggersError
		if _, err := undo(t, run, db, apply.UndoOptions{}); !errors.As(err, &triggers) {
			t.Errorf("without consent: %v", err)
		}
		_, err := undo(t, run, db, apply.UndoOptions{AllowTriggers: true})
		if tt.want == "" {
			if err != nil || query(t, db, "SELECT count(*) FROM Note") != "1\n" {
				t.Errorf("with a harmless trigger: %v", err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.trigger, err, tt.want)
		}
		if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
			t.Errorf("%s\n%s", tt.trigger, diff)
		}
	}
}

// TestOthersWriteWhileUndoIsAsked holds that the transaction decides about each row again.
func TestOthersWriteWhileUndoIsAsked(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		db := testdb.Make(t, mode, people)
		run := applied(t, db, peopleSeed, apply.Options{})
		result, err := undo(t, run, db, apply.UndoOptions{
			BackedUp: func(backup.Manifest) {
				testdb.Change(t, db, "INSERT INTO Note VALUES('late', 11)")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := query(t, db, "SELECT group_concat(id) FROM User"); got != "1,11\n" {
			t.Errorf("the users are %s", got)
		}
		if len(result.Plan.Kept) != 0 || len(result.Kept) != 1 ||
			result.Kept[0].Why != `Note with id = "late" refers to it` {
			t.Errorf("planned %v, done %v", result.Plan.Kept, result.Kept)
		}
	}
}

// TestUndoReadsAgain holds that an undo notices if a row is there again right after the commit.
func TestUndoReadsAgain(t *testing.T) {
	db := testdb.Make(t, "wal", people)
	run := applied(t, db, peopleSeed, apply.Options{})
	result, err := undo(t, run, db, apply.UndoOptions{
		Progress: func(p apply.Progress) {
			if p.Stage == apply.Verifying {
				testdb.Change(t, db, "INSERT INTO User VALUES(11, 'bob', NULL)")
			}
		},
	})
	if !errors.Is(err, apply.ErrCommitted) || result.Backup.Path == "" {
		t.Errorf("got %v, want %v", err, apply.ErrCommitted)
	}
}

// TestUndoOfAReplacedTarget renames another database to the target's path between the plan and the
// transaction.
func TestUndoOfAReplacedTarget(t *testing.T) {
	db := testdb.Make(t, "delete", people)
	run := applied(t, db, peopleSeed, apply.Options{})
	other := testdb.Make(t, "delete", people+peopleSeed)
	before := dumped(t, db)
	_, err := undo(t, run, db, apply.UndoOptions{BackedUp: func(backup.Manifest) {
		if err := errors.Join(os.Rename(db, db+".old"), os.Rename(other, db)); err != nil {
			t.Fatal(err)
		}
	}})
	if err == nil {
		t.Error("the undo went through")
	}
	for _, path := range []string{db, db + ".old"} {
		if diff := cmp.Diff(before, dumped(t, path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestUndoInTwoSteps undoes two updates to the same values. At the first undo, others have
// overwritten one of the rows.
func TestUndoInTwoSteps(t *testing.T) {
	const rows = "SELECT group_concat(id || coalesce(note, '-'), ' ') FROM Role"
	db := testdb.Make(t, "wal", roles)
	var all []edit
	for _, id := range []string{"r1", "r2", "r3"} {
		all = append(all, edit{Table: "Role", Where: values{"id": id}, Set: values{"note": "same"}})
	}
	run := applied(t, db, "INSERT INTO Role VALUES('r9', 'nine', NULL);",
		apply.Options{Edits: edits(all...)})
	testdb.Change(t, db, "UPDATE Role SET note = 'mine' WHERE id = 'r1'")
	for _, want := range []int64{3, 1} {
		result, err := undo(t, run, db, apply.UndoOptions{})
		if err != nil || result.Plan.Changes() != want {
			t.Errorf("got %+v, %v, want %d changes", result.Plan.Tables, err, want)
		}
		testdb.Change(t, db, "UPDATE Role SET note = 'same' WHERE id = 'r1' AND note = 'mine'")
	}
	if got := query(t, db, rows); got != "r1- r2x r3-\n" {
		t.Errorf("got %q", got)
	}
}
