package disaster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// atEach runs the scene's verb once for each of the calls that change files or flush them, or for a
// few of each kind, and lets strace do something at the call. The faults take turns, unless every
// call is tried. check looks at what is left; at is the call. A run in which the threads share the
// calls in another way, so that none reaches the count, is left out.
func atEach(
	t *testing.T, s *scene, strace string, few int, faults []string,
	check func(t *testing.T, at call, how result),
) {
	t.Helper()
	how, made := s.strace(t, strace, strings.Join(changing, ","))
	if how.code != 0 {
		t.Fatalf("exit code %d\n%s", how.code, how.stderr)
	}
	at := points(t, made, few)
	turn, hits := 0, 0
	for _, name := range slices.Sorted(maps.Keys(at)) {
		for _, count := range at[name] {
			try := faults
			if !isEveryCall() {
				try = faults[turn%len(faults):][:1]
			}
			for _, fault := range try {
				s.reset(t)
				how, made := s.strace(t, strace, name, injection(name, fault, count)...)
				hit := reached(made, how, fault)
				turn++
				if hit == nil {
					continue
				}
				hits++
				title := fmt.Sprintf("%s %d %s", name, count, fault)
				if !t.Run(title, func(t *testing.T) { check(t, *hit, how) }) {
					t.Logf("%s: %s(%s)\nexit code %d\n%s", title, hit.name, hit.args, how.code,
						how.stderr)
				}
			}
		}
	}
	if hits < turn/2 {
		t.Errorf("of %d runs only %d reached the call", turn, hits)
	}
}

// reached returns the call at which strace did something to a file of the scene, or nil.
func reached(made []call, how result, fault string) *call {
	for _, c := range made {
		if c.injected && !isStream(c) {
			return &c
		}
	}
	if strings.HasPrefix(fault, "signal=") && how.code == -1 {
		return &call{}
	}
	return nil
}

// isStream reports whether the call writes to standard output or standard error.
func isStream(c call) bool {
	return strings.HasPrefix(c.args, "1<") || strings.HasPrefix(c.args, "2<")
}
