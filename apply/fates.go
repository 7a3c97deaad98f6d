package apply

import (
	"iter"

	"github.com/seedkit/seedkit/internal/rowdiff"
)

// fates has the fate of each row of a table, in the order of the rows. Consecutive rows mostly have
// the same fate, so it has runs of them.
type fates struct {
	runs []fateRun
	lost bool // there were too many runs
}

type fateRun struct {
	fate fate
	rows int64
}

// mostRuns bounds the memory of fates.
const mostRuns = 1 << 16

func (f *fates) add(next fate) {
	last := len(f.runs) - 1
	switch {
	case last >= 0 && f.runs[last].fate == next:
		f.runs[last].rows++
	case f.lost || last+1 == mostRuns:
		f.runs, f.lost = nil, true
	default:
		f.runs = append(f.runs, fateRun{next, 1})
	}
}

// none reports whether no row has the fate.
func (f *fates) none(of fate) bool {
	for _, run := range f.runs {
		if run.fate == of {
			return false
		}
	}
	return !f.lost
}

// decidesAlone reports whether a row's fate says all that becomes of the row: no row moves, and
// none is updated.
func (r *run) decidesAlone() bool { return len(r.moves.movers) == 0 && !r.moves.policies.update() }

// asPlanned yields the decisions of the plan to insert a row. They hold as long as nobody writes to
// the target. ok is false if the plan does not remember them.
func (r *run) asPlanned(t tablePlace) (decisions iter.Seq2[decision, error], ok bool) {
	planned := r.fates[t.seed]
	if planned == nil || planned.lost {
		return nil, false
	}
	return func(yield func(decision, error) bool) {
		if planned.none(insert) {
			return
		}
		runs, left := planned.runs, planned.runs[0].rows
		for given, err := range r.allGiven(t.seed) {
			if err != nil {
				yield(decision{}, r.nameDatabase(err))
				return
			}
			for left == 0 {
				runs = runs[1:]
				left = runs[0].rows
			}
			left--
			if runs[0].fate != insert {
				continue
			}
			row := rowdiff.Row{Values: given.Values, Unsaid: given.Unsaid, Theirs: given.Theirs}
			if !yield(decision{Row: row, fate: insert}, nil) {
				return
			}
		}
	}, true
}
