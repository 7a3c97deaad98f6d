package generate

import (
	"cmp"
	"slices"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// pickParent chooses the row for a reference that the fixture leaves open, and returns that row's
// value for column c. A reference to the same table is NULL if the column allows it, so the row is
// the root of a tree.
func (e *engine) pickParent(r *row, c *column) (v sqlite.Value, random bool) {
	fk := c.key
	if fk.parent == r.table && !c.NotNull {
		return v, false
	}
	settled, key := e.settled(r, fk)
	candidates := e.rings(fk, settled)[key]
	if len(candidates) == 0 {
		if !c.NotNull {
			return v, false
		}
		e.abort(r, "column %q refers to table %s, which has no row to choose", c.Name,
			fk.parent.Name)
	}
	parent := candidates.pick(chance.Join(r.hash, fk.hash, r.attempt))
	return e.lend(parent, fk.parentColumns[slices.Index(fk.columns, c.index)]), true
}

// settled returns the columns of a foreign key, as bits, whose values do not depend on the choice,
// because the fixture or a longer key determines them. It also returns these values.
func (e *engine) settled(r *row, fk *foreignKey) (settled uint64, values string) {
	var key []byte
	for i, column := range fk.columns {
		c := r.table.columns[column]
		if r.template.sources[column].kind == absent && c.def == nil && c.key == fk {
			continue
		}
		settled |= 1 << i
		key = e.cell(r, column).AppendKey(key)
	}
	return settled, string(key)
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

// ringKey is a foreign key with the set of its settled columns.
type ringKey struct {
	fk      *foreignKey
	settled uint64
}

// rings returns the candidates by the values of the settled columns.
func (e *engine) rings(fk *foreignKey, settled uint64) map[string]ring {
	if rings, ok := e.candidates[ringKey{fk, settled}]; ok {
		return rings
	}
	rings := map[string]ring{}
	for _, rows := range [][]*row{fk.parent.rows, fk.parent.others} {
		for _, r := range rows {
			var key []byte
			for i, column := range fk.parentColumns {
				if settled&(1<<i) != 0 {
					key = e.lend(r, column).AppendKey(key)
				}
			}
			points := chance.New(r.hash)
			for range pointsPerRow {
				rings[string(key)] = append(rings[string(key)], point{points.Uint64(), r})
			}
		}
	}
	for _, ring := range rings {
		slices.SortFunc(ring, func(a, b point) int { return cmp.Compare(a.hash, b.hash) })
	}
	e.candidates[ringKey{fk, settled}] = rings
	return rings
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
		i, _ := slices.BinarySearchFunc(c, place, func(p point, place uint64) int {
			return cmp.Compare(p.hash, place)
		})
		next := c[i%len(c)]
		if distance := next.hash - place; best == nil || distance < nearest {
			best, nearest = next.row, distance
		}
	}
	return best
}
