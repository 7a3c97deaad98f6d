package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// row is a row of the database: a row to insert, or a row of the baseline.
type row struct {
	table    *table
	template *template // nil for a row without a fixture
	path     string
	parent   *row // the row that this one is part of
	number   int  // the last number in path, 1 if there is none
	hash     uint64
	block    uint64 // the hash of the path without place
	place    int    // the number of the outermost row, 0 if that has none

	attempt uint64 // the number of times that SQLite refused the generated values
	cells   []cell // nil while no cell is known
	adopted bool
	refused bool
}

// cell is a cell of a row, as far as it is known.
type cell struct {
	value sqlite.Value
	state cellState
}

type cellState uint8

const (
	known cellState = 1 << iota
	busy            // the value is being generated
	drawn           // the value is random, and another attempt may change it
	asked           // a function for another cell of the row has used the value
	lent            // another row has used the value
)

// declare creates the rows that the sets declare, and records every mistake that shows without
// generating a value.
func (e *engine) declare(sets []Set) {
	var templates []*template
	for _, set := range sets {
		e.report.Sets = append(e.report.Sets, set.Name)
		e.report.Sample = e.report.Sample || set.Sample
		for _, d := range e.fill(set) {
			templates = append(templates, d.templates(e, nil)...)
		}
	}
	for _, t := range templates {
		e.expand(t, nil)
	}
	for _, t := range templates {
		e.resolve(t)
	}
}

// fill returns the declarations of a set, up to the point where its function panics.
func (e *engine) fill(set Set) []*declaration {
	fixtures := &Fixtures{}
	func() {
		defer func() {
			if p := recover(); p != nil {
				e.mistake(panicSite(), "set "+set.Name, "the function panicked: %v", p)
			}
		}()
		set.Fill(fixtures)
	}()
	return fixtures.roots
}

// expand creates the rows of a template and their parts.
func (e *engine) expand(t *template, parent *row) {
	first := row{table: t.table, template: t, path: t.name, number: 1, hash: t.hash, block: t.hash}
	if parent != nil {
		first.parent, first.number, first.place = parent, parent.number, parent.place
		first.path = parent.path + "/" + t.name
		first.hash = chance.Join(parent.hash, t.hash)
		first.block = chance.Join(parent.block, t.hash)
	}
	count := int(chance.Between(first.hash, int64(t.min), int64(t.max)))
	for i := 1; i <= count; i++ {
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
		if !e.add(&r) {
			continue
		}
		for _, part := range t.parts {
			e.expand(part, &r)
		}
	}
}

func (e *engine) add(r *row) bool {
	if other := e.byPath[r.path]; other != nil {
		e.mistake(r.template.at, r.path, "is declared a second time; the first is at %s",
			other.template.at)
		return false
	}
	e.byPath[r.path] = r
	r.table.rows = append(r.table.rows, r)
	return true
}

// resolve finds the rows that references name. It runs after all rows exist, because a reference
// may name a row that is declared later.
func (e *engine) resolve(t *template) {
	for i := range t.sources {
		s := &t.sources[i]
		if s.kind != referred {
			continue
		}
		if s.row = e.find(s.ref); s.row == nil && !e.mistaken[s.ref.path()] {
			e.mistake(t.at, t.path, "column %q refers to %s, which no fixture declares%s",
				t.table.columns[i].Name, s.ref.path(), e.nearName(s.ref))
		}
	}
	for _, part := range t.parts {
		e.resolve(part)
	}
}

func (r Ref) path() string { return r.table + "/" + r.name }

// find returns the row that ref names, or nil. The table's name may be in another case.
func (e *engine) find(ref Ref) *row {
	if t := e.table(ref.table); t != nil {
		ref.table = t.Name
	}
	return e.byPath[ref.path()]
}

// nearName suggests the name of a fixture of the table that ref names.
func (e *engine) nearName(ref Ref) string {
	var names []string
	for _, r := range e.table(ref.table).rows {
		if r.parent == nil {
			names = append(names, r.path[len(r.table.Name+"/"):])
		}
	}
	return nearest.DidYouMean(ref.name, names)
}
