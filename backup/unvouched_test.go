package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// plainCopy copies a database as cp does, and returns the copy's path.
func plainCopy(t *testing.T, db string) string {
	t.Helper()
	text, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// brokenIndex makes a database with an index that holds another value than its table, and returns
// the database's path.
func brokenIndex(t *testing.T) string {
	t.Helper()
	db := testdb.Make(t, "delete", testdb.Users)
	testdb.Change(t, db, `PRAGMA writable_schema = ON;
		CREATE TABLE old AS SELECT * FROM sqlite_schema WHERE name = 'Note_owner';
		DELETE FROM sqlite_schema WHERE name = 'Note_owner'`)
	testdb.Change(t, db, "UPDATE Note SET owner = 'b' WHERE id = 3")
	testdb.Change(t, db, `PRAGMA writable_schema = ON;
		INSERT INTO sqlite_schema SELECT * FROM old; DROP TABLE old`)
	return db
}

func TestVerifyWithoutManifest(t *testing.T) {
	usersWith := func(mode, more string) func(*testing.T) string {
		return func(t *testing.T) string { return testdb.Make(t, mode, testdb.Users+more) }
	}
	tests := []struct {
		title   string
		db      func(t *testing.T) string
		allowed func(error) bool
		want    func(error) bool
	}{
		{"sound", usersWith("delete", ""), is(nil), is(backup.ErrIncomplete)},
		{"sound, in WAL mode", usersWith("wal", ""), is(nil), is(backup.ErrIncomplete)},
		{"references dangle", usersWith("delete", "INSERT INTO Note(owner) VALUES('nobody');"),
			is(backup.ErrMismatch), is(backup.ErrMismatch)},
		{"an index differs", brokenIndex, is(backup.ErrMismatch), is(backup.ErrMismatch)},
		{"empty", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "empty.db")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, is(sqlite.ErrEmpty), is(sqlite.ErrEmpty)},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			path := plainCopy(t, test.db(t))
			report, err := backup.Verify(t.Context(), path, backup.VerifyOptions{})
			if !test.want(err) {
				t.Errorf("got %v", err)
			}
			if !report.NoManifest {
				t.Error("the report does not say that there is no manifest")
			}
			err = verify(t, path, backup.VerifyOptions{AllowUnverified: true})
			if !test.allowed(err) {
				t.Errorf("allowed: got %v", err)
			}
			files := testdb.Files(t, filepath.Dir(path))
			if diff := cmp.Diff([]string{"copy.db"}, files); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

// TestVerifyWithoutManifestAgainst holds that Verify compares an allowed copy with a database.
func TestVerifyWithoutManifestAgainst(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	path := plainCopy(t, db)
	opts := backup.VerifyOptions{Against: db, AllowUnverified: true}
	if err := verify(t, path, opts); err != nil {
		t.Error(err)
	}
	testdb.Change(t, db, "DELETE FROM log")
	if err := verify(t, path, opts); !errors.Is(err, backup.ErrMismatch) {
		t.Errorf("got %v, want %v", err, backup.ErrMismatch)
	}
}

func TestRestoreWithoutManifest(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users+"INSERT INTO Note(owner) VALUES('nobody');")
			path, before := plainCopy(t, db), testdb.Content(t, db)
			testdb.Change(t, db, changes)
			changed := testdb.Content(t, db)
			_, err := backup.Restore(t.Context(), path, db, backup.RestoreOptions{Now: testdb.Now})
			if !errors.Is(err, backup.ErrIncomplete) {
				t.Errorf("got %v, want %v", err, backup.ErrIncomplete)
			}
			if diff := cmp.Diff(changed, testdb.Content(t, db)); diff != "" {
				t.Errorf("the database was changed: %s", diff)
			}
			var plan backup.RestorePlan
			_, err = backup.Restore(t.Context(), path, db, backup.RestoreOptions{
				Now: testdb.Now, AllowUnverified: true,
				Confirm: func(p backup.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			if !plan.NoManifest || len(plan.Backup.ForeignKeyViolations) != 1 {
				t.Errorf("the plan does not say what is wrong with the copy: %+v", plan)
			}
			if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
				t.Errorf("content: %s", diff)
			}
		})
	}
}

// TestAllowUnverifiedAllowsNoMismatch holds that the backup must agree with its manifest if there
// is one, and that Restore refuses a damaged copy.
func TestAllowUnverifiedAllowsNoMismatch(t *testing.T) {
	r := changedSinceBackup(t, "delete")
	before := testdb.Content(t, r.db)
	spoiled := plainCopy(t, r.backup)
	manifest, err := os.ReadFile(backup.ManifestPath(r.backup))
	if err != nil {
		t.Fatal(err)
	}
	testdb.Change(t, spoiled, "DELETE FROM log")
	changed := strings.Replace(string(manifest), `"rows": 3`, `"rows": 0`, 1)
	tests := []struct{ title, backup, manifest string }{
		{"rows differ", spoiled, string(manifest)},
		{"a manifest of nothing", spoiled, ""},
		{"a manifest that was changed", spoiled, changed},
		{"damage", brokenIndex(t), "none"},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			if test.manifest != "none" {
				path := backup.ManifestPath(test.backup)
				if err := os.WriteFile(path, []byte(test.manifest), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			allowed := backup.RestoreOptions{AllowUnverified: true}
			if err := restore(t, test.backup, r.db, allowed); !errors.Is(err, backup.ErrMismatch) {
				t.Errorf("got %v, want %v", err, backup.ErrMismatch)
			}
			err := verify(t, test.backup, backup.VerifyOptions{AllowUnverified: true})
			if !errors.Is(err, backup.ErrMismatch) {
				t.Errorf("verify: got %v, want %v", err, backup.ErrMismatch)
			}
			if diff := cmp.Diff(before, testdb.Content(t, r.db)); diff != "" {
				t.Errorf("the database was changed: %s", diff)
			}
		})
	}
}

// TestRestoreCountsTheAppsRows holds that sqlite_sequence does not count, although each insert
// changes it.
func TestRestoreCountsTheAppsRows(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
		CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
		INSERT INTO a(v) VALUES (1); INSERT INTO b(v) VALUES (1);`)
	m := backUp(t, db, backup.Options{})
	if tables, rows := m.Count(); tables != 2 || rows != 2 {
		t.Errorf("the backup has %d rows in %d tables, want 2 in 2", rows, tables)
	}
	testdb.Change(t, db, "INSERT INTO a(v) VALUES (2); INSERT INTO b(v) VALUES (2); ANALYZE")
	result, err := backup.Restore(t.Context(), m.Path, db, backup.RestoreOptions{Now: testdb.Now})
	if err != nil {
		t.Fatal(err)
	}
	want := []backup.TableChange{{Table: "a", Lost: 1}, {Table: "b", Lost: 1}}
	if diff := cmp.Diff(want, result.Plan.Tables); diff != "" {
		t.Error(diff)
	}
	if got := query(t, db, "SELECT name || seq FROM sqlite_sequence"); got != "a1\nb1\n" {
		t.Errorf("sqlite_sequence is %q", got)
	}
}

// TestRestoreOfACopyInUse has an app that writes to a copy without a manifest. The plan is about
// the snapshot of the copy that is restored.
func TestRestoreOfACopyInUse(t *testing.T) {
	db := testdb.Make(t, "delete", "CREATE TABLE t(x)")
	used := testdb.Make(t, "wal", "CREATE TABLE t(x); INSERT INTO t VALUES('before')")
	app := testdb.Connect(t, used, sqlite.ReadWrite)
	testdb.Execute(t, app, "SELECT * FROM t")
	wrote := false
	var plan backup.RestorePlan
	err := restore(t, used, db, backup.RestoreOptions{
		AllowUnverified: true,
		Progress: func(p backup.Progress) {
			if p.Stage == backup.Checking && !wrote {
				wrote = true
				testdb.Execute(t, app, "INSERT INTO t VALUES('after')")
			}
		},
		Confirm: func(p backup.RestorePlan) (bool, error) {
			plan = p
			return true, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, db, "SELECT * FROM t"); got != "before\n" {
		t.Errorf("restored %q", got)
	}
	want := []backup.TableChange{{Table: "t", Back: 1}}
	if diff := cmp.Diff(want, plan.Tables); diff != "" {
		t.Error(diff)
	}
}
