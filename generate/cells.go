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
	tries uint8     // how often a constraint made another attempt discard the value
	uses  columnSet // the columns of the row that the value depends on
}

// columnSet is a set of a table's columns. Columns from the 32nd on are in it together.
type columnSet uint32

func columnBit(i int) columnSet { return 1 << min(i, 31) }

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

// tries returns how often the value of a column was discarded. The value depends on that, so that
// no other cell that is discarded changes it.
func (r *row) tries(c *model.Column) uint64 { return uint64(r.cell(c.Index).tries) }

// fill makes all cells known. They are not random.
func (r *row) fill(values []sqlite.Value) {
	for i, v := range values {
		*r.cell(i) = cell{value: v, state: known}
	}
}

// redraw discards the random values of the cells that broke a constraint, the blamed ones, of the
// cells on which these depend, and of the cells that depend on a discarded one. So another attempt
// changes no other cell. If nothing is known of the constraint, blamed is empty, and redraw
// discards all random values but the primary key, which identifies the row. It returns false if
// that leaves nothing to change.
func (r *row) redraw(blamed []int) bool {
	var lost columnSet
	for _, i := range blamed {
		lost |= columnBit(i)
	}
	if len(blamed) == 0 {
		for i, c := range r.table.Columns {
			if !c.Primary || c.Key != nil || r.template.sources[i].kind != absent {
				lost |= columnBit(i)
			}
		}
	}
	var free columnSet
	for i, c := range r.cells {
		if c.state&(drawn|lent) == drawn {
			free |= columnBit(i)
		}
	}
	lost = r.closure(lost) & free
	forget := make([]bool, len(r.cells))
	changes := false
	for i, c := range r.cells {
		forget[i] = c.state&(drawn|lent) == drawn && r.closure(columnBit(i))&lost != 0
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
			r.cells[i] = cell{tries: r.cells[i].tries + 1}
		}
	}
	return true
}

// closure returns columns and those on which their values depend.
func (r *row) closure(columns columnSet) columnSet {
	for before := columnSet(0); before != columns; {
		before = columns
		for i, c := range r.cells {
			if columns&columnBit(i) != 0 {
				columns |= c.uses
			}
		}
	}
	return columns
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
