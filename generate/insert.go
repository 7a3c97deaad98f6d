package generate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
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
}

// attempts is the number of times that a row with new values is tried after SQLite refused it.
const attempts = 64

// insertAll inserts the rows that are not adopted. If it keeps going, it leaves out the rows that
// are refused, and the rows that refer to them.
func (w *writer) insertAll(ctx context.Context) error {
	if err := w.scratch.c.AllowQuotedStrings(true); err != nil { // triggers may use them
		return err
	}
	for {
		err := w.try(ctx)
		switch {
		case !errors.Is(err, errAgain):
			return err
		case !w.keepGoing:
			return w.mistakes.err()
		}
		w.restart()
		w.drawer.trace.reset()
	}
}

// try inserts the rows, parents first, in one transaction.
func (w *writer) try(ctx context.Context) error {
	c := w.scratch.c
	if err := c.ExecScript("BEGIN; PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	defer c.Rollback()
	w.drawer.matches.stopped = func() bool { return ctx.Err() != nil }
	w.progress.total = int64(len(w.plot.byPath))
	for _, t := range w.model.ParentsFirst() {
		if err := w.insertRows(ctx, t); err != nil {
			return err
		}
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

// insertRows inserts the rows of a table. OR ABORT overrides the conflict action of the schema,
// which might replace another row.
func (w *writer) insertRows(ctx context.Context, t *model.Table) error {
	rows := w.plot.rows[t.Name]
	if len(rows) == 0 {
		return nil
	}
	insert, err := w.scratch.c.PrepareOne(fmt.Sprintf(
		"INSERT OR ABORT INTO %s (%s) VALUES (?%s)", quote(t.Name),
		sqltext.QuoteIdents(t.Schema.Stored()), strings.Repeat(", ?", len(t.Columns)-1)))
	switch {
	case refusable(err):
		w.refuseAll(rows, err)
		return nil
	case err != nil:
		return fmt.Errorf("insert into %s: %w", t.Name, err)
	}
	defer insert.Close()
	w.drawer.matches.prepare(t)
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.insertRow(insert, r); err != nil {
			return err
		}
		w.progress.row()
	}
	return nil
}

// insertRow inserts a row unless the database has it already or the row was refused.
func (w *writer) insertRow(insert *sqlite.Stmt, r *row) error {
	r.refused = r.refused || w.refused[r.template]
	if r.adopted || r.refused {
		return nil
	}
	if err := w.insert(insert, r); err != nil {
		return err
	}
	if !r.table.Referred && len(r.template.parts) == 0 {
		r.picked = nil
		r.cells = nil // if a cell is needed again, it is generated again with the same value
	}
	return nil
}

// insert lets SQLite check the row. If a constraint refuses random values, insert generates them
// again. If it refuses values of the fixture, the fixture is wrong.
func (w *writer) insert(insert *sqlite.Stmt, r *row) error {
	for {
		values, reason := w.drawer.values(r)
		if reason != nil {
			w.abort(r, reason)
			return nil
		}
		if err := insert.BindValues(values); err != nil {
			return err
		}
		w.scratch.chance = chance.New(chance.Join(r.hash, r.attempt))
		_, err := insert.Step()
		switch {
		case err == nil && w.scratch.c.Changes() == 0:
			w.refuse(r, errIgnored)
			return nil
		case err == nil:
			w.drawer.trace.inserted(w.drawer, r, values)
			return nil
		case !refusable(err):
			return fmt.Errorf("insert %s: %w", r.path, err)
		case !w.scratch.c.InTransaction(): // a trigger rolled it back
			w.refuse(r, err)
			w.refuseRest(r)
			return errAgain
		}
		r.clashed = sqlite.IsUnique(err)
		if r.attempt == attempts || !r.redraw(r.table.Blamed(err)) {
			w.refuse(r, err)
			return nil
		}
	}
}
