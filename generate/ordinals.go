package generate

import (
	"sort"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
)

// ordinals numbers the rows of a table from 0, in the order of their declaration, and finds a row
// by its number.
type ordinals struct {
	plot     *plot
	branches []*branch
	marks    []mark
	rows     int
}

// mark is an outermost row with its number. If that is not a row of the table, it is the number of
// the first row of the table after it.
type mark struct{ number, branch, n int }

// ordinals returns the numbers of a table's rows.
func (p *plot) ordinals(t *model.Table) *ordinals {
	if p.numbers[t] == nil {
		p.numbers[t] = p.number(p.branchesTo(t))
	}
	return p.numbers[t]
}

func (p *plot) number(branches []*branch) *ordinals {
	const between = 64 // rows between two marks, about
	ns := &ordinals{plot: p, branches: branches}
	for i, b := range branches {
		count := b.count(b.hash)
		ns.marks = append(ns.marks, mark{ns.rows, i, 0})
		if len(b.parts) == 0 {
			ns.rows += count
			continue
		}
		for n := range count {
			if ns.rows >= ns.marks[len(ns.marks)-1].number+between {
				ns.marks = append(ns.marks, mark{ns.rows, i, n})
			}
			ns.rows += b.rowsIn(b.rowHash(b.hash, n+1))
		}
	}
	return ns
}

// rowsIn returns the number of the wanted rows in the row with a hash.
func (b *branch) rowsIn(hash uint64) (rows int) {
	if b.wanted {
		rows++
	}
	for _, part := range b.parts {
		first := chance.Join(hash, part.hash)
		count := part.count(first)
		if len(part.parts) == 0 {
			rows += count
			continue
		}
		for n := range count {
			rows += part.rowsIn(part.rowHash(first, n+1))
		}
	}
	return rows
}

// rowHash returns the hash of the n-th of the rows whose path without a number has the hash first.
func (t *template) rowHash(first uint64, n int) uint64 {
	if t.numbered {
		return chance.Join(first, uint64(n))
	}
	return first
}

// row returns the row with a number.
func (ns *ordinals) row(number int) *row {
	after := sort.Search(len(ns.marks), func(i int) bool { return ns.marks[i].number > number })
	m := ns.marks[after-1]
	b := ns.branches[m.branch]
	left := number - m.number
	first := b.firstRow(nil)
	if len(b.parts) == 0 {
		return ns.plot.row(first, m.n+left+1)
	}
	n := m.n
	for rows := b.rowsIn(b.rowHash(b.hash, n+1)); left >= rows; {
		left -= rows
		n++
		rows = b.rowsIn(b.rowHash(b.hash, n+1))
	}
	var found *row
	ns.plot.walkRow(b, ns.plot.row(first, n+1), func(r *row) bool {
		found = r
		left--
		return left >= 0
	})
	return found
}
