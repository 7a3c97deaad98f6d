package apply_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
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

// brokenIndex is a database whose index holds another value than its table.
func brokenIndex(t *testing.T) string {
	t.Helper()
	db := makeDatabase(t, "delete", users)
	change(t, db, "PRAGMA writable_schema = ON; CREATE TABLE old AS SELECT * FROM sqlite_schema WHERE name = 'Note_owner'; DELETE FROM sqlite_schema WHERE name = 'Note_owner'")
	change(t, db, "UPDATE Note SET owner = 'b' WHERE id = 3")
	change(t, db, "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM old; DROP TABLE old")
	return db
}

func TestVerifyWithoutManifest(t *testing.T) {
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	tests := []struct {
		title   string
		db      func(t *testing.T) string
		allowed func(error) bool
		want    func(error) bool
	}{
		{"sound", func(t *testing.T) string { return makeDatabase(t, "delete", users) }, is(nil), is(apply.ErrIncomplete)},
		{"sound, in WAL mode", func(t *testing.T) string { return makeDatabase(t, "wal", users) }, is(nil), is(apply.ErrIncomplete)},
		{"references dangle", func(t *testing.T) string {
			return makeDatabase(t, "delete", users+"INSERT INTO Note(owner) VALUES('nobody');")
		}, is(apply.ErrMismatch), is(apply.ErrMismatch)},
		{"an index differs", brokenIndex, is(apply.ErrMismatch), is(apply.ErrMismatch)},
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
			report, err := apply.Verify(t.Context(), path, apply.VerifyOptions{})
			if !test.want(err) {
				t.Errorf("got %v", err)
			}
			if !report.NoManifest {
				t.Error("the report does not say that there is no manifest")
			}
			if _, err := apply.Verify(t.Context(), path, apply.VerifyOptions{AllowUnverified: true}); !test.allowed(err) {
				t.Errorf("allowed: got %v", err)
			}
			if diff := cmp.Diff([]string{"copy.db"}, files(t, filepath.Dir(path))); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

// TestVerifyWithoutManifestAgainst holds that a copy is compared with a database
// only once it is allowed.
func TestVerifyWithoutManifestAgainst(t *testing.T) {
	db := makeDatabase(t, "delete", users)
	path := plainCopy(t, db)
	opts := apply.VerifyOptions{Against: db, AllowUnverified: true}
	if _, err := apply.Verify(t.Context(), path, opts); err != nil {
		t.Error(err)
	}
	change(t, db, "DELETE FROM log")
	if _, err := apply.Verify(t.Context(), path, opts); !errors.Is(err, apply.ErrMismatch) {
		t.Errorf("got %v, want %v", err, apply.ErrMismatch)
	}
}

func TestRestoreWithoutManifest(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := makeDatabase(t, mode, users+"INSERT INTO Note(owner) VALUES('nobody');")
			path, before := plainCopy(t, db), content(t, db)
			change(t, db, changes)
			changed := content(t, db)
			_, err := apply.Restore(t.Context(), path, db, apply.RestoreOptions{Now: now})
			if !errors.Is(err, apply.ErrIncomplete) {
				t.Errorf("got %v, want %v", err, apply.ErrIncomplete)
			}
			if diff := cmp.Diff(changed, content(t, db)); diff != "" {
				t.Errorf("the database was changed: %s", diff)
			}
			var plan apply.RestorePlan
			_, err = apply.Restore(t.Context(), path, db, apply.RestoreOptions{
				Now: now, AllowUnverified: true,
				Confirm: func(p apply.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			if !plan.NoManifest || len(plan.Backup.ForeignKeyViolations) != 1 {
				t.Errorf("the plan does not say what is wrong with the copy: %+v", plan)
			}
			if diff := cmp.Diff(before, content(t, db)); diff != "" {
				t.Errorf("content: %s", diff)
			}
		})
	}
}

// TestAllowUnverifiedAllowsNoMismatch holds that a manifest counts where there
// is one, and that damage is never restored.
func TestAllowUnverifiedAllowsNoMismatch(t *testing.T) {
	r := changedSinceBackup(t, "delete")
	before := content(t, r.db)
	spoiled := plainCopy(t, r.backup)
	manifest, err := os.ReadFile(apply.ManifestPath(r.backup))
	if err != nil {
		t.Fatal(err)
	}
	change(t, spoiled, "DELETE FROM log")
	tests := []struct{ title, backup, manifest string }{
		{"rows differ", spoiled, string(manifest)},
		{"a manifest of nothing", spoiled, ""},
		{"a manifest that was changed", spoiled, strings.Replace(string(manifest), `"rows": 3`, `"rows": 0`, 1)},
		{"damage", brokenIndex(t), "none"},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			if test.manifest != "none" {
				if err := os.WriteFile(apply.ManifestPath(test.backup), []byte(test.manifest), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := apply.Restore(t.Context(), test.backup, r.db, apply.RestoreOptions{AllowUnverified: true}); !errors.Is(err, apply.ErrMismatch) {
				t.Errorf("got %v, want %v", err, apply.ErrMismatch)
			}
			if _, err := apply.Verify(t.Context(), test.backup, apply.VerifyOptions{AllowUnverified: true}); !errors.Is(err, apply.ErrMismatch) {
				t.Errorf("verify: got %v, want %v", err, apply.ErrMismatch)
			}
			if diff := cmp.Diff(before, content(t, r.db)); diff != "" {
				t.Errorf("the database was changed: %s", diff)
			}
		})
	}
}

// TestRestoreCountsTheAppsRows holds that sqlite_sequence, which each insert
// changes, is no row of the app.
func TestRestoreCountsTheAppsRows(t *testing.T) {
	db := makeDatabase(t, "wal", `CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v);
		CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, v); INSERT INTO a(v) VALUES (1); INSERT INTO b(v) VALUES (1);`)
	m := backUp(t, db, apply.BackupOptions{})
	if tables, rows := m.Count(); tables != 2 || rows != 2 {
		t.Errorf("the backup has %d rows in %d tables, want 2 in 2", rows, tables)
	}
	change(t, db, "INSERT INTO a(v) VALUES (2); INSERT INTO b(v) VALUES (2); ANALYZE")
	result, err := apply.Restore(t.Context(), m.Path, db, apply.RestoreOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	want := []apply.TableChange{{Table: "a", Lost: 1}, {Table: "b", Lost: 1}}
	if diff := cmp.Diff(want, result.Plan.Tables); diff != "" {
		t.Error(diff)
	}
	if got := text(t, connect(t, db, sqlite.ReadOnly), "SELECT name || seq FROM sqlite_sequence"); got != "a1\nb1\n" {
		t.Errorf("sqlite_sequence is %q", got)
	}
}
