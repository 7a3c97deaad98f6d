package generate

import (
	"encoding/binary"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
)

// counts numbers the rows of parents, in columns such as position.
type counts struct {
	groups map[*model.Column][]int
	last   map[*model.Column]map[string]numbering
	given  map[numbered]numbering // what rows got
}

// numbered is a cell with a number.
type numbered struct {
	column *model.Column
	row    uint64 // the hash of the row
}

// numbering is the last row of a parent that got a number.
type numbering struct {
	n       int
	row     uint64 // the hash of the row
	attempt uint64
}

func newCounts() *counts {
	c := &counts{groups: map[*model.Column][]int{}}
	c.reset()
	return c
}

// reset forgets the numbers that rows got.
func (c *counts) reset() {
	c.last = map[*model.Column]map[string]numbering{}
	c.given = map[numbered]numbering{}
}

// next returns the number of a row in a column: its place among the parts of its parent, or among
// the rows of its declaration with the same parent. Declarations of fixtures may compete for the
// numbers of a unique key. So that another declaration does not change the numbers, those of a
// parent have gaps.
func (cs *counts) next(f *Fake, c *model.Column) int {
	r := f.row
	isPart, numbered, competes := r.template.parent != nil, r.template.numbered,
		c.Unique && !r.template.isAsked()
	switch {
	case numbered && !isPart && !competes:
		return cs.count(f, c)
	case r.attempt > 0 || !numbered && !isPart:
		const step = 1000
		return f.Int(1, step*(int(r.attempt)+1))
	case numbered && !isPart:
		return r.place
	case numbered:
		return r.number
	}
	return 1
}

func (cs *counts) count(f *Fake, c *model.Column) int {
	f.drawer.needs(f.row.table) // the number depends on those of the rows before
	cell := numbered{c, f.row.hash}
	if given, ok := cs.given[cell]; ok && given.attempt == f.row.attempt {
		return given.n
	}
	group, ok := cs.groups[c]
	if !ok {
		group = groupOf(f.row.table, c)
		cs.groups[c] = group
	}
	key := binary.AppendUvarint(nil, f.row.template.hash)
	for _, i := range group {
		if f.row.cell(i).state&busy == 0 {
			key = f.drawer.cell(f.row, i).AppendKey(key)
		}
	}
	if cs.last[c] == nil {
		cs.last[c] = map[string]numbering{}
	}
	last := cs.last[c][string(key)]
	if last.row != f.row.hash || last.attempt != f.row.attempt {
		last = numbering{last.n + 1, f.row.hash, f.row.attempt}
		if f.row.attempt > 0 { // rows that are there have the next numbers
			last.n += int(f.row.attempt)
		}
		cs.last[c][string(key)] = last
	}
	cs.given[cell] = last
	return last.n
}

// groupOf returns the columns whose values tell the parent of the rows that a column numbers: the
// others of its unique key, or the first reference that a row must have.
func groupOf(t *model.Table, c *model.Column) []int {
	for _, u := range t.Uniques {
		if len(u.Columns) > 1 && slices.Contains(u.Columns, c.Index) {
			return slices.DeleteFunc(slices.Clone(u.Columns), func(i int) bool {
				return i == c.Index
			})
		}
	}
	for _, fk := range t.Keys {
		if t.Columns[fk.Columns[0]].NotNull {
			return fk.Columns
		}
	}
	return nil
}
