package generate

import (
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// cell is a cell of a row, as far as it is known.
type cell struct {
	value sqlite.Value
	state cellState
}

type cellState uint8

const (
	known cellState = 1 << iota
	busy            // the value is being generated
	drawn           // the value is random, and another attempt may change it
	asked           // a function for another cell of the row has used the value
	lent            // another row has used the value
	waits           // the value is being generated, and waits for one below or above it
)

// cell returns the cell of column i, with what is known so far.
func (r *row) cell(i int) *cell {
	if r.cells == nil {
		r.cells = make([]cell, len(r.table.Columns))
	}
	return &r.cells[i]
}

// fill makes all cells known. They are not random.
func (r *row) fill(values []sqlite.Value) {
	for i, v := range values {
		*r.cell(i) = cell{v, known}
	}
}

// redraw discards the random values of the cells that broke a constraint, the blamed ones, and of
// the other cells unless [row.keeps] keeps them. It returns false if that leaves nothing to change.
// Nothing is known of the constraint if blamed is empty.
func (r *row) redraw(blamed []int) bool {
	forget := make([]bool, len(r.cells))
	changes := false
	for i := range r.cells {
		free := r.cells[i].state&(drawn|lent) == drawn
		forget[i] = free && (slices.Contains(blamed, i) || !r.keeps(i, len(blamed) > 0))
		changes = changes || forget[i] && (len(blamed) == 0 || slices.Contains(blamed, i))
	}
	if !changes {
		return false
	}
	for _, fk := range r.table.Keys {
		r.together(fk, forget)
	}
	r.attempt++
	for i, f := range forget {
		if f {
			r.cells[i] = cell{}
		}
	}
	return true
}

// keeps reports whether another attempt keeps a cell that did not break a constraint. It keeps the
// primary key, which identifies the row. If other cells broke the constraint, it also keeps every
// guess, except a timestamp, that no other cell of the row depends on.
func (r *row) keeps(i int, othersBlamed bool) bool {
	c := r.table.Columns[i]
	guessed := r.template.sources[i].kind == absent && r.cells[i].state&asked == 0
	return guessed && (othersBlamed && !c.Datetime || c.Key == nil && c.Primary)
}

// together discards either all columns that one reference determines, or none.
func (r *row) together(fk *model.ForeignKey, forget []bool) {
	var chosen []int
	for _, i := range fk.Columns {
		if r.table.Columns[i].Key == fk && r.cells[i].state&drawn != 0 {
			chosen = append(chosen, i)
		}
	}
	any := slices.ContainsFunc(chosen, func(i int) bool { return forget[i] })
	lost := slices.ContainsFunc(chosen, func(i int) bool { return r.cells[i].state&lent != 0 })
	for _, i := range chosen {
		forget[i] = any && !lost
	}
}
