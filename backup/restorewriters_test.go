package backup_test

import (
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestRestoreAsksOnce has an app that writes while the user is asked. The restore goes on, and its
// result counts what it took away.
func TestRestoreAsksOnce(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			r := changedSinceBackup(t, mode)
			var lost []int64
			result, err := backup.Restore(t.Context(), r.backup, r.db, backup.RestoreOptions{
				BackupDir: r.backups, Now: testdb.Now,
				Confirm: func(p backup.RestorePlan) (bool, error) {
					lost = append(lost, p.Tables[0].Lost)
					testdb.Change(t, r.db, "INSERT INTO User VALUES(3, 3, 'new')")
					return true, nil
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			lost = append(lost, result.Plan.Tables[0].Lost)
			if diff := cmp.Diff([]int64{2, 3}, lost); diff != "" {
				t.Error(diff)
			}
			got := query(t, result.Present.Path, "SELECT count(*) FROM User WHERE name = 'new'")
			if got != "1\n" {
				t.Errorf("the backup of the present state has the row %s times", got)
			}
			if got := query(t, r.db, "SELECT count(*) FROM User WHERE name = 'new'"); got != "0\n" {
				t.Errorf("the restored database has the row %s times", got)
			}
		})
	}
}

// TestRestoreHoldsWritersOff holds that others cannot write while the present state is backed up.
// The restore would undo such a write, and the backup would not have it.
func TestRestoreHoldsWritersOff(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	app := testdb.Connect(t, r.db, sqlite.ReadWrite)
	app.SetBusyTimeout(0)
	tried := 0
	onBackupWritten(t, func(string) {
		tried++
		if err := app.Exec("INSERT INTO log VALUES('lost')"); !sqlite.Is(err, sqlite.Busy) {
			t.Errorf("write: %v, want busy", err)
		}
		testdb.Text(t, app, "SELECT * FROM log")
	})
	err := restore(t, r.backup, r.db, backup.RestoreOptions{})
	if err != nil || tried != 1 {
		t.Errorf("%d tries, %v", tried, err)
	}
}

// afterCommit returns a Progress that runs f after the last page is written.
func afterCommit(f func()) func(backup.Progress) {
	return func(p backup.Progress) {
		if p.Stage == backup.Restoring && p.Done == p.Total {
			f()
		}
	}
}

func TestRestoreLeavesLaterWritesAlone(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		r := changedSinceBackup(t, mode)
		result, err := backup.Restore(t.Context(), r.backup, r.db, backup.RestoreOptions{
			BackupDir: r.backups,
			Progress: afterCommit(func() {
				testdb.Change(t, r.db, "INSERT INTO log VALUES('right after')")
			}),
		})
		if err != nil || !result.Unchecked {
			t.Errorf("%s: unchecked %v, %v", mode, result.Unchecked, err)
		}
	}
}

// TestRestoreOverAReplacedTarget has another file in the place of the database after the plan, or
// after the backup of the present state.
func TestRestoreOverAReplacedTarget(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		for _, moment := range []string{"asked", "backed up"} {
			t.Run(mode+"/"+moment, func(t *testing.T) {
				r := changedSinceBackup(t, mode)
				other := testdb.Make(t, mode, testdb.Users)
				before := testdb.Content(t, other)
				replace := func() {
					if err := os.Rename(other, r.db); err != nil {
						t.Error(err)
					}
				}
				opts := backup.RestoreOptions{BackupDir: r.backups, Now: testdb.Now}
				if moment == "asked" {
					opts.Confirm = func(backup.RestorePlan) (bool, error) {
						replace()
						return true, nil
					}
				} else {
					onBackupWritten(t, func(string) { replace() })
				}
				_, err := backup.Restore(t.Context(), r.backup, r.db, opts)
				if !errors.Is(err, backup.ErrReplaced) {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff(before, testdb.Content(t, r.db)); diff != "" {
					t.Error(diff)
				}
				if got := checkBackups(t, r.backups); got > 1 {
					t.Errorf("%d backups", got)
				}
			})
		}
	}
}

// TestRestoreWritesWhatDiffers looks at the -wal, which an app that is connected keeps.
func TestRestoreWritesWhatDiffers(t *testing.T) {
	const fill = "CREATE TABLE big(x); WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n " +
		"WHERE i < 2000) INSERT INTO big SELECT hex(zeroblob(2000)) FROM n;"
	db := testdb.Make(t, "wal", testdb.Users+fill)
	m, err := backup.Make(t.Context(), db, backup.Options{Dir: t.TempDir(), Now: testdb.Now})
	if err != nil {
		t.Fatal(err)
	}
	app := testdb.Connect(t, db, sqlite.ReadWrite)
	change := "UPDATE big SET x = 'changed' WHERE rowid IN (7, 1700); " +
		"INSERT INTO big VALUES('more'); PRAGMA wal_checkpoint(TRUNCATE)"
	if err := app.ExecScript(change); err != nil {
		t.Fatal(err)
	}
	err = restore(t, m.Path, db, backup.RestoreOptions{BackupDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, db, "SELECT count(*) FROM big WHERE length(x) = 4000"); got != "2000\n" {
		t.Errorf("%s rows are restored", got)
	}
	wal, err := os.Stat(db + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if pages := wal.Size() / m.PageSize; pages < 3 || pages > 20 || m.PageCount < 2000 {
		t.Errorf("%d pages in the -wal, for 3 rows in %d pages", pages, m.PageCount)
	}
}
