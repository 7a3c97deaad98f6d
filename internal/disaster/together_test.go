package disaster

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/backup"
)

// TestTwoAtOnce lets two processes write to one target. Each does its work, or says that it did
// nothing. The backups are whole, and the journal tells what became of both.
func TestTwoAtOnce(t *testing.T) {
	rounds := 2
	if isEveryCall() {
		rounds = 40
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, second := range []string{"seed.db", "more.db", "undo", "restore"} {
			t.Run(mode+"/"+second, func(t *testing.T) {
				t.Parallel()
				tell := newTally(t)
				for range rounds {
					tell.count("%s", together(t, mode, second))
				}
			})
		}
	}
}

// together runs an apply beside a second run, and returns how they ended.
func together(t *testing.T, mode, second string) string {
	t.Helper()
	s := newScene(t, verbs[1], mode)
	const table = "CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	s.execute(t, "more.db", table+
		"INSERT INTO User VALUES(7001, 'more'), (7002, 'and more')")
	args := []string{"apply", second, "--to", target, "--yes"}
	switch second {
	case "undo":
		s.seedkit(t, "apply", "more.db", "--to", target, "--yes")
		runs, err := backup.Runs(t.Context(), s.path(target), "")
		if err != nil || len(runs) != 1 {
			t.Fatalf("runs: %v, %v", runs, err)
		}
		args = []string{"undo", runs[0].ID, "--to", target, "--yes"}
	case "restore":
		s.seedkit(t, "backup", target, "-o", "old.db")
		s.execute(t, target, "INSERT INTO User VALUES(7001, 'more')")
		args = []string{"restore", "old.db", "--to", target, "--yes"}
	}
	s.start = s.files(t)
	commands := [2]*exec.Cmd{s.command(t, s.args), s.command(t, args)}
	var said [2]strings.Builder
	for i, c := range commands {
		c.Stderr = &said[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	var codes [2]int
	for i, c := range commands {
		_ = c.Wait()
		codes[i] = c.ProcessState.ExitCode()
		// 4: the other held the lock for too long, or changed what was planned.
		if codes[i] != 0 && codes[i] != 4 {
			t.Errorf("seedkit %q: exit code %d\n%s", c.Args[1:], codes[i], said[i].String())
		}
	}
	s.checkTogether(t, second, codes)
	return fmt.Sprintf("exit codes %v", codes)
}

func (s *scene) command(t *testing.T, args []string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "seedkit", args...)
	c.Dir = s.dir
	return c
}

func (s *scene) checkTogether(t *testing.T, second string, codes [2]int) {
	t.Helper()
	now := s.content(t, target)
	if !strings.HasPrefix(now.checks, "ok ") {
		t.Errorf("integrity_check: %s", now.checks)
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	rows := len(seedsUser.FindAllString(now.script, -1))
	seeded := rows == 30
	if !seeded && rows > 0 {
		t.Error("the target has a part of the seed")
	}
	switch more := strings.Contains(now.script, "more'"); {
	case second == "seed.db" && seeded != (codes[0] == 0 || codes[1] == 0),
		second != "seed.db" && second != "restore" && seeded != (codes[0] == 0),
		second == "more.db" && more != (codes[1] == 0),
		(second == "undo" || second == "restore") && more != (codes[1] != 0):
		t.Errorf("exit codes %v, and seeded: %v, more: %v", codes, seeded, more)
	}
	runs, err := backup.Runs(t.Context(), s.path(target), "")
	if err != nil {
		t.Error(err)
	}
	for _, r := range runs {
		if r.Err != nil || r.Outcome != backup.Committed && r.Outcome != backup.RolledBack {
			t.Errorf("the journal has %+v", r)
		}
	}
}

var seedsUser = regexp.MustCompile(`'user 10\d\d'`)
