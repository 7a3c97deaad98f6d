package disaster

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
)

// isDone reports which of the two permitted states the target is in.
func (s *scene) isDone(t *testing.T) bool {
	t.Helper()
	switch got := s.content(t, target); got {
	case s.after:
		return true
	case s.before:
		return false
	default:
		t.Errorf("the target is neither as it was nor as it should be (-as it was +now):\n%s%s",
			cmp.Diff(s.before.checks, got.checks), cmp.Diff(s.before.script, got.script))
		return false
	}
}

// checkBackups holds that each backup with a manifest is whole and has the target as it was. It
// returns their number, and the names of files that are no backups yet.
func (s *scene) checkBackups(t *testing.T) (whole int, unfinished []string) {
	t.Helper()
	for _, name := range s.names(t) {
		if !isBackup.MatchString(name) {
			if base, ok := strings.CutSuffix(name, ".json"); ok && isBackup.MatchString(base) {
				if _, err := os.Lstat(s.path(base)); err != nil {
					t.Errorf("%s has no backup", name)
				}
			}
			continue
		}
		_, err := backup.Verify(t.Context(), s.path(name), backup.VerifyOptions{})
		_, statErr := os.Lstat(s.path(name) + ".json")
		switch {
		case statErr != nil && errors.Is(err, backup.ErrIncomplete):
			unfinished = append(unfinished, name)
			continue
		case statErr != nil || err != nil:
			t.Errorf("verify %s: %v", name, err)
			continue
		}
		if s.start[name] == nil {
			whole++
		}
	}
	return whole, unfinished
}

var isBackup = regexp.MustCompile(`^production-\d{8}T\d{6}Z(-\d+)?\.db$`)

// leftovers returns the files that neither the scene nor a finished run has made.
func (s *scene) leftovers(t *testing.T) []string {
	t.Helper()
	_, unfinished := s.checkBackups(t)
	for _, name := range s.names(t) {
		base := strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".run")
		switch {
		case s.start[name] != nil, isBackup.MatchString(base):
		case name == target, name == target+"-wal", name == target+"-shm":
		default:
			unfinished = append(unfinished, name)
		}
	}
	slices.Sort(unfinished)
	return unfinished
}

// checkJournal holds that the journal does not say of a run that it is committed, or that it
// changed nothing, if that is not so.
func (s *scene) checkJournal(t *testing.T, done bool) {
	t.Helper()
	runs, err := backup.Runs(t.Context(), s.path(target), "")
	if err != nil {
		return // there is no target
	}
	for _, r := range runs {
		isOld := s.start[filepath.Base(r.Path)] != nil
		if !isOld && (r.Outcome == backup.Committed && !done ||
			r.Outcome == backup.RolledBack && done) {
			t.Errorf("done: %v, and the journal has %+v", done, r)
		}
	}
}

// checkRerun holds that the verb succeeds now, and leaves only what it should.
func (s *scene) checkRerun(t *testing.T) {
	t.Helper()
	s.seedkit(t, s.args...)
	if got := s.content(t, target); got != s.after {
		t.Errorf("after the next run the target is not as it should be:\n%s",
			cmp.Diff(s.after.script, got.script))
	}
	if left := s.leftovers(t); len(left) > 0 {
		t.Errorf("after the next run there is %q", left)
	}
}
