package generate

import (
	"github.com/seedkit/seedkit/internal/model"
)

// siblings holds the rows that a reference can choose, by what they refer to themselves. A row and
// the row that it refers to agree: the state of an issue is one of the states of the issue's
// project.
type siblings struct {
	shared map[*model.ForeignKey]*shared
	rings  map[*shared]map[string]*ring
}

// shared is a column that a table has in common with a table to which it refers: both refer to the
// same third table by the same name.
type shared struct{ own, other int }

func newSiblings() *siblings {
	s := &siblings{shared: map[*model.ForeignKey]*shared{}}
	s.reset()
	return s
}

// reset forgets the rows.
func (s *siblings) reset() { s.rings = map[*shared]map[string]*ring{} }

// of returns the column that t shares with the table to which its key refers, or nil.
func (s *siblings) of(t *model.Table, fk *model.ForeignKey) *shared {
	if found, ok := s.shared[fk]; ok {
		return found
	}
	s.shared[fk] = nil
	for _, c := range t.Columns {
		other, ok := fk.Parent.Find(c.Name)
		if _, isOwn := fk.To(c.Index); isOwn || !ok || c.Key == nil || fk.Parent == t {
			continue
		}
		to := fk.Parent.Columns[other].Key
		if to == nil || to.Parent != c.Key.Parent || len(to.Columns) > 1 ||
			len(c.Key.Columns) > 1 || to.Parent == t || to.Parent == fk.Parent ||
			nameIn(to.Parent) == "fullname" {
			continue // a user may refer to another user's rows
		}
		s.shared[fk] = &shared{c.Index, other}
		break
	}
	return s.shared[fk]
}

// agreeing returns those of the candidates for a reference that agree with the row, or all if none
// does.
func (d *drawer) agreeing(r *row, fk *model.ForeignKey, all *ring) *ring {
	column := d.siblings.of(r.table, fk)
	if column == nil || r.cell(column.own).state&busy != 0 {
		return all
	}
	rings, ok := d.siblings.rings[column]
	if !ok {
		rings = d.parents.group(fk.Parent, func(parent *row) []byte {
			return d.lend(parent, column.other).AppendKey(nil)
		})
		d.siblings.rings[column] = rings
	}
	v := d.cell(r, column.own)
	if v.IsNull() {
		return all
	}
	if some := rings[string(v.AppendKey(nil))]; !some.isEmpty() {
		return some
	}
	return all
}
