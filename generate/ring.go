package generate

import (
	"cmp"
	"iter"
	"math/bits"
	"runtime"
	"slices"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ring holds points of the rows that a reference can choose, in order. It takes about 33 bytes a
// row. A place is a number of 64 bits. The first bits choose a part of the ring, and a point stores
// the next 32 bits.
type ring struct {
	shift  int      // the number of bits of a place after those that choose the part
	starts []uint32 // by part, the index of its first point; and the number of points
	points []point
}

type point struct{ place, row uint32 }

const (
	pointsPerRow  = 4  // with one point, one row in twenty would hardly ever be chosen
	pointsPerPart = 16 // about
	probes        = 21 // no row is chosen more than 1.05 times as often as the average
)

// large is the number of points from which on a ring has them outside of Go's heap.
const large = 1 << 16

// newRing makes a ring of rows, given as numbers and hashes. It reads the rows three times.
func newRing(rows iter.Seq2[uint32, uint64]) *ring {
	n := 0
	for range rows {
		n += pointsPerRow
	}
	const most = 24
	parts := min(bits.Len(uint(n/pointsPerPart)), most)
	c := &ring{64 - parts, make([]uint32, 1<<parts+1), nil}
	if n < large {
		c.points = make([]point, n)
	} else {
		var free func()
		c.points, free = sqlite.NewArray[point](n)
		runtime.AddCleanup(c, func(free func()) { free() }, free)
	}
	// First, starts[i+1] counts the points of part i-1, and then it is the index of the next point.
	c.scatter(rows, func(part int, _ point) {
		if part+2 < len(c.starts) {
			c.starts[part+2]++
		}
	})
	for i := 1; i < len(c.starts); i++ {
		c.starts[i] += c.starts[i-1]
	}
	c.scatter(rows, func(part int, p point) {
		c.points[c.starts[part+1]] = p
		c.starts[part+1]++
	})
	for i, start := range c.starts[:1<<parts] {
		slices.SortFunc(c.points[start:c.starts[i+1]], func(a, b point) int {
			return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.row, b.row))
		})
	}
	return c
}

// scatter calls do for the points of rows.
func (c *ring) scatter(rows iter.Seq2[uint32, uint64], do func(part int, p point)) {
	for row, hash := range rows {
		places := chance.New(hash)
		for range pointsPerRow {
			place := places.Uint64()
			do(int(place>>c.shift), point{uint32(place >> (c.shift - 32)), row})
		}
	}
}

// isEmpty reports whether there is no row. A nil ring is empty.
func (c *ring) isEmpty() bool { return c == nil || len(c.points) == 0 }

// after returns the index of the first point after a place on the ring, and the distance.
func (c *ring) after(place uint64) (i int, distance uint64) {
	part, low := int(place>>c.shift), place<<(64-c.shift)>>32
	next, end := int(c.starts[part]), int(c.starts[part+1])
	for _, p := range c.points[next:end] { // no branch, which the processor would guess wrong
		next += int((uint64(p.place) - low) >> 63)
	}
	for next == int(c.starts[part+1]) {
		if part++; part == len(c.starts)-1 {
			part, next = 0, 0
		}
	}
	found := uint64(part)<<c.shift | uint64(c.points[next].place)<<(c.shift-32)
	return next, found - place>>(c.shift-32)<<(c.shift-32)
}

// pick chooses a row by multi-probe consistent hashing (https://arxiv.org/abs/1505.00062): of
// several places on the ring, it takes the one with the nearest point after it. An added row takes
// its own share and moves no other reference. All shares are about equal.
func (c *ring) pick(hash uint64) (row uint32) {
	var tried [probes]struct {
		place uint64
		point point
	}
	places := chance.New(hash)
	// The points are all over the memory, so the processor fetches those near all places at once.
	for i := range tried {
		t := &tried[i]
		t.place = places.Uint64()
		part := t.place >> c.shift
		t.point = c.points[min(int(c.starts[part]+c.starts[part+1])/2, len(c.points)-1)]
	}
	nearest := ^uint64(0)
	for i := range tried {
		next, distance := c.after(tried[i].place)
		if distance < nearest {
			row, nearest = c.points[next].row, distance
		}
	}
	return row
}
