package backup_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// primary serves the API of a LiteFS primary, and returns its address.
func primary(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"isPrimary": true}`))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestRestoreAsksLiteFSForTheCommit holds that a restore is done only if LiteFS has taken the
// transaction.
func TestRestoreAsksLiteFSForTheCommit(t *testing.T) {
	standsStill := "LiteFS was at position " + position + " before the COMMIT, and does not say " +
		"where it is now: "
	tests := []struct{ title, after, want string }{
		{"it moved", next, ""},
		{"it stands still", position,
			"SQLite has committed, but LiteFS is still at position " + position},
		{"it went back", "0000000000000001/c51f7a0e12345678",
			"SQLite has committed, but LiteFS is still at position " + position},
		{"no position", "", standsStill + `the position "" has no TXID`},
		{"gone", "gone", standsStill + "the file of the position is gone"},
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, test := range tests {
			t.Run(mode+", "+test.title, func(t *testing.T) {
				r := changedSinceBackup(t, mode)
				showFile(t, r.db, "data.db-pos", position)
				move := liteFSMoves(t, r.db, test.after)
				if test.after == "gone" {
					move = func(p backup.Progress) {
						if p.Stage == backup.Restoring {
							os.Remove(r.db + "-pos")
						}
					}
				}
				var plan backup.RestorePlan
				result, err := backup.Restore(t.Context(), r.backup, r.db, backup.RestoreOptions{
					BackupDir: r.backups, LiteFSURL: primary(t), Progress: move,
					Confirm: func(p backup.RestorePlan) (bool, error) {
						plan = p
						return true, nil
					},
				})
				if plan.LiteFSPosition != position {
					t.Errorf("the plan has position %q", plan.LiteFSPosition)
				}
				if test.want == "" {
					if err != nil || result.LiteFSPosition != next {
						t.Errorf("got %v at position %q", err, result.LiteFSPosition)
					}
					return
				}
				uncertain, ok := errors.AsType[*backup.UncertainError](err)
				if !ok || uncertain.Path != r.db {
					t.Fatalf("got %v", err)
				}
				if diff := cmp.Diff(test.want, uncertain.Err.Error()); diff != "" {
					t.Error(diff)
				}
				if result.Present.Path == "" || result.LiteFSPosition != "" {
					t.Errorf("got %+v", result)
				}
			})
		}
	}
}

// TestRestoreIntoLiteFSKeepsTheSize holds that a restore in WAL mode makes a database on LiteFS no
// smaller, whatever the backup is like, and restores everything all the same.
func TestRestoreIntoLiteFSKeepsTheSize(t *testing.T) {
	const fill = "INSERT INTO log SELECT hex(randomblob(500)) FROM " +
		"json_each('[' || rtrim(replace(hex(zeroblob(300)), '0', '0,'), ',') || ']')"
	sizes := func(t *testing.T, db string) string {
		return query(t, db, "SELECT page_count FROM pragma_page_count")
	}
	for _, test := range []struct{ title, sql string }{
		{"plain", testdb.Users},
		{"small pages", "PRAGMA page_size = 512;" + testdb.Users},
		{"large pages", "PRAGMA page_size = 65536;" + testdb.Users},
		{"incremental vacuum", "PRAGMA auto_vacuum = INCREMENTAL;" + testdb.Users},
		{"UTF-16", "PRAGMA encoding = 'UTF-16le';" + testdb.Users},
		{"free pages", testdb.Users + fill + "; DELETE FROM log WHERE rowid > 30"},
	} {
		t.Run(test.title, func(t *testing.T) {
			db := kind{sql: test.sql + "; PRAGMA journal_mode = WAL"}.make(t)
			m := backUp(t, db, backup.Options{Dir: t.TempDir()})
			before := testdb.Content(t, db)
			testdb.Change(t, db, fill+";"+fill)
			large := sizes(t, db)
			showFile(t, db, "data.db-pos", position)
			result, err := backup.Restore(t.Context(), m.Path, db, backup.RestoreOptions{
				BackupDir: t.TempDir(), LiteFSURL: primary(t), Progress: liteFSMoves(t, db, next),
			})
			if err != nil {
				t.Fatal(err)
			}
			if result.Unchecked {
				t.Error("the rows were not compared")
			}
			if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
				t.Error(diff)
			}
			if got := sizes(t, db); len(got) < len(large) || len(got) == len(large) && got < large {
				t.Errorf("the database has %s pages, want at least %s", got, large)
			}
			if got := query(t, db, "PRAGMA integrity_check"); got != "ok\n" {
				t.Error(got)
			}
			os.Remove(db + "-pos")
			if err := restore(t, m.Path, db, backup.RestoreOptions{Now: testdb.Now}); err != nil {
				t.Fatal(err)
			}
			if got, want := sizes(t, db), sizes(t, m.Path); got != want {
				t.Errorf("without LiteFS the database has %s pages, want %s", got, want)
			}
		})
	}
}

// TestRestoreIntoLiteFSRefusesToShrink has a backup that can have no free pages.
func TestRestoreIntoLiteFSRefusesToShrink(t *testing.T) {
	db := kind{sql: "PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = WAL;" + testdb.Users}.make(t)
	m := backUp(t, db, backup.Options{})
	testdb.Change(t, db, "INSERT INTO log VALUES(hex(randomblob(10000)))")
	before := testdb.Content(t, db)
	showFile(t, db, "data.db-pos", position)
	backups := t.TempDir()
	err := restore(t, m.Path, db, backup.RestoreOptions{
		BackupDir: backups, LiteFSURL: primary(t), Progress: liteFSMoves(t, db, next),
	})
	if !isA[*backup.SmallerError](err) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
		t.Error(diff)
	}
	if got := testdb.Files(t, backups); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

// TestPositionNeedsTheLock holds that a backup records a position only if it can have the write
// lock: without the lock, SQLite may show more than LiteFS has counted.
func TestPositionNeedsTheLock(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	showFile(t, db, "data.db-pos", position)
	writer := testdb.Connect(t, db, sqlite.ReadWrite)
	testdb.Execute(t, writer, "BEGIN IMMEDIATE")
	m := backUp(t, db, backup.Options{Dir: t.TempDir()})
	if m.LiteFSPosition != "" {
		t.Errorf("got %q under the lock of another", m.LiteFSPosition)
	}
	writer.Rollback()
	m = backUp(t, db, backup.Options{Dir: t.TempDir()})
	if m.LiteFSPosition != position {
		t.Errorf("got %q, want %q", m.LiteFSPosition, position)
	}
}

// TestLiteFSDataIsRefused has the file in which LiteFS keeps a database.
func TestLiteFSDataIsRefused(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
	dir := filepath.Join(t.TempDir(), "dbs", "data.db")
	if err := os.MkdirAll(filepath.Join(dir, "ltx"), 0o700); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(dir, "database")
	text, err := os.ReadFile(m.Path)
	if err == nil {
		err = os.WriteFile(db, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, made := backup.Make(t.Context(), db, backup.Options{Dir: t.TempDir()})
	for verb, err := range map[string]error{
		"backup":  made,
		"restore": restore(t, m.Path, db, backup.RestoreOptions{BackupDir: t.TempDir()}),
		"verify":  verify(t, m.Path, backup.VerifyOptions{Against: db}),
	} {
		data, ok := errors.AsType[*backup.LiteFSDataError](err)
		if !ok || data.Database != "data.db" ||
			!strings.HasSuffix(err.Error(), "the database is data.db in LiteFS's mount") {
			t.Errorf("%s: got %v", verb, err)
		}
	}
	if diff := cmp.Diff([]string{"database", "ltx"}, testdb.Files(t, dir)); diff != "" {
		t.Error(diff)
	}
}
