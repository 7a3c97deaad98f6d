package generate

import (
	"encoding/binary"

	"github.com/seedkit/seedkit/internal/chance"
)

// choice is a row while it chooses the factors of a contest.
type choice struct {
	*matches
	*match
	row     *row
	contest *contest
	pick    *pick
	open    []int // the factors to choose
}

// settled returns the values of the key's columns that are not to be chosen any more.
func (c *choice) settled() (values []byte) {
	for _, i := range c.contest.unique.Columns {
		if c.row.template.contest[i] == c.contest && c.row.cell(i).state&known == 0 {
			continue
		}
		values = append(values, byte(i))
		values = c.drawer.cell(c.row, i).AppendKey(values)
	}
	return values
}

// try chooses the given factors so that the key is free, and takes the key. It leaves the cells
// that it chose known. If no choice is free, try returns false.
func (c *choice) try(open []int) bool {
	if len(open) == 0 {
		key := c.hash(c.row, c.contest.unique)
		if key != 0 && c.taken[key] {
			return false
		}
		c.pick.key = key
		if key != 0 {
			c.taken[key] = true
		}
		return true
	}
	ring, hash, of := c.ring(open[0])
	if ring.isEmpty() {
		return false
	}
	s := c.seats[of]
	if s == nil {
		s = &seats{taken: map[option]bool{}, next: map[int]int{}}
		c.seats[of] = s
	}
	for len(s.taken)*pointsPerRow < len(ring.points) {
		chosen := s.free(ring, hash)
		c.set(open[0], chosen)
		if c.try(open[1:]) {
			return true
		}
		s.taken[chosen] = true
		c.unset(open[0])
	}
	return false
}

// giveUp chooses where no key is free: NULL in a column that allows it, or, if SQLite must decide,
// any values. Otherwise it returns false.
func (c *choice) giveUp() bool {
	null := -1
	for _, i := range c.open {
		column := c.contest.factors[i].column
		if !column.NotNull && !column.Primary {
			null = i
		}
	}
	if null < 0 && !c.contest.soft {
		return false
	}
	for _, i := range c.open {
		ring, hash, _ := c.ring(i)
		switch {
		case i == null:
			c.pick.options[i] = none
		case ring.isEmpty():
			return false
		default:
			c.set(i, option(ring.pick(hash)))
		}
	}
	return true
}

// ring returns what a factor can choose, the hash of the row for it, and a name of the seats.
func (c *choice) ring(i int) (options *ring, hash uint64, of string) {
	f := c.contest.factors[i]
	settled := binary.AppendUvarint(nil, uint64(i))
	settled = append(settled, c.settled()...)
	if f.fk == nil {
		hash = chance.Join(c.row.hash, c.drawer.hashes[f.column], c.row.tries(f.column))
		return c.values(f.column), hash, string(settled)
	}
	bits, key := c.drawer.settled(c.row, f.fk)
	hash = chance.Join(c.row.hash, c.drawer.keys[f.fk], c.row.tries(f.column))
	return c.drawer.parents.candidates(f.fk, bits, c.drawer.lend)[key], hash,
		string(settled) + key
}

// set makes the cells of a factor known.
func (c *choice) set(i int, chosen option) {
	c.pick.options[i] = chosen
	f := c.contest.factors[i]
	for _, column := range c.row.template.chosenBy(f) {
		at := c.row.cell(column)
		if f.fk == nil {
			at.value = f.column.Choices[chosen]
		} else {
			to, _ := f.fk.To(column)
			at.value = c.drawer.lend(c.drawer.parents.row(f.fk.Parent, uint32(chosen)), to)
		}
		at.state |= known
	}
}

// unset makes the cells of a factor unknown.
func (c *choice) unset(i int) {
	for _, column := range c.row.template.chosenBy(c.contest.factors[i]) {
		c.row.cell(column).state &^= known
	}
}

// seats records which options of a ring other rows have taken. Those rows choose the same way.
type seats struct {
	taken map[option]bool
	next  map[int]int // for a point of the ring that is taken, one after it
}

// free returns an option that is not taken: the one that [ring.pick] prefers, or one at another
// place on the ring, or the next on the ring. One must be free.
func (s *seats) free(c *ring, hash uint64) option {
	if first := option(c.pick(hash)); !s.taken[first] {
		return first
	}
	const places = 8
	random := chance.New(hash)
	at := 0
	for range places {
		at, _ = c.after(random.Uint64())
		if next := c.option(at); !s.taken[next] {
			return next
		}
	}
	first := at
	for s.taken[c.option(at)] {
		at = s.skip(at, len(c.points))
	}
	for first != at {
		next := s.skip(first, len(c.points))
		s.next[first], first = at, next
	}
	return c.option(at)
}

// option returns the option at a point of a ring.
func (c *ring) option(at int) option { return option(c.points[at].row) }

// skip returns a point after one that is taken, with no free point between them.
func (s *seats) skip(at, points int) int {
	if next, ok := s.next[at]; ok {
		return next
	}
	return (at + 1) % points
}
