package apply

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// transfer inserts the seed's new rows through run.dst: in the plan into a copy
// that nobody keeps, and then into the target. It does the same in both, so
// that the plan finds whatever the target would refuse.
type transfer struct {
	run *run
	watcher
	strangers map[*schema.Table]bool // which of the seed's tables that were looked at have some
}

// watcher is told what a transfer does. An error that it returns ends the
// transfer.
type watcher interface {
	// decided is told of each row, before anything is done.
	decided(t tablePlace, d decision) error
	// inserted is told of each row that was inserted.
	inserted(t tablePlace, row []sqlite.Value) error
	// refused is told of each row that cannot be inserted: by a [*RowError].
	refused(*RowError) error
	// estranged is told of each new row that would refer to a stranger,
	// which is not inserted.
	estranged(Stranger) error
}

func newTransfer(r *run, w watcher) *transfer {
	return &transfer{run: r, watcher: w, strangers: map[*schema.Table]bool{}}
}

// table inserts the rows of a table that are decided to be.
func (x *transfer) table(t tablePlace) error {
	statement, err := x.run.dst.PrepareOne(insertSQL(t))
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.there.Name, err)
	}
	defer statement.Close()
	parents, err := x.parentFinders(t)
	if err != nil {
		return err
	}
	defer closeAll(parents)
	some := false
	for d, err := range x.run.decisions(t) {
		if err == nil {
			err = x.decided(t, d)
		}
		if err == nil && d.fate == insert {
			err = x.insert(t, statement, parents, d.Values)
		}
		if err != nil {
			return err
		}
		some = some || isStranger(d.Row)
	}
	x.strangers[t.seed] = some
	return nil
}

func (x *transfer) insert(t tablePlace, statement *sqlite.Stmt, parents []*parentFinder, row []sqlite.Value) error {
	for _, f := range parents {
		parent, err := f.find(row)
		if err != nil {
			return x.run.nameDatabase(err)
		}
		if parent != nil {
			return x.estranged(f.stranger(t, row, *parent))
		}
	}
	if err := statement.Exec(sqlite.Args(row)...); err != nil {
		if ctx := x.run.dst.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return x.refused(&RowError{Table: t.there.Name, Key: rowKey(t, row), Err: err})
	}
	return x.inserted(t, row)
}
