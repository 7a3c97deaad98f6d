package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// victim names the variable that turns the test binary into a process for a test to kill. The value
// is a key of victims.
const victim = "BACKUP_VICTIM"

var victims = map[string]func(ctx context.Context, args []string) error{
	"backup": func(ctx context.Context, args []string) error {
		_, err := backup.Make(ctx, args[0], backup.Options{Dir: args[1], Now: testdb.Now})
		return err
	},
	"restore": func(ctx context.Context, args []string) error {
		opts := backup.RestoreOptions{BackupDir: args[2], Now: testdb.Now, Create: true}
		_, err := backup.Restore(ctx, args[0], args[1], opts)
		return err
	},
}

func TestMain(m *testing.M) {
	name := os.Getenv(victim)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := victims[name](context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// killAtManyInstants runs a victim to its end. Then it runs the victim several times, and kills it
// a little later each time. It calls check after each run.
func killAtManyInstants(t *testing.T, name string, args []string, check func(t *testing.T)) {
	t.Helper()
	start := time.Now()
	run(t, name, args, time.Hour)
	whole := time.Since(start)
	check(t)
	kills := 15
	if testing.Short() {
		kills = 4
	}
	for i := range kills {
		run(t, name, args, whole*time.Duration(i)/time.Duration(kills))
		check(t)
	}
}

// start starts a victim, and returns a function that kills it and waits for its end.
func start(t *testing.T, name string, args ...string) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), victim+"="+name)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	t.Cleanup(kill)
	return kill
}

// fails runs a victim that must fail, and returns its error.
func fails(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), victim+"="+name)
	text, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("the victim does not fail")
	}
	return string(text)
}

// run runs a victim, kills it after the given time, and fails the test if the victim fails before
// that.
func run(t *testing.T, name string, args []string, kill time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), victim+"="+name)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(kill, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err != nil && stderr.Len() > 0 {
		t.Fatalf("%v: %s", err, stderr.String())
	}
}

const bulk = testdb.Users + `INSERT INTO Note(owner, body) SELECT 'b', randomblob(2000) FROM
	json_each('[' || rtrim(replace(hex(zeroblob(250)), '0', '0,'), ',') || ']');`

func TestKilledBackup(t *testing.T) {
	db := testdb.Make(t, "wal", bulk)
	before := testdb.Content(t, db)
	dir := t.TempDir()
	whole := 0
	killAtManyInstants(t, "backup", []string{db, dir}, func(t *testing.T) {
		whole += checkBackups(t, dir)
		if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
			t.Errorf("the database: %s", diff)
		}
		empty(t, dir)
	})
	if whole == 0 {
		t.Error("no run came to its end")
	}
}

// checkBackups returns how many whole backups are in a folder. It fails the test if a file with a
// manifest is no whole backup, or if a file without a manifest passes for one.
func checkBackups(t *testing.T, dir string) int {
	t.Helper()
	whole := 0
	for _, name := range testdb.Files(t, dir) {
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".json") ||
			strings.HasSuffix(name, ".run") {
			continue
		}
		switch err := verify(t, filepath.Join(dir, name), backup.VerifyOptions{}); {
		case err == nil:
			whole++
		case !errors.Is(err, backup.ErrIncomplete):
			t.Errorf("%s: %v", name, err)
		}
	}
	return whole
}

// checkRuns holds that the journal of the only restore is true after a kill.
func checkRuns(t *testing.T, db, dir string, restored bool) {
	t.Helper()
	runs, err := backup.Runs(t.Context(), db, dir)
	if err != nil || len(runs) > 1 || restored && len(runs) == 0 {
		t.Errorf("runs: %+v, %v", runs, err)
	}
	for _, r := range runs {
		said := r.Outcome == backup.Committed
		if r.Outcome == backup.Unknown {
			if r.Seen == nil || r.Seen.Other > 0 || !r.Killed {
				t.Errorf("nobody looked: %+v, %+v", r, r.Seen)
				continue
			}
			said = r.Seen.Done == 1
		}
		if said != restored {
			t.Errorf("restored: %v, the journal has %+v", restored, r)
		}
	}
}

func empty(t *testing.T, dir string) {
	t.Helper()
	for _, name := range testdb.Files(t, dir) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKilledRestore(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, bulk)
			m := backUp(t, db, backup.Options{})
			old := testdb.Content(t, db)
			const update = "UPDATE Note SET body = body || 'x'; " + changes
			testdb.Change(t, db, update)
			changed := testdb.Content(t, db)
			backups := t.TempDir()
			restored := 0
			killAtManyInstants(t, "restore", []string{m.Path, db, backups}, func(t *testing.T) {
				got := testdb.Content(t, db)
				checkRuns(t, db, backups, got == old)
				switch got {
				case old:
					restored++
					testdb.Change(t, db, update)
				case changed:
				default:
					t.Fatal("the database is neither what it was nor what it should be")
				}
				app := testdb.Connect(t, db, sqlite.ReadWrite)
				if got := testdb.Text(t, app, "PRAGMA integrity_check"); got != "ok\n" {
					t.Error(got)
				}
				checkBackups(t, backups)
				empty(t, backups)
			})
			if restored == 0 {
				t.Error("no run came to its end")
			}
		})
	}
}

func TestKilledRestoreToNewFile(t *testing.T) {
	m := backUp(t, testdb.Make(t, "wal", bulk), backup.Options{})
	want := strings.ReplaceAll(testdb.Content(t, m.Path), "delete", "wal")
	dir := t.TempDir()
	db := filepath.Join(dir, "new.db")
	made := 0
	killAtManyInstants(t, "restore", []string{m.Path, db, dir}, func(t *testing.T) {
		if _, err := os.Stat(db); err == nil {
			made++
			if diff := cmp.Diff(want, testdb.Content(t, db)); diff != "" {
				t.Error(diff)
			}
		}
		empty(t, dir)
	})
	if made == 0 {
		t.Error("no run came to its end")
	}
}
