package generate

import (
	"context"
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// writer inserts the rows of a plot into the database.
type writer struct {
	scratch  *scratch
	model    *model.Model
	plot     *plot
	drawer   *drawer
	progress progress
	mistakes *mistakes
	// refused has the templates with a mistake in a row. writer does not try their other rows,
	// because SQLite would refuse each of them for the same reason.
	refused   map[*template]bool
	why       map[*template]string // the reason for the first row of a template that is refused
	keepGoing bool                 // leave out the rows that are refused
	ledger    *ledger              // nil if nobody asks which rows were inserted
}

// attempts is the number of times that a row with new values is tried after SQLite refused it.
const attempts = 64

// manyRows is the number of rows from which on it pays to hope that SQLite refuses none.
const manyRows = 10_000

// errCarefully reports that the rows must be inserted again: with their indexes there, and with
// values for which the rows have competed. Only so gen finds out which row must change.
var errCarefully = errors.New("insert the rows again, carefully")

// insertAll inserts the rows that are not adopted. If it keeps going, it leaves out the rows that
// are refused, and the rows that refer to them.
func (w *writer) insertAll(ctx context.Context) error {
	if err := w.scratch.c.AllowQuotedStrings(true); err != nil { // triggers may use them
		return err
	}
	w.progress.total = w.plot.count()
	later, err := w.laterIndexes()
	if err != nil {
		return err
	}
	hopeful := &w.drawer.matches.hopeful
	*hopeful = w.progress.total >= manyRows
	for {
		err := w.try(ctx, later)
		switch {
		case *hopeful && (errors.Is(err, errCarefully) || errors.Is(err, errAgain)):
			w.startOver()
			later, *hopeful = nil, false
			continue
		case !errors.Is(err, errAgain):
			return err
		case !w.keepGoing:
			return w.mistakes.err()
		}
		w.restart()
	}
}

// try inserts the rows, parents first, in one transaction, and makes some indexes later.
func (w *writer) try(ctx context.Context, later []laterIndex) error {
	c := w.scratch.c
	if err := c.ExecScript("BEGIN; PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	defer c.Rollback()
	w.ledger.restart()
	if err := w.dropIndexes(later); err != nil {
		return err
	}
	for _, t := range w.model.ParentsFirst() {
		if err := w.insertRows(ctx, t); err != nil {
			return err
		}
	}
	if err := w.makeIndexes(ctx, later); err != nil {
		return err
	}
	if err := w.checkForeignKeys(); err != nil {
		return err
	}
	if !w.keepGoing {
		if err := w.mistakes.err(); err != nil {
			return err
		}
	}
	return c.Exec("COMMIT")
}

// insertRows inserts the rows of a table.
func (w *writer) insertRows(ctx context.Context, t *model.Table) error {
	defer func() {
		w.plot.release(t)
		w.drawer.inserted[t] = true
	}()
	if len(w.plot.templates[t]) == 0 {
		return nil
	}
	into, err := newInserter(w.scratch.c, t)
	switch {
	case refusable(err):
		w.refuseAll(t, err)
		return nil
	case err != nil:
		return fmt.Errorf("insert into %s: %w", t.Name, err)
	}
	defer into.close()
	if into.notes, err = w.ledger.open(w.scratch.c, t); err != nil {
		return err
	}
	w.drawer.matches.prepare(t)
	return w.insertAhead(ctx, into, t)
}

// insertRow inserts a row unless the row was refused.
func (w *writer) insertRow(into *inserter, r *row) error {
	r = w.plot.hold(r)
	if w.refused[r.template] {
		w.plot.refuse(r)
	}
	if r.refused {
		return nil
	}
	if err := w.insert(into, r); err != nil {
		return err
	}
	w.plot.letGo(r)
	return nil
}

// insert lets SQLite check the row. If a constraint refuses random values, insert generates them
// again. If it refuses values of the fixture, the fixture is wrong.
func (w *writer) insert(into *inserter, r *row) error {
	for {
		values, reason := w.drawer.values(r)
		if reason != nil {
			w.abort(r, reason)
			return nil
		}
		if err := into.one.BindValues(values); err != nil {
			return err
		}
		w.scratch.chance = chance.New(chance.Join(r.hash, r.attempt))
		_, err := into.one.Step()
		switch {
		case err == nil && w.scratch.c.Changes() == 0:
			w.refuse(r, errIgnored)
			return nil
		case err == nil:
			w.drawer.trace.inserted(w.drawer, r, values)
			return into.note(values)
		case !refusable(err):
			return fmt.Errorf("insert %s: %w", r.path(), err)
		case !w.scratch.c.InTransaction(): // a trigger rolled it back
			w.refuse(r, err)
			w.refuseRest(r)
			return errAgain
		}
		r.clashed = sqlite.IsUnique(err)
		if r.clashed && w.drawer.matches.hopeful && len(r.template.contests) > 0 {
			return errCarefully
		}
		if r.attempt == attempts || !r.redraw(r.table.Blamed(err)) {
			w.refuse(r, err)
			return nil
		}
	}
}
