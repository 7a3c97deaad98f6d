package apply

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// transfer inserts the seed's new rows through run.dst: for the plan into a private copy, and later
// into the target. It does the same work in both, so the plan finds everything that the target
// would refuse.
type transfer struct {
	run *run
	watcher
	planned   bool                   // nobody has written to the target since the plan
	strangers map[*schema.Table]bool // whether a compared table of the seed has strangers
}

// watcher learns what a transfer does. An error of its methods ends the transfer.
type watcher interface {
	// decided gets each row before the transfer does anything with it.
	decided(t tablePlace, d decision) error
	// inserted gets each row after the insertion.
	inserted(t tablePlace, row []sqlite.Value) error
	// refused gets the error of each row that the target refuses.
	refused(*RowError) error
	// estranged gets each new row that would refer to a stranger. The transfer does not insert the
	// row.
	estranged(Stranger) error
}

func newTransfer(r *run, w watcher) *transfer {
	return &transfer{run: r, watcher: w, strangers: map[*schema.Table]bool{}}
}

// table inserts the new rows of a table.
func (x *transfer) table(t tablePlace) error {
	statement, err := x.run.dst.PrepareOne(insertSQL(t))
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.there.Name, err)
	}
	defer statement.Close()
	decisions, planned := x.run.asPlanned(t)
	var parents []*parentFinder
	if !planned || !x.planned {
		decisions = x.run.decisions(t)
		if parents, err = x.parentFinders(t); err != nil {
			return err
		}
		defer closeAll(parents)
	}
	some := false
	for d, err := range decisions {
		if err == nil {
			err = x.decided(t, d)
		}
		if err == nil && d.fate == insert {
			err = x.insert(t, statement, parents, d.Row)
		}
		if err != nil {
			return err
		}
		some = some || isStranger(d.Row)
	}
	x.strangers[t.seed] = some
	return nil
}

func (x *transfer) insert(
	t tablePlace, statement *sqlite.Stmt, parents []*parentFinder, d rowdiff.Row,
) error {
	row := d.Values
	for _, f := range parents {
		parent, err := f.find(d)
		if err != nil {
			return x.run.nameDatabase(err)
		}
		if parent != nil {
			return x.estranged(f.stranger(t, row, *parent))
		}
	}
	if err := insertRow(t, statement, d); err != nil {
		if ctx := x.run.dst.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return x.refused(&RowError{Table: t.there.Name, Key: rowKey(t, row), Err: err})
	}
	return x.inserted(t, row)
}

// insertRow inserts a row, and compares what the target has stored with the row. It does not
// compare values that the seed leaves to the target's defaults.
func insertRow(t tablePlace, statement *sqlite.Stmt, row rowdiff.Row) error {
	returned := false
	var differs error
	for stored, err := range statement.Rows(sqlite.Args(row.Values)...) {
		if err != nil {
			return err
		}
		returned = true
		for i, v := range row.Values {
			unsaid := row.Unsaid != nil && row.Unsaid[i]
			if got := stored.Value(i); got != v && !unsaid && differs == nil {
				column := t.seed.Stored()[i]
				shown := keyTexts([]string{column, column}, []sqlite.Value{v, got})
				differs = &StoredError{Column: column, Seed: shown[0], Target: shown[1]}
			}
		}
	}
	if !returned {
		return errNotThere
	}
	return differs
}

// StoredError reports a column of the target that stores another value than the seed's, because of
// the column's type.
type StoredError struct {
	Column       string
	Seed, Target string // written as in [Differing]
}

func (e *StoredError) Error() string {
	return fmt.Sprintf("the target's column %s stores %s as %s", e.Column, e.Seed, e.Target)
}

// insertSQL returns the statement that inserts a row. OR ABORT keeps a conflict clause of the
// target's schema from replacing or ignoring rows.
func insertSQL(t tablePlace) string {
	columns := t.seed.Stored()
	names := sqltext.QuoteIdents(columns)
	return fmt.Sprintf("INSERT OR ABORT INTO %s (%s) VALUES (?%s) RETURNING %s",
		sqltext.QuoteIdent(t.there.Name), names, strings.Repeat(", ?", len(columns)-1), names)
}
