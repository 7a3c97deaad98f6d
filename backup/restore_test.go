package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

const changes = `
	UPDATE User SET name = 'Anna' WHERE id = 'a';
	INSERT INTO User VALUES('c', 'cid@example.com', 'Cid');
	DELETE FROM Note WHERE id IN (2, 3);
	DELETE FROM log; INSERT INTO log VALUES('once'), ('twice'), ('once');
	CREATE TABLE later(x); INSERT INTO later VALUES(1), (2);
	PRAGMA user_version = 8`

// wantChanges are the changes that a restore makes after changes.
var wantChanges = []backup.TableChange{
	{Table: "User", Lost: 2, Back: 1},
	{Table: "Note", Lost: 0, Back: 2},
	{Table: "log", Lost: 1, Back: 1},
	{Table: "later", Lost: 2},
}

// restore restores a backup, and returns the error.
func restore(t *testing.T, from, to string, opts backup.RestoreOptions) error {
	t.Helper()
	_, err := backup.Restore(t.Context(), from, to, opts)
	return err
}

func TestRestore(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			backups := t.TempDir()
			m := backUp(t, db, backup.Options{Dir: backups})
			before := testdb.Content(t, db)
			testdb.Change(t, db, changes)
			changed := testdb.Content(t, db)
			reader := testdb.Connect(t, db, sqlite.ReadWrite)
			testdb.Execute(t, reader, "SELECT * FROM later")

			var plan backup.RestorePlan
			result, err := backup.Restore(t.Context(), m.Path, db, backup.RestoreOptions{
				BackupDir: backups, Now: testdb.Now,
				Confirm: func(p backup.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			want := backup.RestorePlan{
				Backup: m, Database: db, Exists: true, SchemaDiffers: true, Tables: wantChanges,
			}
			if diff := cmp.Diff(want, plan); diff != "" {
				t.Errorf("plan: %s", diff)
			}
			if diff := cmp.Diff(plan, result.Plan); diff != "" || result.Unchecked {
				t.Errorf("carried out, unchecked %v: %s", result.Unchecked, diff)
			}
			if diff := cmp.Diff(before, testdb.Text(t, reader, testdb.Everything)); diff != "" {
				t.Errorf("content: %s", diff)
			}
			if err := verify(t, result.Present.Path, backup.VerifyOptions{}); err != nil {
				t.Errorf("backup of the present state: %v", err)
			}
			present := strings.ReplaceAll(testdb.Content(t, result.Present.Path), "delete", mode)
			if diff := cmp.Diff(changed, present); diff != "" {
				t.Errorf("backup of the present state: %s", diff)
			}
			testdb.Execute(t, reader, "INSERT INTO log VALUES('life goes on')")
			reader.Close()
			files := testdb.Files(t, filepath.Dir(db))
			if diff := cmp.Diff([]string{"data.db"}, files); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

func TestRestoreWhileReading(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	m := backUp(t, db, backup.Options{})
	before := testdb.Content(t, db)
	testdb.Change(t, db, "DELETE FROM User; DELETE FROM log")
	reader := testdb.Connect(t, db, sqlite.ReadWrite)
	testdb.Execute(t, reader, "BEGIN")
	old := testdb.Text(t, reader, testdb.Everything)
	if _, err := backup.Restore(t.Context(), m.Path, db, backup.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(old, testdb.Text(t, reader, testdb.Everything)); diff != "" {
		t.Errorf("within the reader's transaction: %s", diff)
	}
	reader.Rollback()
	if diff := cmp.Diff(before, testdb.Text(t, reader, testdb.Everything)); diff != "" {
		t.Errorf("after it: %s", diff)
	}
}

func TestRestorePlanInParts(t *testing.T) {
	t.Cleanup(backup.HashAtOnce(3))
	db := testdb.Make(t, "delete", testdb.Users+
		`INSERT INTO log SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9,1,2,3,1]')`)
	m := backUp(t, db, backup.Options{})
	testdb.Change(t, db,
		"DELETE FROM log WHERE line = 3; INSERT INTO log VALUES('twice'), (1), (1), (10)")
	result, err := backup.Restore(t.Context(), m.Path, db, backup.RestoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []backup.TableChange{{Table: "log", Lost: 4, Back: 2}}
	if diff := cmp.Diff(want, result.Plan.Tables); diff != "" {
		t.Error(diff)
	}
}

func TestRestoreMakesADatabase(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, testdb.Users)
			m := backUp(t, db, backup.Options{})
			target := filepath.Join(t.TempDir(), "new.db")
			var plan backup.RestorePlan
			result, err := backup.Restore(t.Context(), m.Path, target, backup.RestoreOptions{
				Create:  true,
				Confirm: func(p backup.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			if plan.Exists || result.Present.Path != "" || len(plan.Tables) != 3 ||
				plan.Tables[1] != (backup.TableChange{Table: "Note", Back: 8}) {
				t.Errorf("plan %+v, present %+v", plan, result.Present)
			}
			if got := permissions(t, target); got != 0o600 {
				t.Errorf("permissions %v", got)
			}
			if diff := cmp.Diff(testdb.Content(t, db), testdb.Content(t, target)); diff != "" {
				t.Errorf("content: %s", diff)
			}
			files := testdb.Files(t, filepath.Dir(target))
			if diff := cmp.Diff([]string{"new-backup.db.run", "new.db"}, files); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

// restoring is a database that was changed since its backup, the backup, and a folder for further
// backups.
type restoring struct{ db, backup, backups string }

func changedSinceBackup(t *testing.T, mode string) restoring {
	t.Helper()
	r := restoring{db: testdb.Make(t, mode, testdb.Users), backups: t.TempDir()}
	r.backup = backUp(t, r.db, backup.Options{}).Path
	testdb.Change(t, r.db, changes)
	return r
}

func TestRestoreRefuses(t *testing.T) {
	tests := []struct {
		title string
		spoil func(t *testing.T, r *restoring)
		want  func(error) bool
	}{
		{"declined", nil, is(backup.ErrDeclined)},
		{"damaged backup", func(t *testing.T, r *restoring) {
			testdb.FlipBit(t, r.backup, 9000)
		}, is(backup.ErrMismatch)},
		{"no backup", func(t *testing.T, r *restoring) {
			os.Remove(r.backup)
		}, is(fs.ErrNotExist)},
		{"unfinished backup", func(t *testing.T, r *restoring) {
			os.Remove(backup.ManifestPath(r.backup))
		}, is(backup.ErrIncomplete)},
		{"locked", func(t *testing.T, r *restoring) {
			testdb.Execute(t, testdb.Connect(t, r.db, sqlite.ReadWrite), "BEGIN IMMEDIATE")
		}, func(err error) bool { return sqlite.Is(err, sqlite.Busy) }},
		{"no database", func(t *testing.T, r *restoring) {
			text := strings.Repeat("these are my notes, not a database", 99)
			if err := os.WriteFile(r.db, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return sqlite.Is(err, sqlite.NotADB) }},
		{"a directory", func(t *testing.T, r *restoring) {
			r.db = filepath.Dir(r.db)
		}, is(sqlite.ErrIsDirectory)},
		{"into no directory", func(t *testing.T, r *restoring) {
			r.db = filepath.Join(r.db+"none", "x.db")
		}, is(fs.ErrNotExist)},
		{"itself", func(t *testing.T, r *restoring) {
			r.db = r.backup
		}, func(err error) bool { return strings.Contains(fmt.Sprint(err), "itself") }},
		{"a file for the backup's folder", func(_ *testing.T, r *restoring) {
			r.backups = r.backup
		}, is(syscall.ENOTDIR)},
		{"a folder in a file for the backup", func(_ *testing.T, r *restoring) {
			r.backups = filepath.Join(r.backup, "x")
		}, is(syscall.ENOTDIR)},
		{"a folder that would be made", func(_ *testing.T, r *restoring) {
			r.backups = filepath.Join(filepath.Dir(r.db), "new", "er")
		}, is(backup.ErrDeclined)},
		{"left-over -wal", func(t *testing.T, r *restoring) {
			if err := os.Rename(r.db, r.db+"-wal"); err != nil {
				t.Fatal(err)
			}
		}, isA[*backup.LeftoverError]},
		{"other pages", func(t *testing.T, r *restoring) {
			testdb.Change(t, r.db, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM")
		}, isA[*backup.PageSizeError]},
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, test := range tests {
			t.Run(test.title+" "+mode, func(t *testing.T) {
				r := changedSinceBackup(t, mode)
				dir := filepath.Dir(r.db)
				if test.spoil != nil {
					test.spoil(t, &r)
				}
				before, had := everyFile(t, dir), testdb.Files(t, dir)
				err := restore(t, r.backup, r.db, backup.RestoreOptions{
					Create:    true,
					BackupDir: r.backups, Now: testdb.Now, BusyTimeout: time.Millisecond,
					Confirm: func(backup.RestorePlan) (bool, error) { return false, nil },
				})
				if !test.want(err) {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff(before, everyFile(t, dir)); diff != "" {
					t.Errorf("the folder's files: %s", diff)
				}
				if diff := cmp.Diff(had, testdb.Files(t, dir)); diff != "" {
					t.Errorf("the folder's files: %s", diff)
				}
				if entries, _ := os.ReadDir(r.backups); len(entries) > 0 {
					t.Errorf("left behind: %v", entries)
				}
			})
		}
	}
}

// everyFile returns the content of the files in a folder. It leaves out the files that belong to
// open connections.
func everyFile(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range testdb.Files(t, dir) {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}

// TestRestoreAfterPageSizeError changes the page size as the hint of the command says.
func TestRestoreAfterPageSizeError(t *testing.T) {
	for _, size := range []int{512, 16384} {
		r := changedSinceBackup(t, "delete")
		testdb.Change(t, r.db, fmt.Sprintf("PRAGMA page_size = %d; VACUUM", size))
		err := restore(t, r.backup, r.db, backup.RestoreOptions{})
		wrong, ok := errors.AsType[*backup.PageSizeError](err)
		if !ok || wrong.Have != int64(size) {
			t.Fatalf("%d: %v", size, err)
		}
		testdb.Change(t, r.db, fmt.Sprintf("PRAGMA page_size = %d; VACUUM", wrong.Backup))
		if err := restore(t, r.backup, r.db, backup.RestoreOptions{}); err != nil {
			t.Errorf("%d: %v", size, err)
		}
		if diff := cmp.Diff(testdb.Content(t, r.backup), testdb.Content(t, r.db)); diff != "" {
			t.Errorf("%d: %s", size, diff)
		}
	}
}

func TestRestoreStopsAtABadPresentBackup(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	before := testdb.Content(t, r.db)
	onBackupWritten(t, func(path string) { testdb.FlipBit(t, path, 5000) })
	err := restore(t, r.backup, r.db, backup.RestoreOptions{BackupDir: r.backups})
	if !errors.Is(err, backup.ErrMismatch) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, testdb.Content(t, r.db)); diff != "" {
		t.Error(diff)
	}
	if got := testdb.Files(t, r.backups); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestRestoreChecksTheResult(t *testing.T) {
	r := changedSinceBackup(t, "delete")
	file, err := os.ReadFile(r.backup)
	if err != nil {
		t.Fatal(err)
	}
	once := int64(bytes.LastIndex(file, []byte("once")))
	err = restore(t, r.backup, r.db, backup.RestoreOptions{
		BackupDir: r.backups,
		Progress:  afterCommit(func() { testdb.FlipBit(t, r.db, once) }),
	})
	mismatch, ok := errors.AsType[*backup.MismatchError](err)
	if !errors.Is(err, backup.ErrCommitted) || !ok || mismatch.Differences[0].What != "table log" {
		t.Errorf("got %v", err)
	}
}

func TestRestoreCancelled(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		db := filepath.Join(t.TempDir(), "data.db")
		app := testdb.Connect(t, db, sqlite.Create)
		testdb.Execute(t, app, "PRAGMA page_size = 512; PRAGMA synchronous = OFF;"+
			"PRAGMA journal_mode = "+mode+";"+bulk)
		m := backUp(t, db, backup.Options{})
		testdb.Execute(t, app, "UPDATE Note SET body = body || 'x'")
		before := testdb.Text(t, app, testdb.Everything)
		ctx, cancel := context.WithCancel(t.Context())
		result, err := backup.Restore(ctx, m.Path, db, backup.RestoreOptions{
			Progress: func(p backup.Progress) {
				if p.Stage == backup.Restoring {
					cancel()
				}
			},
		})
		if !errors.Is(err, context.Canceled) || errors.Is(err, backup.ErrCommitted) {
			t.Errorf("%s: %v", mode, err)
		}
		if diff := cmp.Diff(before, testdb.Text(t, app, testdb.Everything)); diff != "" {
			t.Errorf("%s: content: %s", mode, diff)
		}
		against := backup.VerifyOptions{Against: db}
		if err := verify(t, result.Present.Path, against); err != nil {
			t.Errorf("%s: backup of the present state: %v", mode, err)
		}
	}
}

// TestRestoreMakesNothingUnasked holds that Restore makes no database unless Create is set: the
// name may be misspelt.
func TestRestoreMakesNothingUnasked(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
	dir := t.TempDir()
	path := filepath.Join(dir, "dta.db")
	err := restore(t, m.Path, path, backup.RestoreOptions{})
	if missing, ok := errors.AsType[*backup.MissingError](err); !ok || missing.Path != path ||
		!errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if got := testdb.Files(t, dir); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}
