package generate

import (
	"context"
	"iter"
	"maps"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
)

// plot knows the rows that fixtures declare. It makes a row when the row is needed, with the same
// path and hash each time, so that a row takes memory only while somebody uses it. plot holds a
// row if more is known of the row than the declaration says.
type plot struct {
	roots     []*template
	named     map[string][]*template        // the roots, by name
	templates map[*model.Table][]*template  // the declarations of a table's rows
	branches  map[*model.Table][]*branch    // the way to these rows
	numbers   map[*model.Table]*ordinals    // the numbers of these rows
	held      map[*template]map[uint64]*row // by hash
	there     map[Ref]*row                  // rows of the baseline that references name
	mistakes  *mistakes
	open      []openReference // references that name no fixture
	stopped   func() bool     // whether nobody needs more rows, which end then
}

// openReference is a column of a template that refers to a row by a name that no fixture has.
type openReference struct {
	template *template
	column   int
}

// row is a row of the database: a row to insert, or a row of the baseline.
type row struct {
	table    *model.Table
	template *template // nil for a row without a fixture
	name     string    // for messages about a row without a fixture
	parent   *row      // the row that this one is part of
	number   int       // the last number in the path, 1 if there is none
	hash     uint64    // the hash of the path
	block    uint64    // the hash of the path without place
	place    int       // the number of the outermost row, 0 if that has none

	attempt uint64 // the number of times that the generated values were refused
	clashed bool   // the last values were refused because another row has the same in a unique key
	cells   []cell // nil while no cell is known
	picked  []*row // the rows that references chose, of tables that record the creation
	adopted bool
	refused bool
}

// newPlot checks that the templates' rows have different paths. A reference may name a row that is
// declared later, so newPlot looks for open references after that. wrong has the paths of
// declarations without rows. If ctx ends, so do the rows that plot yields.
func newPlot(
	ctx context.Context, templates []*template, wrong map[string]bool, m *mistakes,
) *plot {
	p := &plot{
		named: map[string][]*template{}, templates: map[*model.Table][]*template{},
		branches: map[*model.Table][]*branch{}, numbers: map[*model.Table]*ordinals{},
		held: map[*template]map[uint64]*row{}, mistakes: m,
		stopped: func() bool { return ctx.Err() != nil },
	}
	for _, t := range templates {
		p.add(t)
	}
	p.checkPaths()
	each(templates, func(t *template) {
		for i, s := range t.sources {
			known := s.kind != referred || s.ref.there || wrong[s.ref.path()]
			if !known && p.find(*s.ref) == nil {
				p.open = append(p.open, openReference{t, i})
			}
		}
	})
	return p
}

// add adds the rows of a root.
func (p *plot) add(root *template) {
	p.roots = append(p.roots, root)
	p.named[root.name] = append(p.named[root.name], root)
	each([]*template{root}, func(t *template) {
		p.templates[t.table] = append(p.templates[t.table], t)
	})
	clear(p.branches)
	clear(p.numbers)
}

// rows yields the rows of a table, in the order of their declaration: a row, and then its parts.
func (p *plot) rows(t *model.Table) iter.Seq[*row] { return p.walk(p.branchesTo(t)) }

// branch is a template on the way to certain rows: these are its rows, or among their parts.
type branch struct {
	*template
	wanted bool
	parts  []*branch
}

func branchesTo(templates []*template, wanted func(*template) bool) (all []*branch) {
	for _, t := range templates {
		b := &branch{t, wanted(t), branchesTo(t.parts, wanted)}
		if b.wanted || len(b.parts) > 0 {
			all = append(all, b)
		}
	}
	return all
}

// branchesTo returns the branches to the rows of a table.
func (p *plot) branchesTo(t *model.Table) []*branch {
	branches, ok := p.branches[t]
	if !ok {
		branches = branchesTo(p.roots, func(of *template) bool { return of.table == t })
		p.branches[t] = branches
	}
	return branches
}

func (p *plot) walk(branches []*branch) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		for _, b := range branches {
			if !p.walkParts(b, nil, yield) {
				return
			}
		}
	}
}

// walkParts yields the wanted rows of a branch, which are parts of a row, and among their parts.
func (p *plot) walkParts(b *branch, parent *row, yield func(*row) bool) bool {
	first := b.firstRow(parent)
	for n := range b.count(first.hash) {
		if p.stopped() || !p.walkRow(b, p.row(first, n+1), yield) {
			return false
		}
	}
	return true
}

func (p *plot) walkRow(b *branch, r *row, yield func(*row) bool) bool {
	if b.wanted && !yield(r) {
		return false
	}
	for _, part := range b.parts {
		if !p.walkParts(part, r, yield) {
			return false
		}
	}
	return true
}

// count returns the number of rows, which depends on the hash of their path without a number.
func (t *template) count(hash uint64) int {
	return count(hash, t.min, t.max)
}

// count returns a number from least to most, each as often. A greater most changes the number to
// one that most did not allow before, or leaves it as it is: it adds rows and removes none. The
// numbers up to 3 are those that earlier versions returned.
func count(hash uint64, least, most int) int {
	if least == most {
		return least
	}
	top := max(least, 3)
	n := int(chance.Between(hash, int64(least), int64(top)))
	for ; top > most; top-- {
		if n == top {
			n = int(chance.Between(chance.Join(hash, uint64(top)), int64(least), int64(top-1)))
		}
	}
	for top < most {
		top++
		if chance.Join(hash, uint64(top))%uint64(top-least+1) == 0 {
			n = top
		}
	}
	return n
}

// firstRow returns what the rows of a template in a row have in common. It is the first of them if
// they have no numbers.
func (t *template) firstRow(parent *row) *row {
	r := &row{table: t.table, template: t, number: 1, hash: t.hash, block: t.hash}
	if parent != nil {
		r.parent, r.number, r.place = parent, parent.number, parent.place
		r.hash = chance.Join(parent.hash, t.hash)
		r.block = chance.Join(parent.block, t.hash)
	}
	return r
}

// row returns the n-th of the rows that have first in common.
func (p *plot) row(first *row, n int) *row {
	r := *first
	if r.template.numbered {
		r.number, r.hash = n, r.template.rowHash(first.hash, n)
		if r.parent == nil {
			r.place = n
		} else {
			r.block = chance.Join(first.block, uint64(n))
		}
	}
	if held := p.held[r.template][r.hash]; held != nil {
		return held
	}
	return &r
}

// count returns the number of all rows.
func (p *plot) count() (rows int64) {
	for _, b := range branchesTo(p.roots, func(*template) bool { return true }) {
		for n := range b.count(b.hash) {
			if p.stopped() {
				return rows
			}
			rows += int64(b.rowsIn(b.rowHash(b.hash, n+1)))
		}
	}
	return rows
}

// is reports whether two rows are the same row, or two copies of it.
func (r *row) is(other *row) bool {
	return r == other || r.template != nil && r.template == other.template && r.hash == other.hash
}

// hold keeps a row in memory, so that plot returns it whenever the row is needed. If plot holds a
// copy of it already, hold returns that one.
func (p *plot) hold(r *row) *row {
	rows := p.held[r.template]
	switch {
	case r.template == nil:
		return r
	case rows[r.hash] != nil:
		return rows[r.hash]
	case rows == nil:
		rows = map[uint64]*row{}
		p.held[r.template] = rows
	}
	rows[r.hash] = r
	return r
}

// refuse records that a row is refused.
func (p *plot) refuse(r *row) {
	r.refused = true
	p.hold(r).refused = true
}

// anyRefused reports whether a row of a table is refused.
func (p *plot) anyRefused(t *model.Table) bool {
	for _, template := range p.templates[t] {
		for _, r := range p.held[template] {
			if r.refused {
				return true
			}
		}
	}
	return false
}

// isPlain reports whether nothing is known of a row but what its declaration says.
func (r *row) isPlain() bool { return !r.adopted && !r.refused && r.attempt == 0 }

// letGo holds a row no longer, if nothing is known of it but what its declaration says.
func (p *plot) letGo(r *row) {
	if r.isPlain() {
		delete(p.held[r.template], r.hash)
	}
}

// release drops the rows of a table that plot can make again from their declarations.
func (p *plot) release(t *model.Table) {
	for _, template := range p.templates[t] {
		maps.DeleteFunc(p.held[template], func(_ uint64, r *row) bool { return r.isPlain() })
	}
}
