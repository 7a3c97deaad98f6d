//go:build unix

package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/internal/testhook"
)

func init() {
	// Victims that stop before their copy is verified, and wait to be killed.
	victims["wait"] = func(ctx context.Context, args []string) error {
		waitWithCopy(args[2])
		_, err := backup.Make(ctx, args[0], backup.Options{Dir: args[1], Now: testdb.Now})
		return err
	}
	victims["wait in a rehearsal"] = func(ctx context.Context, args []string) error {
		waitWithCopy(args[2])
		opts := backup.Options{Dir: args[1], Now: testdb.Now}
		_, err := backup.MakeRehearsal(ctx, args[0], opts)
		return err
	}
}

// waitWithCopy makes the process wait when it has written a copy, and creates the file waits then.
func waitWithCopy(waits string) {
	testhook.BackupWritten = func(string) {
		os.WriteFile(waits, nil, 0o600)
		select {}
	}
}

func always(backup.Leftover) bool { return true }

// TestLeftoversOfAKilledProcess kills a process at one moment. While it works, its files are in
// use. After that, Leftovers finds and removes them.
func TestLeftoversOfAKilledProcess(t *testing.T) {
	const made = ".data-20250102T030405Z.db-"
	t.Run("backup", func(t *testing.T) { leavesFiles(t, "wait", made+"backup.tmp0") })
	t.Run("rehearsal", func(t *testing.T) {
		leavesFiles(t, "wait in a rehearsal", made+"rehearsal.tmp0")
	})
}

func leavesFiles(t *testing.T, victim, name string) {
	db := testdb.Make(t, "wal", bulk)
	dir := t.TempDir()
	waits := filepath.Join(t.TempDir(), "waits")
	kill := start(t, victim, db, dir, waits)
	for _, err := os.Stat(waits); err != nil; _, err = os.Stat(waits) {
		time.Sleep(time.Millisecond)
	}
	if got := backup.Leftovers(dir, always); got != nil {
		t.Errorf("at work: %v", got)
	}
	kill()
	want := []string{name, name + ".db"}
	if diff := cmp.Diff(want, testdb.Files(t, dir)); diff != "" {
		t.Errorf("left: %s", diff)
	}
	for _, remove := range []bool{false, true} {
		got := backup.Leftovers(dir, func(backup.Leftover) bool { return remove })
		if len(got) != 1 || got[0].Path != filepath.Join(dir, name+".db") ||
			got[0].Bytes < 400_000 || got[0].Err != nil {
			t.Errorf("removal %v: got %+v", remove, got)
		}
	}
	if got := testdb.Files(t, dir); len(got) > 0 {
		t.Errorf("not removed: %v", got)
	}
}

// TestLeftoversOfAPublishedBackup has backups that were killed after they got their name: one
// before and one after its manifest was written.
func TestLeftoversOfAPublishedBackup(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	for _, complete := range []bool{false, true} {
		dir := t.TempDir()
		waits := filepath.Join(t.TempDir(), "waits")
		kill := start(t, "wait", db, dir, waits)
		for _, err := os.Stat(waits); err != nil; _, err = os.Stat(waits) {
			time.Sleep(time.Millisecond)
		}
		kill()
		name := "data-20250102T030405Z.db"
		err := os.Link(filepath.Join(dir, "."+name+"-backup.tmp0.db"), filepath.Join(dir, name))
		if err != nil {
			t.Skip(err)
		}
		want := []string{}
		if complete {
			want = []string{name, name + ".json"}
			manifest := backup.ManifestPath(filepath.Join(dir, name))
			if err := os.WriteFile(manifest, []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := backup.Leftovers(dir, always); len(got) != 1 || got[0].Err != nil {
			t.Errorf("got %+v", got)
		}
		if diff := cmp.Diff(want, testdb.Files(t, dir)); diff != "" {
			t.Errorf("complete: %v: %s", complete, diff)
		}
	}
}

// TestLeftoversAreNobodyElses holds that Leftovers removes no file that is not for certain a
// leftover.
func TestLeftoversAreNobodyElses(t *testing.T) {
	dir := t.TempDir()
	m := backUp(t, testdb.Make(t, "wal", testdb.Users), backup.Options{Dir: dir, Now: testdb.Now})
	for _, name := range []string{
		".data.db-backup.tmp", ".-backup.tmp0", "data.db-backup.tmp0", ".data.db.tmp0",
		".data.db-backup.tmp1", ".data.db-backup.tmp1.db", ".data.db-backup.tmp2", "mine.db",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("of the user"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := everyFile(t, dir)
	got := backup.Leftovers(dir, always)
	if len(got) != 1 || got[0].Err == nil ||
		!strings.HasSuffix(got[0].Path, ".data.db-backup.tmp1.db") {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff(before, everyFile(t, dir)); diff != "" {
		t.Error(diff)
	}
	if err := verify(t, m.Path, backup.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

// TestLeftoverOfTheFirstInstant has the empty file that a process leaves if it is killed right
// after it has created the file. An empty file with others beside it may be of a process at work.
func TestLeftoverOfTheFirstInstant(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		".a.db-backup.tmp0", ".b.db-restore.tmp0", ".b.db-restore.tmp0.db",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := backup.Leftovers(dir, always)
	if len(got) != 2 || got[0].Err != nil || got[1].Err == nil {
		t.Errorf("got %+v", got)
	}
	want := []string{".b.db-restore.tmp0", ".b.db-restore.tmp0.db"}
	if diff := cmp.Diff(want, testdb.Files(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestKilledBackupLeavesNothing kills backups at many instants. After Leftovers only whole backups
// remain, and the next backup succeeds.
func TestKilledBackupLeavesNothing(t *testing.T) {
	db := testdb.Make(t, "wal", bulk)
	dir := t.TempDir()
	killAtManyInstants(t, "backup", []string{db, dir}, func(t *testing.T) {
		for _, left := range backup.Leftovers(dir, always) {
			if left.Err != nil {
				t.Error(left)
			}
		}
		for _, name := range testdb.Files(t, dir) {
			path := filepath.Join(dir, strings.TrimSuffix(name, ".json"))
			if err := verify(t, path, backup.VerifyOptions{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		backUp(t, db, backup.Options{Dir: dir, Now: testdb.Now})
		empty(t, dir)
	})
}

// TestKilledRestoreKeepsWhatItMade kills restores that make a database. Leftovers removes no
// database that has its name.
func TestKilledRestoreKeepsWhatItMade(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", bulk), backup.Options{})
	dir := t.TempDir()
	db := filepath.Join(dir, "new.db")
	killAtManyInstants(t, "restore", []string{m.Path, db, dir}, func(t *testing.T) {
		_, missing := os.Stat(db)
		backup.Leftovers(dir, always)
		if _, err := os.Stat(db); (err == nil) != (missing == nil) {
			t.Errorf("before: %v, after: %v", missing, err)
		}
		for _, name := range testdb.Files(t, dir) {
			if name != "new.db" && !strings.HasSuffix(name, ".run") {
				t.Errorf("left: %s", name)
			}
		}
		empty(t, dir)
	})
}
