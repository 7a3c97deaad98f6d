package generate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// insertAhead inserts rows while another goroutine draws the rows after them. It draws ahead only
// rows that are the same whatever happens to the rows before them. From the first row on that may
// depend on another row of the table, it inserts one row after another.
func (w *writer) insertAhead(ctx context.Context, into *inserter, t *model.Table) error {
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	a := &ahead{
		writer: w, into: into, full: make(chan *batch), free: make(chan *batch, batches),
		cells: make([]cell, len(t.Columns)),
	}
	for range batches {
		a.free <- &batch{}
	}
	go a.draw(running, t)
	var err error
	for b := range a.full {
		if err == nil {
			err = a.insertBatch(b)
		}
		if err != nil {
			cancel()
		}
		b.reset()
		a.free <- b
	}
	for range batches {
		(<-a.free).values.Free()
	}
	if err == nil && !a.complete {
		err = cmp.Or(ctx.Err(), errGoexit)
	}
	return err
}

// errGoexit reports a function that ended the goroutine that draws rows.
var errGoexit = errors.New("a function of the fixtures called runtime.Goexit, or FailNow of a test")

// ahead is the work of two goroutines on the rows of a table.
type ahead struct {
	*writer
	into *inserter
	// using is held by the goroutine that uses the drawer and the plot.
	using      sync.Mutex
	cells      []cell // for a row that is drawn ahead
	complete   bool   // all rows are sent; valid after full is closed
	full, free chan *batch
}

// batches is the number of batches between the two goroutines.
const batches = 4

// batch is some rows of a table, in order.
type batch struct {
	rows    []*row
	drawn   int          // the number of rows, the first ones, whose values are drawn
	values  sqlite.Batch // of these rows
	skipped int          // the number of other rows, which are not inserted
}

// isFull reports whether a batch is large enough for statements of n rows. It has no rows left
// over, which would need a statement each, unless the rows are large.
func (b *batch) isFull(n int) bool {
	const statements, bytes, most = 16, 1 << 17, 1 << 20
	many := len(b.rows) >= statements*n || b.values.Size() >= bytes
	return many && len(b.rows)%n == 0 || b.values.Size() >= most
}

func (b *batch) reset() {
	clear(b.rows)
	b.rows, b.drawn, b.skipped = b.rows[:0], 0, 0
	b.values.Reset()
}

// draw sends the rows of a table, in order, and draws as many of them as it can.
func (a *ahead) draw(ctx context.Context, t *model.Table) {
	defer close(a.full)
	drawing := a.independent(t)
	b := <-a.free
	defer func() { a.free <- b }()
	a.using.Lock()
	defer a.using.Unlock()
	send := func() bool {
		a.using.Unlock()
		defer a.using.Lock()
		select {
		case a.full <- b:
			b = <-a.free
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r := range a.plot.rows(t) {
		switch {
		case r.adopted || r.refused:
			b.skipped++
			continue
		case drawing:
			drawing = a.drawAhead(b, r)
		}
		b.rows = append(b.rows, r)
		if b.isFull(a.into.most) && !send() {
			return
		}
	}
	a.complete = send()
}

// drawAhead adds the values of a row to a batch. It returns false if they may depend on a row that
// is not inserted, or if there is a mistake.
func (a *ahead) drawAhead(b *batch, r *row) bool {
	a.drawer.ahead = true
	defer func() { a.drawer.ahead = false }()
	if r.cells == nil {
		r.cells = a.cells
		defer func() {
			clear(a.cells)
			r.picked, r.cells = nil, nil
		}()
	}
	values, reason := a.drawer.values(r)
	if reason != nil {
		return false
	}
	b.drawn++
	b.values.Append(values)
	return true
}

// independent reports whether the rows of a table can be drawn before the rows before them are
// inserted. They cannot be if they compete for unique keys, if SQLite makes a part of them, or if
// somebody asks for the origins of their cells.
func (w *writer) independent(t *model.Table) bool {
	competes := len(w.drawer.matches.contested(t)) > 0
	if w.drawer.trace != nil || len(t.Schema.Triggers) > 0 || competes {
		return false
	}
	for _, template := range w.plot.templates[t] {
		for _, c := range t.Columns {
			if !template.gives(c) && w.drawer.defaults.byColumn[c].draw != nil {
				return false
			}
		}
	}
	return true
}

// insertBatch inserts the rows of a batch: those that are drawn many at once. If SQLite refuses one
// of these, it inserts them one by one.
func (a *ahead) insertBatch(b *batch) error {
	for range b.skipped {
		a.progress.row()
	}
	for at := 0; at < len(b.rows); {
		n, alone := 1, true
		if at < b.drawn && len(a.refused) == 0 {
			var err error
			n, err = a.into.insert(&b.values, at, b.drawn-at)
			if alone = err != nil; alone && !refusable(err) {
				return fmt.Errorf("insert %s: %w", b.rows[at].path(), err)
			}
		}
		for _, r := range b.rows[at:][:n] {
			if alone {
				if err := a.insertAlone(r); err != nil {
					return err
				}
			}
			a.progress.row()
		}
		at += n
	}
	return nil
}

// insertAlone inserts a row while nothing is drawn ahead.
func (a *ahead) insertAlone(r *row) error {
	a.using.Lock()
	defer a.using.Unlock()
	return a.insertRow(a.into, r)
}
