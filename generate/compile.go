package generate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
)

// compiler checks declarations against the model and makes templates of them. It records every
// mistake that shows without a row.
type compiler struct {
	model    *model.Model
	seed     string
	times    *times
	defaults *defaults
	mistakes *mistakes
	// wrong has the paths of wrong declarations. References to them are not mistakes.
	wrong map[string]bool
	// unread tells that a file has rows that could not be read, so that references to them are not
	// mistakes.
	unread bool

	skipMissing bool      // the set leaves out declarations for tables that the schema lacks
	missing     []LeftOut // these tables
	existing    []*existing
}

// compile returns the templates of the sets' declarations, without those of parts.
func (c *compiler) compile(sets []Set) (templates []*template) {
	for _, set := range sets {
		c.skipMissing = set.SkipMissing
		fixtures := set.declarations(c.mistakes)
		c.unread = c.unread || fixtures.unread
		for _, root := range fixtures.roots {
			root.each(func(d *declaration) {
				templates = append(templates, d.compile(c, nil)...)
			})
		}
		c.existing = append(c.existing, fixtures.existing...)
	}
	return templates
}

// lacks records that the schema lacks a table. It reports whether that is a mistake.
func (c *compiler) lacks(table string) (mistake bool) {
	left := LeftOut{Table: table, Why: "the schema has no such table"}
	if c.skipMissing && !slices.Contains(c.missing, left) {
		c.missing = append(c.missing, left)
	}
	return !c.skipMissing
}

// declarations returns the declarations of a set, up to the point where its function panics.
func (s Set) declarations(m *mistakes) *Fixtures {
	fixtures := &Fixtures{}
	if s.Fill == nil {
		m.add(position{}, "set "+s.Name, "the set has no Fill")
		return fixtures
	}
	func() {
		defer func() {
			if p := recover(); p != nil {
				m.add(panicSite(), "set "+s.Name, "the function panicked: %v", p)
			}
		}()
		s.Fill(fixtures)
	}()
	for _, wrong := range fixtures.wrong {
		m.note(wrong)
	}
	return fixtures
}

// compile checks the declaration of a row, or of a part of parent's rows. It returns none if the
// number of rows is unknown.
func (d *declaration) compile(c *compiler, parent *template) []*template {
	t := &template{
		table: c.model.Table(d.table), parent: parent, at: d.at.from(c.mistakes.sourceDir),
		min: d.min, max: d.max, numbered: d.numbered, spare: d.spare,
	}
	row, parts := c.sortKeys(t, d)
	c.name(t, d, row, parent)
	switch {
	case t.table == nil:
		if c.lacks(d.table) {
			path := t.path
			if d.tableAt != (position{}) {
				path = d.table // one mistake, however many rows the file has for the table
			}
			c.mistakes.add(d.tableAt.or(t.at), path, "there is no table %q%s", d.table,
				nearest.DidYouMean(d.table, c.model.Names()))
		}
	case d.min > d.max || d.min < 0:
		c.mistake(t, "%d to %d rows cannot be", d.min, d.max)
	default:
		t.sources = c.sources(t, row)
		if parent != nil {
			c.inherit(t, parent)
		}
		t.settle(c.defaults)
		for _, part := range parts {
			t.parts = append(t.parts, part.compile(c, t)...)
		}
		return []*template{t}
	}
	c.wrong[t.path] = true
	return nil
}

func (c *compiler) mistake(t *template, format string, args ...any) {
	c.mistakes.add(t.at, t.path, format, args...)
}

// name names a template by its table, as the schema spells it, and by what distinguishes it from
// other declarations of that table.
func (c *compiler) name(t *template, d *declaration, row Row, parent *template) {
	table := d.table
	if t.table != nil {
		table = t.table.Name
	}
	if parent == nil {
		name := d.name
		if d.unnamed && t.table != nil {
			name = nameByKey(t.table, d, row)
		}
		t.name = table + "/" + name
		t.path, t.hash = t.name, chance.Hash(c.seed, t.name)
		return
	}
	t.name = table
	if parent.named == nil {
		parent.named = map[string]int{}
	}
	if parent.named[table]++; parent.named[table] > 1 {
		t.name = fmt.Sprintf("%s(%d)", table, parent.named[table])
	}
	t.path, t.hash = parent.first()+"/"+t.name, chance.Hash(t.name)
}

// inherit makes the rows of a part refer to the row that they are part of, by the one foreign key
// that the fixture leaves open. If it leaves none open, the fixture gives the reference itself.
func (c *compiler) inherit(t, parent *template) {
	var all, open []*model.ForeignKey
	for _, fk := range t.table.Keys {
		if fk.Parent != parent.table {
			continue
		}
		all = append(all, fk)
		if slices.ContainsFunc(fk.Columns, func(i int) bool {
			return t.sources[i].kind == absent
		}) {
			open = append(open, fk)
		}
	}
	switch {
	case len(all) == 0:
		c.mistake(t, "table %s has no foreign key to table %s", t.table.Name, parent.table.Name)
	case len(open) > 1:
		c.mistake(t, "table %s has several foreign keys to table %s: give a reference to the "+
			"columns that mean another row", t.table.Name, parent.table.Name)
	case len(open) == 1:
		t.inherit(open[0])
	}
}

// target returns ref with its table spelled like in the schema, and the column of the row that ref
// names to which a column of a table refers. The foreign key determines it. Without a foreign key,
// it is the primary key.
func target(m *model.Model, t *model.Table, column int, ref Ref) (Ref, int, error) {
	to := m.Table(ref.table)
	if to == nil {
		return ref, 0, fmt.Errorf("but there is no table %q%s", ref.table,
			nearest.DidYouMean(ref.table, m.Names()))
	}
	ref.table = to.Name
	for _, fk := range t.Keys {
		if i, ok := fk.To(column); ok && fk.Parent == to {
			return ref, i, nil
		}
	}
	if i := to.ID(); i >= 0 {
		return ref, i, nil
	}
	return ref, 0, errors.New("whose table has no primary key of one column")
}
