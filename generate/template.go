package generate

import (
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// template is a declaration after the check against the model. It holds what its rows have in
// common. It does not change after its compilation.
type template struct {
	table    *model.Table
	parent   *template // whose rows contain the rows of this one; nil if there is none
	path     string    // the path of the first row without its number, for messages
	name     string    // the end of the rows' paths without their numbers
	hash     uint64    // the hash of the name
	at       position
	min, max int
	numbered bool // several rows, so every path ends in #n
	// spare says that rows for which a unique key has no room are left out, and are no mistake.
	spare   bool
	sources []source // by column
	// distinct tells, by column, whether its guesses must make a unique key's values different.
	distinct []bool
	contests []*contest // the smallest keys first
	contest  []*contest // by column, the contest that chooses its value; nil if there is none
	parts    []*template
	named    map[string]int // the number of parts with a table; nil if there is none
}

// source tells where the cells of a column come from. The zero source means that the fixture omits
// the column.
type source struct {
	kind   sourceKind
	value  sqlite.Value    // for given
	draw   func(*Fake) any // for lazy
	ref    *Ref            // for referred; its table is spelled like in the schema
	column int             // a column of the row that ref names, or of the parent
	at     position        // the place of the value in a file of fixtures
	text   string          // the text of a generated value in a file
	// orThere tells that ref may also name a row that the schema's scripts have inserted.
	orThere bool
}

type sourceKind int

const (
	absent    sourceKind = iota
	given                // a value
	lazy                 // a function
	referred             // a cell of the row that a Ref names
	inherited            // a cell of the row that contains this one as a part
)

// first returns the path of the first row.
func (t *template) first() string {
	if t.numbered {
		return t.path + "#1"
	}
	return t.path
}

// isAsked reports whether [Options.Rows] asks for the rows, and no fixture declares them.
func (t *template) isAsked() bool { return t.at == position{} }

// isSeveral reports whether the declaration, or one that it is part of, makes several rows.
func (t *template) isSeveral() bool {
	return t.numbered || t.parent != nil && t.parent.isSeveral()
}

// inherit gives the columns of a foreign key that the fixture omits the values of the parent.
func (t *template) inherit(fk *model.ForeignKey) {
	for i, column := range fk.Columns {
		if t.sources[column].kind == absent {
			t.sources[column] = source{kind: inherited, column: fk.ParentColumns[i]}
		}
	}
}

// gives reports whether the fixture gives a value or a function for a column.
func (t *template) gives(c *model.Column) bool { return t.sources[c.Index].kind != absent }

// each calls do for the templates and all their parts, in order.
func each(templates []*template, do func(*template)) {
	for _, t := range templates {
		do(t)
		each(t.parts, do)
	}
}

// chosen returns the tables whose rows in the baseline count: a reference that a fixture leaves
// open chooses one of the rows, or other rows compete with them for a unique key.
func chosen(templates []*template) map[*model.Table]bool {
	tables := map[*model.Table]bool{}
	each(templates, func(t *template) {
		for i, c := range t.table.Columns {
			if c.Key != nil && t.sources[i].kind == absent {
				tables[c.Key.Parent] = true
			}
		}
		if len(t.contests) > 0 {
			tables[t.table] = true
		}
	})
	return tables
}
