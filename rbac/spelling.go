package rbac

import "github.com/seedkit/seedkit/internal/schema"

// spelled returns the layout with the names of tables and columns as a schema spells them. SQLite
// ignores the case of their letters, and a policy's file may have another.
func (l Layout) spelled(s *schema.Schema) Layout {
	r, p, e, u := &l.Roles, &l.Permissions, &l.Permissions.Entities, &l.Users
	spell(s, &r.Table, &r.Where, &r.ID, &r.Name, &r.Description)
	spell(s, &p.Table, &p.Where, &p.ID, &p.Action, &p.Entity, &p.Access, &p.Label)
	spell(s, &e.Table, nil, append(pointers(&e.Names), &e.ID)...)
	for _, j := range []*JoinTable{&l.Grants, &l.Members, &l.Direct} {
		spell(s, &j.Table, &j.Where, &j.Role, &j.Permission, &j.User)
	}
	spell(s, &u.Table, nil, append(pointers(&u.Names), &u.ID, &u.Roles, &u.Superuser)...)
	return l
}

// pointers returns pointers to a copy of the names, which it puts in their place.
func pointers(names *[]string) (out []*string) {
	*names = append([]string(nil), *names...)
	for i := range *names {
		out = append(out, &(*names)[i])
	}
	return out
}

// spell changes the names of a table and of its columns, and of those in where, to the schema's.
func spell(s *schema.Schema, table *string, where *map[string]string, columns ...*string) {
	t := s.Table(*table)
	if t == nil {
		return
	}
	*table = t.Name
	for _, column := range columns {
		if c, ok := t.Column(*column); ok {
			*column = c.Name
		}
	}
	if where == nil || *where == nil {
		return
	}
	spelled := map[string]string{}
	for column, value := range *where {
		if c, ok := t.Column(column); ok {
			column = c.Name
		}
		spelled[column] = value
	}
	*where = spelled
}
