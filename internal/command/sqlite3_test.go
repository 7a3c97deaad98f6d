package command

import (
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestSQLite3 compares what gen makes and dump prints with the sqlite3 shell.
func TestSQLite3(t *testing.T) {
	shell := authority.SQLite3(t)
	dir := t.TempDir()
	ask := func(db, question string) string {
		t.Helper()
		cmd := exec.Command(shell, "-init", os.DevNull, "-batch", db, question)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
		return string(out)
	}
	do(t, dir, "gen")
	do(t, dir, "gen", "-o", "again.db")
	want := ask("seed.db", ".dump")
	if diff := cmp.Diff(want, dumpOf(t, dir, "seed.db")); diff != "" {
		t.Errorf("dump seed.db (-sqlite3 +seedkit):\n%s", diff)
	}
	if diff := cmp.Diff(want, ask("again.db", ".dump")); diff != "" {
		t.Errorf("gen differs from run to run (-first +second):\n%s", diff)
	}
	if got := ask("seed.db", "PRAGMA integrity_check; PRAGMA foreign_key_check"); got != "ok\n" {
		t.Errorf("checks of seed.db found %q", got)
	}
}
