package disaster

import (
	"testing"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestKilledAtCalls kills each verb at the calls that change files or flush them. The target is
// then as it was, or as it should be, a backup is whole or has no manifest, and the next run ends
// well and leaves nothing of the killed one.
func TestKilledAtCalls(t *testing.T) {
	strace := authority.Strace(t)
	eachScene(t, func(t *testing.T, s *scene) {
		tell := newTally(t)
		atEach(t, s, strace, 3, []string{"signal=KILL"}, func(t *testing.T, at call, how result) {
			if how.code != -1 {
				t.Fatalf("exit code %d\n%s", how.code, how.stderr)
			}
			done := s.isDone(t)
			tell.count("killed, done: %v", done)
			if whole, _ := s.checkBackups(t); done && s.before != s.after && whole == 0 &&
				s.before != (content{}) {
				t.Error("the target is changed, and there is no backup")
			}
			s.checkJournal(t, done)
			s.checkRerun(t)
		})
	})
}
