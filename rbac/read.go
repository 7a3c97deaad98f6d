package rbac

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The tables in the queries.
func (l Layout) roles() source       { return source{l.Roles.Table, "r"} }
func (l Layout) permissions() source { return source{l.Permissions.Table, "p"} }
func (l Layout) entities() source    { return source{l.Permissions.Entities.Table, "e"} }
func (l Layout) grants() source      { return source{l.Grants.Table, "g"} }
func (l Layout) members() source     { return source{l.Members.Table, "m"} }
func (l Layout) direct() source      { return source{l.Direct.Table, "d"} }
func (l Layout) users() source       { return source{l.Users.Table, "u"} }

// insertionOrder returns the ORDER BY of a table's rows in the order of their insertion.
func insertionOrder(s *schema.Schema, from source, id string) string {
	if t := s.Table(from.table); t.WithoutRowid {
		return " ORDER BY " + from.column(id)
	}
	return " ORDER BY " + from.alias + ".rowid"
}

func (d *Database) readRoles(s *schema.Schema) error {
	d.roleAt = map[string]int{}
	t, from := d.layout.Roles, d.layout.roles()
	if t.Table == "" {
		return nil
	}
	description := "NULL"
	if t.Description != "" {
		description = from.column(t.Description)
	}
	q := &query{}
	q.add("SELECT ", from.column(t.ID), ", ", from.column(t.Name), ", ", description,
		" FROM ", from.String(), " WHERE 1")
	q.where(from, t.Where)
	q.add(insertionOrder(s, from, t.ID))
	for row, err := range q.rows(d.conn) {
		if err != nil {
			return fmt.Errorf("read the roles: %w", err)
		}
		r := StoredRole{ID: idText(row.Value(0)), Permissions: []Permission{}}
		name, ok := nameOf(row.Value(1))
		r.Name, r.nameless = name, !ok
		if text, ok := nameOf(row.Value(2)); ok {
			r.Description = text
		}
		d.roleAt[key(row.Value(0))] = len(d.roles)
		d.roles = append(d.roles, r)
	}
	d.faults = append(d.faults, d.roleFaults()...)
	return nil
}

func (d *Database) readPermissions(s *schema.Schema) error {
	d.permitAt = map[string]int{}
	t, from := d.layout.Permissions, d.layout.permissions()
	if t.Table == "" {
		return nil
	}
	q := &query{}
	q.add("SELECT ", from.column(t.ID), ", ", from.column(t.Action), ", ", d.entity(),
		", ", optional(from, t.Access), " FROM ", from.String())
	if e := d.layout.entities(); e.table != "" {
		q.add(" LEFT JOIN ", e.String(), " ON ", e.column(t.Entities.ID), " = ",
			from.column(t.Entity))
	}
	q.add(" WHERE 1")
	q.where(from, t.Where)
	q.add(insertionOrder(s, from, t.ID))
	for row, err := range q.rows(d.conn) {
		if err != nil {
			return fmt.Errorf("read the permissions: %w", err)
		}
		p := StoredPermission{ID: idText(row.Value(0))}
		parts := []*string{&p.Permission.Action, &p.Permission.Entity, &p.Permission.Access}
		for i, part := range parts[:d.layout.parts()] {
			name, ok := nameOf(row.Value(i + 1))
			*part = name
			p.nameless = p.nameless || !ok
		}
		d.permitAt[key(row.Value(0))] = len(d.permissions)
		d.permissions = append(d.permissions, p)
	}
	d.faults = append(d.faults, d.permissionFaults()...)
	return nil
}

func optional(from source, column string) string {
	if column == "" {
		return "NULL"
	}
	return from.column(column)
}

// entity returns the expression for the entity of a permission.
func (d *Database) entity() string {
	t := d.layout.Permissions
	if t.Entities.Table == "" {
		return optional(d.layout.permissions(), t.Entity)
	}
	var names []string
	for _, name := range t.Entities.Names {
		names = append(names, d.layout.entities().column(name))
	}
	return strings.Join(names, " || '.' || ")
}

func (d *Database) readGrants(*schema.Schema) error {
	l := d.layout
	if l.Grants.Table == "" {
		return nil
	}
	r, p, g := l.roles(), l.permissions(), l.grants()
	q := &query{}
	q.add("SELECT ", r.column(l.Roles.ID), ", ", p.column(l.Permissions.ID), ", count(*) FROM ",
		g.String(), " JOIN ", r.String(), " ON ", r.column(l.Roles.ID), " = ",
		g.column(l.Grants.Role), " JOIN ", p.String(), " ON ", p.column(l.Permissions.ID), " = ",
		g.column(l.Grants.Permission), " WHERE 1")
	q.where(g, l.Grants.Where)
	q.where(r, l.Roles.Where)
	q.where(p, l.Permissions.Where)
	q.add(" GROUP BY 1, 2")
	var twice []Change
	for row, err := range q.rows(d.conn) {
		if err != nil {
			return fmt.Errorf("read the grants: %w", err)
		}
		role, permission := d.roleAt[key(row.Value(0))], d.permitAt[key(row.Value(1))]
		d.roles[role].granted = append(d.roles[role].granted, permission)
		if row.Int64(2) > 1 {
			twice = append(twice, d.twice(role, permission))
		}
	}
	for i := range d.roles {
		r := &d.roles[i]
		slices.Sort(r.granted)
		r.Permissions = d.at(r.granted)
	}
	d.faults = append(d.faults, twice...)
	return nil
}

// at returns the permissions at the given places, each once.
func (d *Database) at(places []int) []Permission {
	permissions, seen := []Permission{}, map[Permission]bool{}
	for _, i := range places {
		if p := d.permissions[i].Permission; !seen[p] {
			seen[p] = true
			permissions = append(permissions, p)
		}
	}
	return permissions
}

func (d *Database) readMembers(*schema.Schema) error {
	l := d.layout
	if l.Members.Table == "" {
		return nil
	}
	r, m, u := l.roles(), l.members(), l.users()
	q := &query{}
	q.add("SELECT ", r.column(l.Roles.ID), ", count(DISTINCT ", u.column(l.Users.ID), ") FROM ",
		m.String(), " JOIN ", r.String(), " ON ", r.column(l.Roles.ID), " = ",
		m.column(l.Members.Role), " JOIN ", u.String(), " ON ", u.column(l.Users.ID), " = ",
		m.column(l.Members.User), " WHERE 1")
	q.where(m, l.Members.Where)
	q.where(r, l.Roles.Where)
	q.add(" GROUP BY 1")
	for row, err := range q.rows(d.conn) {
		if err != nil {
			return fmt.Errorf("count the users with each role: %w", err)
		}
		d.roles[d.roleAt[key(row.Value(0))]].Members = row.Int64(1)
	}
	return nil
}

// readHeldNames reads the names of roles in the column of the users. A name that no row has becomes
// a role.
func (d *Database) readHeldNames(*schema.Schema) error {
	u, column := d.layout.users(), d.layout.Users.Roles
	if column == "" {
		return nil
	}
	members := map[string]int64{}
	sql := fmt.Sprintf("SELECT %s COLLATE BINARY, count(*) FROM %s GROUP BY 1",
		sqltext.QuoteIdent(column), u)
	for row, err := range d.conn.Query(sql) {
		if err != nil {
			return fmt.Errorf("count the users with each role: %w", err)
		}
		for _, name := range heldNames(row.Value(0)) {
			members[name] += row.Int64(1)
		}
	}
	d.namedAt = map[string][]int{}
	for i := range d.roles {
		if r := &d.roles[i]; !r.nameless {
			r.Members = members[r.Name]
			d.namedAt[r.Name] = append(d.namedAt[r.Name], i)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if len(d.namedAt[name]) > 0 {
			continue
		}
		r := StoredRole{ID: name, Name: name, Permissions: []Permission{}, Members: members[name]}
		r.nameless = !utf8.ValidString(name)
		r.rowless = d.layout.Roles.Table != ""
		d.namedAt[name] = []int{len(d.roles)}
		d.roles = append(d.roles, r)
		if r.nameless {
			d.faults = append(d.faults, d.nameless(r))
		}
	}
	return nil
}

// heldNames returns the names in a user's text of roles, each once, in the order of the text. A
// value that is not text has none, and the empty text is no name.
func heldNames(v sqlite.Value) (names []string) {
	if v.Kind() != sqlite.Text {
		return nil
	}
	for name := range strings.SplitSeq(v.Data(), ",") {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
