package apply

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// transfer inserts the seed's new rows through run.dst: for the plan into a private copy, and later
// into the target. It does the same work in both, so the plan finds everything that the target
// would refuse.
type transfer struct {
	run *run
	watcher
	planned   bool                   // nobody has written to the target since the plan
	strangers map[*schema.Table]bool // whether a compared table of the seed has strangers
	updates   updateDigest
}

// watcher learns what a transfer does. An error of its methods ends the transfer.
type watcher interface {
	// decided gets each row before the transfer does anything with it.
	decided(t tablePlace, d decision) error
	// inserted gets each row after the insertion.
	inserted(t tablePlace, row []sqlite.Value) error
	// updated gets each row after the target's row was updated.
	updated(t tablePlace, d decision) error
	// refused gets the error of each row that the target refuses.
	refused(*RowError) error
	// estranged gets each new row that would refer to a stranger. The transfer does not insert the
	// row.
	estranged(Stranger) error
}

func newTransfer(r *run, w watcher) *transfer {
	return &transfer{
		run: r, watcher: w, strangers: map[*schema.Table]bool{}, updates: newUpdateDigest(),
	}
}

// table inserts the new rows of a table.
func (x *transfer) table(t tablePlace) error {
	inserter, err := newInserter(x.run.dst, t)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.there.Name, err)
	}
	defer inserter.close()
	decisions, planned := x.run.asPlanned(t)
	var parents []*parentFinder
	if !planned || !x.planned {
		decisions = x.run.decisions(t)
		if parents, err = x.parentFinders(t); err != nil {
			return err
		}
		defer closeAll(parents)
	}
	edits := newEditor(x.run.dst)
	defer edits.close()
	some := false
	for d, err := range decisions {
		if err == nil {
			err = x.decided(t, d)
		}
		switch {
		case err != nil:
		case d.fate == insert:
			err = x.insert(inserter, parents, d.Row)
		case d.fate == update:
			err = x.update(t, edits, parents, d)
		}
		if err != nil {
			return err
		}
		some = some || isStranger(d.Row)
	}
	x.strangers[t.seed] = some
	return nil
}

func (x *transfer) insert(in *inserter, parents []*parentFinder, d rowdiff.Row) error {
	t, row := in.place, d.Values
	stranger, err := x.findStranger(t, parents, d)
	if err != nil {
		return err
	}
	if stranger != nil {
		return x.estranged(*stranger)
	}
	if err := in.insert(d); err != nil {
		if ctx := x.run.dst.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return x.refused(&RowError{Table: t.there.Name, Key: rowKey(t, row), Err: err})
	}
	return x.inserted(t, row)
}

// findStranger returns the stranger to which a row refers, or nil.
func (x *transfer) findStranger(
	t tablePlace, parents []*parentFinder, d rowdiff.Row,
) (*Stranger, error) {
	for _, f := range parents {
		parent, err := f.find(d)
		if err != nil {
			return nil, x.run.nameDatabase(err)
		}
		if parent != nil {
			stranger := f.stranger(t, d.Values, *parent)
			return &stranger, nil
		}
	}
	return nil, nil
}
