package disaster

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// A tally counts what the runs of a test came to, and tells it at the end.
type tally map[string]int

func newTally(t *testing.T) tally {
	counts := tally{}
	t.Cleanup(func() {
		for _, what := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%d × %s", counts[what], what)
		}
	})
	return counts
}

func (c tally) count(format string, args ...any) { c[fmt.Sprintf(format, args...)]++ }
