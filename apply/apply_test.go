package apply_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/internal/testhook"
)

// script applies the text of a script to a database.
func script(t *testing.T, db, text string, opts apply.Options) (apply.Result, error) {
	t.Helper()
	opts.Script = strings.NewReader(text)
	opts.Now = testdb.Now
	return apply.Run(t.Context(), "test.sql", db, opts)
}

// refuses applies a script, and checks that Run returns an error and changes neither the database
// nor its folder.
func refuses(t *testing.T, db, text string, opts apply.Options) error {
	t.Helper()
	before, beside := testdb.Content(t, db), testdb.Files(t, filepath.Dir(db))
	_, err := script(t, db, text, opts)
	if err == nil {
		t.Fatalf("%s went through", text)
	}
	if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
		t.Errorf("the database was changed: %s", diff)
	}
	if diff := cmp.Diff(beside, testdb.Files(t, filepath.Dir(db))); diff != "" {
		t.Errorf("the folder was changed: %s", diff)
	}
	return err
}

// query returns the first column of each row of a query, one row per line.
func query(t *testing.T, db, sql string) string {
	t.Helper()
	return testdb.Text(t, testdb.Connect(t, db, sqlite.ReadOnly), sql)
}

const newUser = "INSERT INTO User(id, email, name) VALUES('c', 'cy@example.com', 'Cy');" +
	"INSERT INTO Note(id, owner, body) VALUES(50, 'c', x'00ff');"

func TestRun(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			before := testdb.Content(t, db)
			result, err := script(t, db, newUser, apply.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if result.Inserted != 2 || result.Plan.New() != 2 {
				t.Errorf("inserted %d rows, planned %d; want 2", result.Inserted, result.Plan.New())
			}
			path := result.Backup.Path
			if _, err := backup.Verify(t.Context(), path, backup.VerifyOptions{}); err != nil {
				t.Errorf("the backup: %v", err)
			}
			backedUp := testdb.Content(t, path)
			if !strings.Contains(backedUp, "ann@example.com") ||
				strings.Contains(backedUp, "cy@example.com") {
				t.Errorf("the backup holds %s", backedUp)
			}
			testdb.Change(t, db, "DELETE FROM Note WHERE id = 50; DELETE FROM User WHERE id = 'c';"+
				"UPDATE sqlite_sequence SET seq = 8")
			if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
				t.Errorf("more than the seed's rows was changed: %s", diff)
			}
		})
	}
}

func TestRunAgainChangesNothing(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	if _, err := script(t, db, newUser, apply.Options{}); err != nil {
		t.Fatal(err)
	}
	before, beside := testdb.Content(t, db), testdb.Files(t, filepath.Dir(db))
	result, err := script(t, db, newUser, apply.Options{Confirm: func(apply.Plan) (bool, error) {
		t.Error("asked, although there is nothing to insert")
		return true, nil
	}})
	if err != nil || result.Inserted != 0 || result.Plan.Identical() != 2 ||
		result.Backup.Path != "" {
		t.Errorf("got %+v, %v", result, err)
	}
	if before != testdb.Content(t, db) || !cmp.Equal(beside, testdb.Files(t, filepath.Dir(db))) {
		t.Error("the second run changed something")
	}
}

func TestRunNeverLowersAnAutoincrementCounter(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users+"UPDATE sqlite_sequence SET seq = 1000;")
	const seed = "CREATE TABLE Note(id INTEGER PRIMARY KEY AUTOINCREMENT, owner, body);" +
		"INSERT INTO Note VALUES(50, 'a', x'00');" +
		"DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence VALUES('Note', 50);"
	if _, err := script(t, db, seed, apply.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := query(t, db, "SELECT seq FROM sqlite_sequence"); got != "1000\n" {
		t.Errorf("the counter is %s", got)
	}
}

func TestPreviewWritesNothing(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	before, beside := testdb.Content(t, db), testdb.Files(t, filepath.Dir(db))
	plan, err := preview(t, db, newUser, apply.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := apply.Plan{
		Tables:      []apply.TablePlan{{Table: "User", New: 1}, {Table: "Note", New: 1}},
		BackupBytes: plan.BackupBytes,
	}
	if diff := cmp.Diff(want, plan); diff != "" {
		t.Error(diff)
	}
	if before != testdb.Content(t, db) || !cmp.Equal(beside, testdb.Files(t, filepath.Dir(db))) {
		t.Error("the preview changed something")
	}
}

func TestRunConflicts(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	const seed = newUser +
		"INSERT INTO User(id, email, name) VALUES('z', 'ann@example.com', 'Another Ann');"
	err := refuses(t, db, seed, apply.Options{})
	var conflicts *apply.ConflictsError
	if !errors.As(err, &conflicts) {
		t.Fatalf("got %v, want a ConflictsError", err)
	}
	help := []apply.Choice{choose("User", apply.Adopt)}
	want := &apply.ConflictsError{Total: 1, CanSkip: true, Help: help, Conflicts: []apply.Conflict{
		{Table: "User", Columns: []string{"email"}, Values: []string{`"ann@example.com"`},
			Differ: []apply.Differing{
				{Column: "id", Seed: `"z"`, Target: `"a"`},
				{Column: "name", Seed: `"Another Ann"`, Target: `"Ann"`},
			}, Outcome: apply.Stopped},
	}}
	if diff := cmp.Diff(want, conflicts); diff != "" {
		t.Error(diff)
	}
	result, err := script(t, db, seed, apply.Options{OnConflict: apply.Skip})
	if err != nil || result.Inserted != 2 || result.Plan.Conflicting() != 1 {
		t.Errorf("with skip: got %+v, %v", result, err)
	}
	if got := query(t, db, "SELECT id FROM User ORDER BY id"); got != "a\nb\nc\n" {
		t.Errorf("with skip: the users are %q", got)
	}
}

func TestRunRefusesWhatTheTargetHasNoPlaceFor(t *testing.T) {
	db := testdb.Make(t, "wal",
		testdb.Users+"CREATE TABLE strict(id INTEGER PRIMARY KEY, must TEXT NOT NULL);")
	tests := []struct{ name, seed, want string }{
		{"table", "CREATE TABLE Notes(id PRIMARY KEY); INSERT INTO Notes VALUES(1);",
			"the target has no table Notes (did you mean Note?)"},
		{"column", "CREATE TABLE User(id PRIMARY KEY, emial); INSERT INTO User VALUES('c', 'x');",
			"the target's table User has no column emial (did you mean email?); " +
				"the target's column email of table User must not be NULL, " +
				"and the seed has no such column"},
		{"column that the seed lacks",
			"CREATE TABLE strict(id INTEGER PRIMARY KEY); INSERT INTO strict VALUES(1);",
			"the target's column must of table strict must not be NULL, " +
				"and the seed has no such column"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := refuses(t, db, test.seed, apply.Options{})
			var problem *apply.SchemaError
			if !errors.As(err, &problem) || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestTablesWithoutRowsNeedNoPlace(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	result, err := script(t, db, "CREATE TABLE Elsewhere(x); CREATE TABLE User(id, email, name);"+
		"INSERT INTO User VALUES('c', 'cy@example.com', 'Cy');", apply.Options{})
	if err != nil || result.Inserted != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
}

func TestViolationsThatWereThereDoNotMatter(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users+"INSERT INTO Note(owner) VALUES('gone');")
	if _, err := script(t, db, newUser, apply.Options{}); err != nil {
		t.Error(err)
	}
}

func TestTriggersNeedConsent(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users+`
		CREATE TRIGGER stamp AFTER INSERT ON User BEGIN
			UPDATE User SET name = 'stamped' WHERE id = new.id; INSERT INTO log VALUES(new.id); END;
		CREATE TRIGGER bye AFTER DELETE ON User BEGIN DELETE FROM log; END;`)
	err := refuses(t, db, newUser, apply.Options{})
	var triggers *apply.TriggersError
	want := []apply.Trigger{{Table: "User", Name: "stamp"}}
	if !errors.As(err, &triggers) || !cmp.Equal(triggers.Triggers, want) {
		t.Errorf("got %v", err)
	}
	if _, err := script(t, db, newUser, apply.Options{AllowTriggers: true}); err != nil {
		t.Errorf("with consent: %v", err)
	}
	if got := query(t, db, "SELECT name FROM User WHERE id = 'c'"); got != "stamped\n" {
		t.Errorf("with consent: the trigger made it %q", got)
	}
}

func TestSamplesNeedConsent(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	sample := seed.SampleComment + "\n" + newUser
	if err := refuses(t, db, sample, apply.Options{}); !errors.Is(err, apply.ErrSample) {
		t.Errorf("got %v, want ErrSample", err)
	}
	if _, err := script(t, db, sample, apply.Options{AllowSample: true}); err != nil {
		t.Errorf("with consent: %v", err)
	}
}

func TestDeclined(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	decline := func(apply.Plan) (bool, error) { return false, nil }
	err := refuses(t, db, newUser, apply.Options{Confirm: decline})
	if !errors.Is(err, apply.ErrDeclined) {
		t.Errorf("got %v, want ErrDeclined", err)
	}
}

func TestLockedTarget(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	other := testdb.Connect(t, db, sqlite.ReadWrite)
	testdb.Execute(t, other, "BEGIN IMMEDIATE")
	_, err := script(t, db, newUser, apply.Options{BusyTimeout: time.Millisecond})
	if !sqlite.Is(err, sqlite.Busy) {
		t.Errorf("got %v, want Busy", err)
	}
}

// TestOthersWriteWhileAsked lets the app insert a row with a key of the seed between the plan and
// the insertion.
func TestOthersWriteWhileAsked(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	_, err := script(t, db, newUser, apply.Options{Confirm: func(apply.Plan) (bool, error) {
		testdb.Change(t, db, "INSERT INTO User VALUES('x', 'cy@example.com', 'Cyril')")
		return true, nil
	}})
	var conflicts *apply.ConflictsError
	if !errors.As(err, &conflicts) {
		t.Errorf("got %v, want a ConflictsError", err)
	}
	if got := query(t, db, "SELECT id FROM User ORDER BY id"); got != "a\nb\nx\n" {
		t.Errorf("the users are %q", got)
	}
}

func TestReadersSeeTheOldStateUntilTheCommit(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	reader := testdb.Connect(t, db, sqlite.ReadOnly)
	testdb.Execute(t, reader, "BEGIN")
	if got := testdb.Text(t, reader, "SELECT count(*) FROM User"); got != "2\n" {
		t.Fatalf("got %q", got)
	}
	if _, err := script(t, db, newUser, apply.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := testdb.Text(t, reader, "SELECT count(*) FROM User"); got != "2\n" {
		t.Errorf("the open reader sees %q users", got)
	}
}

// TestNoBackupNoFolder damages the backup. Run must change neither the target nor the folder for
// backups.
func TestNoBackupNoFolder(t *testing.T) {
	root := t.TempDir()
	db := testdb.Make(t, "delete", testdb.Users)
	testhook.BackupWritten = func(path string) { testdb.FlipBit(t, path, 5000) }
	t.Cleanup(func() { testhook.BackupWritten = nil })
	before := testdb.Content(t, db)
	_, err := script(t, db, "INSERT INTO log VALUES('new');", apply.Options{
		BackupDir: filepath.Join(root, "a", "b"), Now: testdb.Now,
	})
	if !errors.Is(err, backup.ErrMismatch) {
		t.Errorf("got %v, want a mismatch", err)
	}
	if diff := cmp.Diff([]string{}, testdb.Files(t, root)); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
	if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
		t.Errorf("the target changed: %s", diff)
	}
}
