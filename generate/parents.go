package generate

import (
	"cmp"
	"slices"

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
		if parent := d.matches.option(r, c); parent != nil {
			d.noteParent(r, fk, parent)
			v = d.lend(parent, column)
		}
		return v, true
	}
	settled, key := d.settled(r, fk)
	candidates := d.parents.candidates(fk, settled, d.lend)[key]
	if len(candidates) == 0 {
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
	parent := candidates.pick(chance.Join(r.hash, d.keys[fk], r.tries(c)))
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
	return len(d.parents.candidates(fk, settled, d.lend)[key]) > 0
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

// parents holds the rows that references can choose.
type parents struct {
	plot      *plot
	baselines map[*model.Table]*baseline
	rings     map[ringKey]map[string]ring
}

// ringKey is a foreign key with the set of its settled columns.
type ringKey struct {
	fk      *model.ForeignKey
	settled uint64
}

// candidates returns the rows that a foreign key can choose, by the values of the settled columns.
// value returns a cell's value.
func (p *parents) candidates(
	fk *model.ForeignKey, settled uint64, value func(r *row, i int) sqlite.Value,
) map[string]ring {
	if rings, ok := p.rings[ringKey{fk, settled}]; ok {
		return rings
	}
	rings := map[string]ring{}
	rows := slices.Concat(p.plot.rows[fk.Parent.Name], p.baselines[fk.Parent].others)
	allRefused := !slices.ContainsFunc(rows, func(r *row) bool { return !r.refused })
	for _, r := range rows {
		// A reference to a refused row tells why the row that refers to it is left out.
		if !r.refused || allRefused {
			var key []byte
			for i, column := range fk.ParentColumns {
				if settled&(1<<i) != 0 {
					key = value(r, column).AppendKey(key)
				}
			}
			rings[string(key)] = rings[string(key)].with(r)
		}
	}
	for _, ring := range rings {
		ring.sort()
	}
	p.rings[ringKey{fk, settled}] = rings
	return rings
}

// ring holds the points of the rows that a reference can choose, in order.
type ring []point

type point struct {
	hash uint64
	row  *row
}

const (
	pointsPerRow = 4  // with one point, one row in twenty would hardly ever be chosen
	probes       = 21 // no row is chosen more than 1.05 times as often as the average
)

// with adds the points of a row to the end of the ring.
func (c ring) with(r *row) ring {
	points := chance.New(r.hash)
	for range pointsPerRow {
		c = append(c, point{points.Uint64(), r})
	}
	return c
}

func (c ring) sort() {
	slices.SortFunc(c, func(a, b point) int { return cmp.Compare(a.hash, b.hash) })
}

// after returns the index of the first point after a place on the ring.
func (c ring) after(place uint64) int {
	i, _ := slices.BinarySearchFunc(c, place, func(p point, place uint64) int {
		return cmp.Compare(p.hash, place)
	})
	return i % len(c)
}

// pick chooses a row by multi-probe consistent hashing (https://arxiv.org/abs/1505.00062): of
// several places on the ring, it takes the one with the nearest point after it. An added row takes
// its own share and moves no other reference. All shares are about equal. The cost of a choice is
// logarithmic in the number of rows.
func (c ring) pick(hash uint64) *row {
	places := chance.New(hash)
	var best *row
	nearest := ^uint64(0)
	for range probes {
		place := places.Uint64()
		next := c[c.after(place)]
		if distance := next.hash - place; best == nil || distance < nearest {
			best, nearest = next.row, distance
		}
	}
	return best
}
