package apply_test

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
	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testhook"
)

const changes = `
	UPDATE User SET name = 'Anna' WHERE id = 'a';
	INSERT INTO User VALUES('c', 'cid@example.com', 'Cid');
	DELETE FROM Note WHERE id IN (2, 3);
	DELETE FROM log; INSERT INTO log VALUES('once'), ('twice'), ('once');
	CREATE TABLE later(x); INSERT INTO later VALUES(1), (2);
	PRAGMA user_version = 8`

// wantChanges are those that take changes back.
var wantChanges = []apply.TableChange{
	{Table: "User", Lost: 2, Back: 1},
	{Table: "Note", Lost: 0, Back: 2},
	{Table: "log", Lost: 1, Back: 1},
	{Table: "later", Lost: 2},
}

func TestRestore(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := makeDatabase(t, mode, users)
			backups := t.TempDir()
			m := backUp(t, db, apply.BackupOptions{Dir: backups})
			before := content(t, db)
			change(t, db, changes)
			changed := content(t, db)
			reader := connect(t, db, sqlite.ReadWrite)
			execute(t, reader, "SELECT * FROM later")

			var plan apply.RestorePlan
			result, err := apply.Restore(t.Context(), m.Path, db, apply.RestoreOptions{
				BackupDir: backups, Now: now,
				Confirm: func(p apply.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			want := apply.RestorePlan{Backup: m, Database: db, Exists: true, SchemaDiffers: true, Tables: wantChanges}
			if diff := cmp.Diff(want, plan); diff != "" {
				t.Errorf("plan: %s", diff)
			}
			if diff := cmp.Diff(plan, result.Plan); diff != "" || result.Unchecked {
				t.Errorf("carried out, unchecked %v: %s", result.Unchecked, diff)
			}
			if diff := cmp.Diff(before, text(t, reader, everything)); diff != "" {
				t.Errorf("content: %s", diff)
			}
			if _, err := apply.Verify(t.Context(), result.Present.Path, apply.VerifyOptions{}); err != nil {
				t.Errorf("backup of the present state: %v", err)
			}
			if diff := cmp.Diff(changed, strings.ReplaceAll(content(t, result.Present.Path), "delete", mode)); diff != "" {
				t.Errorf("backup of the present state: %s", diff)
			}
			execute(t, reader, "INSERT INTO log VALUES('life goes on')")
			reader.Close()
			if diff := cmp.Diff([]string{"data.db"}, files(t, filepath.Dir(db))); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

func TestRestoreWhileReading(t *testing.T) {
	db := makeDatabase(t, "wal", users)
	m := backUp(t, db, apply.BackupOptions{})
	before := content(t, db)
	change(t, db, "DELETE FROM User; DELETE FROM log")
	reader := connect(t, db, sqlite.ReadWrite)
	execute(t, reader, "BEGIN")
	old := text(t, reader, everything)
	if _, err := apply.Restore(t.Context(), m.Path, db, apply.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(old, text(t, reader, everything)); diff != "" {
		t.Errorf("within the reader's transaction: %s", diff)
	}
	reader.Rollback()
	if diff := cmp.Diff(before, text(t, reader, everything)); diff != "" {
		t.Errorf("after it: %s", diff)
	}
}

func TestRestorePlanInParts(t *testing.T) {
	t.Cleanup(apply.HashAtOnce(3))
	db := makeDatabase(t, "delete", users+`INSERT INTO log SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9,1,2,3,1]')`)
	m := backUp(t, db, apply.BackupOptions{})
	change(t, db, `DELETE FROM log WHERE line = 3; INSERT INTO log VALUES('twice'), (1), (1), (10)`)
	result, err := apply.Restore(t.Context(), m.Path, db, apply.RestoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []apply.TableChange{{Table: "log", Lost: 4, Back: 2}}
	if diff := cmp.Diff(want, result.Plan.Tables); diff != "" {
		t.Error(diff)
	}
}

func TestRestoreMakesADatabase(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := makeDatabase(t, mode, users)
			m := backUp(t, db, apply.BackupOptions{})
			target := filepath.Join(t.TempDir(), "new.db")
			var plan apply.RestorePlan
			result, err := apply.Restore(t.Context(), m.Path, target, apply.RestoreOptions{
				Confirm: func(p apply.RestorePlan) (bool, error) { plan = p; return true, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			if plan.Exists || result.Present.Path != "" || len(plan.Tables) != 3 || plan.Tables[1] != (apply.TableChange{Table: "Note", Back: 8}) {
				t.Errorf("plan %+v, present %+v", plan, result.Present)
			}
			if got := permissions(t, target); got != 0o600 {
				t.Errorf("permissions %v", got)
			}
			if diff := cmp.Diff(content(t, db), content(t, target)); diff != "" {
				t.Errorf("content: %s", diff)
			}
			if diff := cmp.Diff([]string{"new.db"}, files(t, filepath.Dir(target))); diff != "" {
				t.Errorf("files: %s", diff)
			}
		})
	}
}

// restoring is a database, a backup of it, and changes since.
type restoring struct{ db, backup, backups string }

func changedSinceBackup(t *testing.T, mode string) restoring {
	t.Helper()
	r := restoring{db: makeDatabase(t, mode, users), backups: t.TempDir()}
	r.backup = backUp(t, r.db, apply.BackupOptions{}).Path
	change(t, r.db, changes)
	return r
}

func TestRestoreRefuses(t *testing.T) {
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	tests := []struct {
		title string
		spoil func(t *testing.T, r *restoring)
		want  func(error) bool
	}{
		{"declined", nil, is(apply.ErrDeclined)},
		{"damaged backup", func(t *testing.T, r *restoring) { flipBit(t, r.backup, 9000) }, is(apply.ErrMismatch)},
		{"no backup", func(t *testing.T, r *restoring) { os.Remove(r.backup) }, is(fs.ErrNotExist)},
		{"unfinished backup", func(t *testing.T, r *restoring) { os.Remove(apply.ManifestPath(r.backup)) }, is(apply.ErrIncomplete)},
		{"locked", func(t *testing.T, r *restoring) { execute(t, connect(t, r.db, sqlite.ReadWrite), "BEGIN IMMEDIATE") },
			func(err error) bool { return sqlite.Is(err, sqlite.Busy) }},
		{"no database", func(t *testing.T, r *restoring) {
			if err := os.WriteFile(r.db, []byte(strings.Repeat("these are my notes, not a database", 99)), 0o666); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return sqlite.Is(err, sqlite.NotADB) }},
		{"a directory", func(t *testing.T, r *restoring) { r.db = filepath.Dir(r.db) }, is(sqlite.ErrIsDirectory)},
		{"into no directory", func(t *testing.T, r *restoring) { r.db = filepath.Join(r.db+"none", "x.db") }, is(fs.ErrNotExist)},
		{"itself", func(t *testing.T, r *restoring) { r.db = r.backup }, func(err error) bool { return strings.Contains(fmt.Sprint(err), "itself") }},
		{"a file for the backup's folder", func(_ *testing.T, r *restoring) { r.backups = r.backup }, is(syscall.ENOTDIR)},
		{"a folder in a file for the backup", func(_ *testing.T, r *restoring) { r.backups = filepath.Join(r.backup, "x") }, is(syscall.ENOTDIR)},
		{"a folder that would be made", func(_ *testing.T, r *restoring) { r.backups = filepath.Join(filepath.Dir(r.db), "new", "er") }, is(apply.ErrDeclined)},
		{"left-over -wal", func(t *testing.T, r *restoring) {
			if err := os.Rename(r.db, r.db+"-wal"); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { _, ok := errors.AsType[*apply.LeftoverError](err); return ok }},
		{"other pages", func(t *testing.T, r *restoring) {
			change(t, r.db, "PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = WAL")
		}, func(err error) bool { _, ok := errors.AsType[*apply.PageSizeError](err); return ok }},
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, test := range tests {
			t.Run(test.title+" "+mode, func(t *testing.T) {
				r := changedSinceBackup(t, mode)
				dir := filepath.Dir(r.db)
				if test.spoil != nil {
					test.spoil(t, &r)
				}
				before, had := everyFile(t, dir), files(t, dir)
				_, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{
					BackupDir: r.backups, Now: now, BusyTimeout: time.Millisecond,
					Confirm: func(apply.RestorePlan) (bool, error) { return false, nil },
				})
				if !test.want(err) {
					t.Errorf("got %v", err)
				}
				if diff := cmp.Diff(before, everyFile(t, dir)); diff != "" {
					t.Errorf("the folder's files: %s", diff)
				}
				if diff := cmp.Diff(had, files(t, dir)); diff != "" {
					t.Errorf("the folder's files: %s", diff)
				}
				if entries, _ := os.ReadDir(r.backups); len(entries) > 0 {
					t.Errorf("left behind: %v", entries)
				}
			})
		}
	}
}

// everyFile returns the content of the files in a folder, but for those that
// belong to open connections.
func everyFile(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range files(t, dir) {
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

func TestRestoreChangesPageSizeInDeleteMode(t *testing.T) {
	for _, size := range []int{512, 16384} {
		r := changedSinceBackup(t, "delete")
		change(t, r.db, fmt.Sprintf("PRAGMA page_size = %d; VACUUM", size))
		if _, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{}); err != nil {
			t.Errorf("%d: %v", size, err)
		}
		if diff := cmp.Diff(content(t, r.backup), content(t, r.db)); diff != "" {
			t.Errorf("%d: %s", size, diff)
		}
	}
}

func TestRestoreAsksAgain(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			r := changedSinceBackup(t, mode)
			var lost []int64
			_, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{
				BackupDir: r.backups,
				Confirm: func(p apply.RestorePlan) (bool, error) {
					lost = append(lost, p.Tables[0].Lost)
					if len(lost) < 3 {
						change(t, r.db, fmt.Sprintf("INSERT INTO User VALUES(%d, %[1]d, 'new')", len(lost)))
					}
					return true, nil
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]int64{2, 3, 4}, lost); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("not for ever", func(t *testing.T) {
		r := changedSinceBackup(t, "wal")
		_, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{
			BackupDir: r.backups,
			Confirm: func(p apply.RestorePlan) (bool, error) {
				change(t, r.db, "INSERT INTO log VALUES('busy')")
				return true, nil
			},
		})
		if !errors.Is(err, apply.ErrBusyWriting) {
			t.Errorf("got %v", err)
		}
		if got := files(t, r.backups); len(got) > 0 {
			t.Errorf("left behind: %v", got)
		}
	})
}

// TestRestoreLosesNoWrite has a writer that gets in between the backup of the
// present state and the restore.
func TestRestoreLosesNoWrite(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			r := changedSinceBackup(t, mode)
			calls := 0
			testhook.RestoreUnlocked = func() {
				if calls++; calls == 1 {
					change(t, r.db, "INSERT INTO log VALUES('just in time')")
				}
			}
			t.Cleanup(func() { testhook.RestoreUnlocked = nil })
			result, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{BackupDir: r.backups, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"data-20250102T030405Z.db", "data-20250102T030405Z.db.json"}
			if diff := cmp.Diff(want, files(t, r.backups)); diff != "" {
				t.Errorf("backups: %s", diff)
			}
			present := connect(t, result.Present.Path, sqlite.ReadOnly)
			if got := text(t, present, "SELECT count(*) FROM log WHERE line = 'just in time'"); got != "1\n" {
				t.Errorf("the backup of the present state has the row %s times", got)
			}
			if got := result.Plan.Tables[2].Lost; got != 2 {
				t.Errorf("%d rows of log lost, want 2", got)
			}
		})
	}
}

// TestRestoreHoldsWritersOff: what is written while the present state is
// backed up would be lost unseen, so it is refused.
func TestRestoreHoldsWritersOff(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	app := connect(t, r.db, sqlite.ReadWrite)
	app.SetBusyTimeout(0)
	tried := 0
	onBackupWritten(t, func(string) {
		tried++
		if err := app.Exec("INSERT INTO log VALUES('lost')"); !sqlite.Is(err, sqlite.Busy) {
			t.Errorf("write: %v, want busy", err)
		}
		text(t, app, "SELECT * FROM log")
	})
	if _, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{}); err != nil || tried != 1 {
		t.Errorf("%d tries, %v", tried, err)
	}
}

func TestRestoreStopsAtABadPresentBackup(t *testing.T) {
	r := changedSinceBackup(t, "wal")
	before := content(t, r.db)
	onBackupWritten(t, func(path string) { flipBit(t, path, 5000) })
	if _, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{BackupDir: r.backups}); !errors.Is(err, apply.ErrMismatch) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, content(t, r.db)); diff != "" {
		t.Error(diff)
	}
	if got := files(t, r.backups); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

// afterCommit returns a Progress that runs f when the last page was written.
func afterCommit(f func()) func(apply.Progress) {
	return func(p apply.Progress) {
		if p.Stage == apply.Restoring && p.Done == p.Total {
			f()
		}
	}
}

func TestRestoreChecksTheResult(t *testing.T) {
	r := changedSinceBackup(t, "delete")
	file, err := os.ReadFile(r.backup)
	if err != nil {
		t.Fatal(err)
	}
	_, err = apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{
		BackupDir: r.backups,
		Progress:  afterCommit(func() { flipBit(t, r.db, int64(bytes.LastIndex(file, []byte("once")))) }),
	})
	mismatch, ok := errors.AsType[*apply.MismatchError](err)
	if !errors.Is(err, apply.ErrCommitted) || !ok || mismatch.Differences[0].What != "table log" {
		t.Errorf("got %v", err)
	}
}

func TestRestoreLeavesLaterWritesAlone(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		r := changedSinceBackup(t, mode)
		result, err := apply.Restore(t.Context(), r.backup, r.db, apply.RestoreOptions{
			BackupDir: r.backups,
			Progress:  afterCommit(func() { change(t, r.db, "INSERT INTO log VALUES('right after')") }),
		})
		if err != nil || !result.Unchecked {
			t.Errorf("%s: unchecked %v, %v", mode, result.Unchecked, err)
		}
	}
}

func TestRestoreCancelled(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		db := filepath.Join(t.TempDir(), "data.db")
		app := connect(t, db, sqlite.Create)
		execute(t, app, "PRAGMA page_size = 512; PRAGMA synchronous = OFF; PRAGMA journal_mode = "+mode+";"+bulk)
		m := backUp(t, db, apply.BackupOptions{})
		execute(t, app, "UPDATE Note SET body = body || 'x'")
		before := text(t, app, everything)
		ctx, cancel := context.WithCancel(t.Context())
		result, err := apply.Restore(ctx, m.Path, db, apply.RestoreOptions{Progress: func(p apply.Progress) {
			if p.Stage == apply.Restoring {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) || errors.Is(err, apply.ErrCommitted) {
			t.Errorf("%s: %v", mode, err)
		}
		if diff := cmp.Diff(before, text(t, app, everything)); diff != "" {
			t.Errorf("%s: content: %s", mode, diff)
		}
		if _, err := apply.Verify(t.Context(), result.Present.Path, apply.VerifyOptions{Against: db}); err != nil {
			t.Errorf("%s: backup of the present state: %v", mode, err)
		}
	}
}
