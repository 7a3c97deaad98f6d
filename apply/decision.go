package apply

import (
	"errors"
	"fmt"
	"iter"

	"github.com/seedkit/seedkit/internal/rowdiff"
)

// fate is what happens to a row of the seed.
type fate int

const (
	// insert puts the row into the target.
	insert fate = iota
	// keep does nothing: the target has the row.
	keep
	// leaveOut does nothing: the target keeps its own row with the key.
	leaveOut
	// stop ends the run without a change.
	stop
)

// decision is a row of the seed compared with the target, and the row's fate.
type decision struct {
	rowdiff.Row
	fate fate
}

// decide chooses a row's fate. The plan, the insertion, the checks and the reading back all use
// decide.
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

// isStranger reports whether the target's row with the seed's key is another entity.
func isStranger(row rowdiff.Row) bool { return row.Class == rowdiff.Conflict && !row.Clash.Same }

// decisions compares a table's rows with the rows in r.dst, and decides about each row.
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

// rows compares a table's rows with the rows in r.dst. An error names the database that it is
// about.
func (r *run) rows(t tablePlace) iter.Seq2[rowdiff.Row, error] {
	return func(yield func(rowdiff.Row, error) bool) {
		columns, unsaid := t.seed.Stored(), r.seed.UnsaidSets(t.seed)
		given := r.allGiven(t.seed)
		for row, err := range rowdiff.CompareGiven(given, columns, unsaid, r.dst, t.there) {
			if err != nil {
				err = r.nameDatabase(err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (r *run) nameDatabase(err error) error {
	if _, there := errors.AsType[*rowdiff.OtherError](err); there {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	return fmt.Errorf("%s: %w", r.source, err)
}
