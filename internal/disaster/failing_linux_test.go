package disaster

import (
	"slices"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestFailingCalls lets the calls that change files or flush them fail. The exit code then says
// what the target has, and seedkit leaves no file of which it does not speak.
func TestFailingCalls(t *testing.T) {
	strace := authority.Strace(t)
	eachScene(t, func(t *testing.T, s *scene) {
		tell := newTally(t)
		faults := []string{"error=EIO", "error=ENOSPC"}
		atEach(t, s, strace, 2, faults, func(t *testing.T, at call, how result) {
			done := s.isDone(t)
			if s.before == s.after {
				whole, _ := s.checkBackups(t)
				done = whole == 1
			}
			tell.count("exit code %d, done: %v", how.code, done)
			s.checkExitCode(t, how, done)
			if left := s.leftovers(t); len(left) > 0 && !strings.HasPrefix(at.name, "unlink") {
				t.Errorf("left behind: %q", left)
			}
			s.checkJournal(t, done)
			s.checkRerun(t)
		})
	})
}

// checkExitCode holds that the exit code says whether the verb has changed the target.
func (s *scene) checkExitCode(t *testing.T, how result, done bool) {
	t.Helper()
	permitted := []int{1, 5}
	if done {
		permitted = []int{0, 5}
	}
	if !slices.Contains(permitted, how.code) {
		t.Errorf("done: %v, exit code %d\n%s", done, how.code, how.stderr)
	}
}
