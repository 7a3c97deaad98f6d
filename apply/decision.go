package apply

import (
	"iter"

	"github.com/seedkit/seedkit/internal/rowdiff"
)

// fate is what becomes of a row of the seed.
type fate int

const (
	// insert puts the row into the target.
	insert fate = iota
	// keep does nothing: the target has the row.
	keep
	// leaveOut does nothing: the target's row keeps the key.
	leaveOut
	// stop ends the run: the target must stay as it is.
	stop
)

// decision is a row of the seed, how it stands to the target, and its fate.
type decision struct {
	rowdiff.Row
	fate fate
}

// decide is the one place in which a policy decides what becomes of a row. The
// plan, the insertion, the checks and the reading back all go by it.
func (p Policy) decide(row rowdiff.Row) fate {
	switch row.Class {
	case rowdiff.New:
		return insert
	case rowdiff.Identical:
		return keep
	}
	if p == Skip {
		return leaveOut
	}
	return stop
}

// isStranger reports whether the target's row with the seed's key is another
// entity.
func isStranger(row rowdiff.Row) bool { return row.Class == rowdiff.Conflict && !row.Clash.Same }

// decisions compares a table's rows with those that r.dst has, and decides
// about each.
func (r *run) decisions(t tablePlace) iter.Seq2[decision, error] {
	return func(yield func(decision, error) bool) {
		for row, err := range r.rows(t) {
			d := decision{Row: row}
			if err == nil {
				d.fate = r.opts.OnConflict.decide(row)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}
