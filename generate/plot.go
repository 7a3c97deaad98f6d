package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
)

// plot holds the rows that fixtures declare.
type plot struct {
	rows     map[string][]*row // by table, in the order of their declaration
	byPath   map[string]*row
	there    map[Ref]*row // rows of the baseline that references name
	mistakes *mistakes
	open     []openReference // references that name no fixture
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
	path     string
	parent   *row // the row that this one is part of
	number   int  // the last number in path, 1 if there is none
	hash     uint64
	block    uint64 // the hash of the path without place
	place    int    // the number of the outermost row, 0 if that has none

	attempt uint64 // the number of times that the generated values were refused
	clashed bool   // the last values were refused because another row has the same in a unique key
	cells   []cell // nil while no cell is known
	picked  []*row // the rows that references chose, of tables that record the creation
	adopted bool
	refused bool
}

// newPlot creates the rows of the templates. A reference may name a row that is declared later, so
// newPlot looks for open references after all rows exist. wrong has the paths of declarations
// without rows.
func newPlot(templates []*template, wrong map[string]bool, m *mistakes) *plot {
	p := &plot{rows: map[string][]*row{}, byPath: map[string]*row{}, mistakes: m}
	for _, t := range templates {
		p.expand(t, nil)
	}
	each(templates, func(t *template) {
		for i, s := range t.sources {
			known := s.ref.there || p.find(s.ref) != nil || wrong[s.ref.path()]
			if s.kind == referred && !known {
				p.open = append(p.open, openReference{t, i})
			}
		}
	})
	return p
}

// expand creates the rows of a template and their parts.
func (p *plot) expand(t *template, parent *row) {
	first := row{table: t.table, template: t, path: t.name, number: 1, hash: t.hash, block: t.hash}
	if parent != nil {
		first.parent, first.number, first.place = parent, parent.number, parent.place
		first.path = parent.path + "/" + t.name
		first.hash = chance.Join(parent.hash, t.hash)
		first.block = chance.Join(parent.block, t.hash)
	}
	for i := 1; i <= count(first.hash, t.min, t.max); i++ {
		r := first
		if t.numbered {
			r.path = fmt.Sprintf("%s#%d", first.path, i)
			r.number, r.hash = i, chance.Join(first.hash, uint64(i))
			if parent == nil {
				r.place = i
			} else {
				r.block = chance.Join(first.block, uint64(i))
			}
		}
		if !p.add(&r) {
			continue
		}
		for _, part := range t.parts {
			p.expand(part, &r)
		}
	}
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

func (p *plot) add(r *row) bool {
	if other := p.byPath[r.path]; other != nil {
		p.mistakes.add(r.template.at, r.path, "is declared a second time; the first is at %s",
			other.template.at)
		return false
	}
	p.byPath[r.path] = r
	p.rows[r.table.Name] = append(p.rows[r.table.Name], r)
	return true
}

// find returns the row that ref names, or nil. The table is spelled like in the schema.
func (p *plot) find(ref Ref) *row {
	if r := p.there[ref]; r != nil || ref.there {
		return r
	}
	r := p.byPath[ref.table+"/"+ref.name]
	if r == nil || r.table.Name != ref.table { // a part, whose path begins with another table
		return nil
	}
	return r
}

// nearName suggests the name of a fixture of the table that ref names.
func (p *plot) nearName(ref Ref) string {
	var names []string
	for _, r := range p.rows[ref.table] {
		if r.parent == nil {
			names = append(names, r.path[len(ref.table+"/"):])
		}
	}
	return nearest.DidYouMean(ref.name, names)
}
