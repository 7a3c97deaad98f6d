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
	// adopt does nothing: the target keeps its own row of the same entity, to whose keys the
	// seed's references follow.
	adopt
	// leaveOut does nothing: the target keeps its own row with the key.
	leaveOut
	// update gives the target's row the seed's values.
	update
	// stop ends the run without a change.
	stop
)

// decision is a row of the seed compared with the target, and the row's fate.
type decision struct {
	rowdiff.Row
	fate  fate
	why   string // why the table's policy does not help, if fate is stop; empty with Abort
	noted bool   // the times that were converted last are the row's
	// movable are the columns in which the row may have another value in the target, if the row has
	// another key there.
	movable []string
}

// decide chooses a row's fate. The plan, the insertion, the checks and the reading back all use
// decide.
func (r *run) decide(t tablePlace, row rowdiff.Row) decision {
	d, policy := decision{Row: row}, r.moves.policies.table(t)
	if row.Moved {
		d.movable = r.moves.mover(t.seed).columns
	}
	switch {
	case row.Class == rowdiff.New:
		d.fate = insert
	case row.Class == rowdiff.Identical && row.Moved:
		d.fate = adopt
	case row.Class == rowdiff.Identical:
		d.fate = keep
	case policy == Skip:
		d.fate = leaveOut
	case policy == Adopt && row.Clash.Same:
		d.fate = adopt
	case policy == Update && row.Clash.Same:
		if d.fate, d.why = update, r.whyNotUpdate(t, row); d.why != "" {
			d.fate = stop
		}
	default:
		d.fate, d.why = stop, r.whyNot(t, row, policy)
	}
	return d
}

// isStranger reports whether the target's row with the seed's key is another entity.
func isStranger(row rowdiff.Row) bool { return row.Class == rowdiff.Conflict && !row.Clash.Same }

// decisions compares a table's rows with the rows in r.dst, and decides about each row.
func (r *run) decisions(t tablePlace) iter.Seq2[decision, error] {
	return func(yield func(decision, error) bool) {
		for row, err := range r.rows(t) {
			d := decision{Row: row}
			if err == nil {
				d = r.decide(t, row)
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
