package generate

import (
	"iter"
	"maps"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// pickParent chooses the row for a reference that the fixture leaves open, and returns that row's
// value for column c. A reference to the same table is NULL if the column allows it, so the row is
// the root of a tree.
func (d *drawer) pickParent(r *row, c *model.Column) (v sqlite.Value, random bool) {
	fk := c.Key
	if fk.Parent == r.table && !c.NotNull {
		return v, false
	}
	if r.varies(c) && d.leavesNull(r, c, d.keys[fk]) {
		return v, true
	}
	column, _ := fk.To(c.Index)
	if r.template.contest[c.Index] != nil && d.anyParent(r, fk) {
		if chosen := d.matches.option(r, c); chosen != none {
			parent := d.parents.row(fk.Parent, uint32(chosen))
			d.noteParent(r, fk, parent)
			v = d.lend(parent, column)
		}
		return v, true
	}
	d.needs(fk.Parent)
	settled, key := d.settled(r, fk)
	candidates := d.parents.candidates(fk, settled, d.lend)[key]
	if candidates.isEmpty() {
		if fk.Inferred {
			return d.draw(r, c, func(f *Fake) any { return guess(f, c) }), true
		}
		if !c.NotNull {
			return v, false
		}
		r.abort("column %q refers to table %s, which has no row to choose", c.Name, fk.Parent.Name)
	}
	if settled == 0 {
		candidates = d.agreeing(r, fk, candidates)
	}
	hash := chance.Join(r.hash, d.keys[fk], r.tries(c))
	parent := d.parents.row(fk.Parent, candidates.pick(hash))
	d.noteParent(r, fk, parent)
	return d.lend(parent, column), true
}

// noteParent records the row that a reference chose, if it records its creation.
func (d *drawer) noteParent(r *row, fk *model.ForeignKey, parent *row) {
	if d.times.created[fk.Parent] != nil {
		r.picked = append(r.picked, parent)
	}
}

// anyParent reports whether a reference has a row to choose.
func (d *drawer) anyParent(r *row, fk *model.ForeignKey) bool {
	settled, key := d.settled(r, fk)
	return !d.parents.candidates(fk, settled, d.lend)[key].isEmpty()
}

// settled returns the columns of a foreign key, as bits, whose values do not depend on the choice,
// because the fixture or a longer key determines them. It also returns these values.
func (d *drawer) settled(r *row, fk *model.ForeignKey) (settled uint64, values string) {
	var key []byte
	for i, column := range fk.Columns {
		c := r.table.Columns[column]
		if r.template.sources[column].kind == absent && c.Default == "" && c.Key == fk {
			continue
		}
		settled |= 1 << i
		key = d.cell(r, column).AppendKey(key)
	}
	return settled, string(key)
}

// parents finds the rows that references can choose.
type parents struct {
	plot      *plot
	baselines map[*model.Table]*baseline
	rings     map[ringKey]map[string]*ring
}

// ringKey is a foreign key with the set of its settled columns.
type ringKey struct {
	fk      *model.ForeignKey
	settled uint64
}

// row returns the row of a table with a number: the rows of fixtures have the first numbers, in
// order, and the other rows of the baseline the next.
func (p *parents) row(t *model.Table, number uint32) *row {
	fixtures := p.plot.ordinals(t)
	if n := int(number); n < fixtures.rows {
		return fixtures.row(n)
	}
	return p.baselines[t].others[int(number)-fixtures.rows]
}

// rows yields the rows of a table with their numbers.
func (p *parents) rows(t *model.Table) iter.Seq2[uint32, *row] {
	return func(yield func(uint32, *row) bool) {
		number := uint32(0)
		for r := range p.plot.rows(t) {
			if !yield(number, r) {
				return
			}
			number++
		}
		for _, r := range p.baselines[t].others {
			if !yield(number, r) {
				return
			}
			number++
		}
	}
}

// candidates returns the rows that a foreign key can choose, by the values of the settled columns.
// value returns a cell's value.
func (p *parents) candidates(
	fk *model.ForeignKey, settled uint64, value func(r *row, i int) sqlite.Value,
) map[string]*ring {
	if rings, ok := p.rings[ringKey{fk, settled}]; ok {
		return rings
	}
	if settled == 0 {
		all := newRing(func(yield func(uint32, uint64) bool) {
			for number, r := range p.able(fk.Parent) {
				if !yield(number, r.hash) {
					return
				}
			}
		})
		p.rings[ringKey{fk, settled}] = map[string]*ring{"": all}
		return p.rings[ringKey{fk, settled}]
	}
	p.rings[ringKey{fk, settled}] = p.group(fk.Parent, func(r *row) (key []byte) {
		for i, column := range fk.ParentColumns {
			if settled&(1<<i) != 0 {
				key = value(r, column).AppendKey(key)
			}
		}
		return key
	})
	return p.rings[ringKey{fk, settled}]
}

// group returns the rows of a table that a reference can choose, by a key.
func (p *parents) group(t *model.Table, key func(*row) []byte) map[string]*ring {
	groups := map[string]map[uint32]uint64{}
	for number, r := range p.able(t) {
		key := string(key(r))
		if groups[key] == nil {
			groups[key] = map[uint32]uint64{}
		}
		groups[key][number] = r.hash
	}
	rings := map[string]*ring{}
	for key, group := range groups {
		rings[key] = newRing(maps.All(group))
	}
	return rings
}

// able yields the rows of a table that are not refused. If all are, it yields them all, because a
// reference to a refused row tells why the row that refers to it is left out.
func (p *parents) able(t *model.Table) iter.Seq2[uint32, *row] {
	allRefused := true
	for _, r := range p.rows(t) {
		if allRefused = r.refused; !allRefused {
			break
		}
	}
	return func(yield func(uint32, *row) bool) {
		for number, r := range p.rows(t) {
			if (allRefused || !r.refused) && !yield(number, r) {
				return
			}
		}
	}
}
