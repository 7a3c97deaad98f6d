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
	many      bool                   // one statement may insert many rows
	strangers map[*schema.Table]bool // whether a compared table of the seed has strangers
	updates   updateDigest
}

// watcher learns what a transfer does. An error of its methods ends the transfer.
type watcher interface {
	// decided gets each row before the watcher learns what became of it.
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
		run: r, watcher: w, many: !r.reachesFurther(), strangers: map[*schema.Table]bool{},
		updates: newUpdateDigest(),
	}
}

// tableTransfer inserts the new rows of one table.
type tableTransfer struct {
	*transfer
	place    tablePlace
	inserter *inserter
	edits    *editor
	matcher  *rowdiff.Matcher // nil if the plan's decisions hold
	parents  []*parentFinder
	queue    queue
	some     bool // the table has strangers
}

// table inserts the new rows of a table.
func (x *transfer) table(t tablePlace) (err error) {
	tt := &tableTransfer{transfer: x, place: t, edits: newEditor(x.run.dst)}
	defer func() { tt.close() }()
	if tt.inserter, err = newInserter(x.run.dst, t, x.many); err != nil {
		return fmt.Errorf("insert into %s: %w", t.there.Name, err)
	}
	decisions, planned := x.run.asPlanned(t)
	if planned && x.planned {
		for d, err := range decisions {
			if err == nil {
				err = tt.insertPlanned(d)
			}
			if err != nil {
				return err
			}
		}
	} else if err := tt.compareAll(); err != nil {
		return err
	}
	if err := tt.flush(); err != nil {
		return err
	}
	x.strangers[t.seed] = tt.some
	return nil
}

func (tt *tableTransfer) close() {
	if tt.inserter != nil {
		tt.inserter.close()
	}
	if tt.matcher != nil {
		tt.matcher.Close()
	}
	tt.edits.close()
	closeAll(tt.parents)
}

// compareAll compares the seed's rows with the target's, and inserts the new ones.
func (tt *tableTransfer) compareAll() (err error) {
	r, t := tt.run, tt.place
	given := r.allGiven(t.seed)
	tt.matcher, err = rowdiff.NewMatcher(
		t.seed.Stored(), r.seed.UnsaidSets(t.seed), r.dst, t.there)
	if err == nil {
		err = tt.matcher.Expect(given)
	}
	if err != nil {
		return r.nameDatabase(err)
	}
	if tt.parents, err = tt.parentFinders(t); err != nil {
		return err
	}
	for row, err := range given {
		switch {
		case err != nil:
			err = r.nameDatabase(err)
		case tt.mayWait(row):
			err = tt.add(queued{Row: row.AsNew(), given: row})
		default:
			if err = tt.flush(); err == nil {
				err = tt.compare(row, r.times.converters[t.seed].Noted())
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// compare compares a row with the target's rows, and does what follows. noted says that there are
// notes about the conversion of the row, which was the last one.
func (tt *tableTransfer) compare(given rowdiff.Given, noted bool) error {
	row, err := tt.matcher.Compare(given)
	if err != nil {
		return tt.run.nameDatabase(err)
	}
	tt.queue.compared(row)
	d := tt.run.decide(tt.place, row)
	d.noted = noted
	return tt.settle(d)
}

// settle does what was decided about a row.
func (tt *tableTransfer) settle(d decision) error {
	tt.some = tt.some || isStranger(d.Row)
	if err := tt.decided(tt.place, d); err != nil {
		return err
	}
	if tt.matcher != nil && (d.fate == insert || d.fate == update) {
		tt.matcher.Changing()
	}
	switch d.fate {
	case insert:
		return tt.insert(tt.inserter, tt.parents, d.Row)
	case update:
		return tt.update(tt.place, tt.edits, tt.parents, d)
	}
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
