package rbac

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A finder finds the layout of a database by the names, the columns and the keys of its tables. It
// never decides between two candidates.
type finder struct {
	conn   *sqlite.Conn
	schema *schema.Schema
	users  []*schema.Table // the tables that may have the users
}

func findLayout(c *sqlite.Conn, s *schema.Schema) (Layout, error) {
	f := finder{conn: c, schema: s, users: userTables(s)}
	roles, permissions := roleTables(s), permissionTables(s)
	var withGrants, granted []*schema.Table
	for _, r := range roles {
		for _, p := range permissions {
			if len(f.joins(r, p)) > 0 {
				withGrants, granted = appendNew(withGrants, r), appendNew(granted, p)
			}
		}
	}
	if len(withGrants) == 0 {
		return f.withoutPermissions(roles, permissions)
	}
	r, err := onlyTable("roles", "the roles", withGrants)
	if err != nil {
		return Layout{}, err
	}
	p, err := onlyTable("permissions", "the permissions", granted)
	if err != nil {
		return Layout{}, err
	}
	return f.complete(r, p)
}

// complete returns the layout with the given tables of roles and permissions.
func (f finder) complete(r, p *schema.Table) (l Layout, err error) {
	if l.Roles, err = describeRoles(r); err != nil {
		return l, err
	}
	if l.Permissions, err = f.describePermissions(p); err != nil {
		return l, err
	}
	grants, err := choose("grants", "the grants", f.joins(r, p))
	if err != nil {
		return l, err
	}
	l.Grants.Table = grants.table.Name
	if l.Grants.Role, err = grants.column("grants.role", grants.from); err != nil {
		return l, err
	}
	if l.Grants.Permission, err = grants.column("grants.permission", grants.to); err != nil {
		return l, err
	}
	users, err := f.members(&l, r, p)
	if err != nil {
		return l, err
	}
	if err := f.direct(&l, p, users, grants.table); err != nil {
		return l, err
	}
	return l, f.guard(&l, r, p)
}

// withoutPermissions returns the layout of a database whose app has the permissions in its code.
func (f finder) withoutPermissions(roles, permissions []*schema.Table) (l Layout, err error) {
	var held []*schema.Table
	for _, r := range roles {
		if lastWord(r) == "role" && len(f.memberships(r, permissions...)) > 0 {
			held = append(held, r)
		}
	}
	if len(held) == 0 {
		return f.namesInColumn()
	}
	if like := permissionLike(f.schema); len(like) > 0 {
		return l, &NoLayoutError{fmt.Sprintf("roles in %s and permissions in %s, "+
			"and no table that joins them", tableList(held), tableList(like))}
	}
	r, err := onlyTable("roles", "the roles", held)
	if err != nil {
		return l, err
	}
	if own, ok := r.Column("permissions"); ok {
		return l, &NoLayoutError{fmt.Sprintf("roles in %q, with permissions in the column %q "+
			"in place of a table", r.Name, own.Name)}
	}
	if l.Roles, err = describeRoles(r); err != nil {
		return l, err
	}
	if _, err := f.members(&l, r); err != nil {
		return l, err
	}
	return l, f.guard(&l, r)
}

// namesInColumn returns the layout of a database that has the names of a user's roles in a column.
func (f finder) namesInColumn() (l Layout, err error) {
	var places []string
	for _, u := range f.users {
		for _, column := range roleColumns(u) {
			l.Users = describeUsers(u)
			l.Users.Roles = column
			places = append(places, u.Name+"."+column)
		}
	}
	switch len(places) {
	case 0:
		return l, &NoLayoutError{"no roles: neither a table of roles (its name ends in role or " +
			"group) that a table joins to permissions or to users, nor a table of users " +
			"(its name ends in user) with a text column role or roles"}
	case 1:
		return l, nil
	}
	return l, &AmbiguousLayoutError{"users.roles", "the users' roles", places}
}

// members fills in which users have the roles, and returns the table of users.
func (f finder) members(l *Layout, r *schema.Table, others ...*schema.Table) (
	*schema.Table, error,
) {
	found := f.memberships(r, others...)
	if len(found) == 0 {
		hasNames := func(u *schema.Table) bool { return len(roleColumns(u)) > 0 }
		if !slices.ContainsFunc(f.users, hasNames) {
			return nil, &NoLayoutError{fmt.Sprintf(
				"roles in %q, and nothing that says which users have them", r.Name)}
		}
		in, err := f.namesInColumn()
		l.Users = in.Users
		return f.schema.Table(l.Users.Table), err
	}
	m, err := choose("members", "the users' roles", found)
	if err != nil {
		return nil, err
	}
	if own := roleColumns(m.of); len(own) > 0 {
		return nil, &AmbiguousLayoutError{"members or users.roles", "the users' roles",
			[]string{m.table.Name, m.of.Name + "." + own[0]}}
	}
	l.Users, l.Members.Table = describeUsers(m.of), m.table.Name
	if l.Members.Role, err = m.column("members.role", m.from); err != nil {
		return nil, err
	}
	if l.Members.User, err = m.column("members.user", m.to); err != nil {
		return nil, err
	}
	l.Members.Where, err = f.morph("members", m)
	return m.of, err
}

// direct fills in the permissions that users have without a role.
func (f finder) direct(l *Layout, p, users, grants *schema.Table) error {
	if users == nil {
		return nil
	}
	found := f.joins(p, users)
	found = append(found, f.morphs(p, users)...)
	found = slices.DeleteFunc(found, func(j join) bool {
		return j.table == grants || j.table == users || j.table.Name == l.Members.Table
	})
	if len(found) == 0 {
		return nil
	}
	j, err := choose("direct", "the permissions that users have without a role", found)
	if err != nil {
		return err
	}
	l.Direct.Table = j.table.Name
	if l.Direct.Permission, err = j.column("direct.permission", j.from); err != nil {
		return err
	}
	if l.Direct.User, err = j.column("direct.user", j.to); err != nil {
		return err
	}
	l.Direct.Where, err = f.morph("direct", j)
	return err
}

// guardColumn is the column of spatie/laravel-permission that says for which users a role or a
// permission is. Laravel's default is "web".
const guardColumn, defaultGuard = "guard_name", "web"

// guard restricts roles and permissions to the guard that the database uses.
func (f finder) guard(l *Layout, tables ...*schema.Table) error {
	for _, t := range tables {
		if _, ok := t.Column(guardColumn); !ok {
			return nil
		}
	}
	var guards []string
	for _, t := range tables {
		values, err := f.values(t, guardColumn)
		if err != nil {
			return err
		}
		guards = append(guards, values...)
	}
	slices.Sort(guards)
	guards = slices.Compact(guards)
	switch len(guards) {
	case 0:
		guards = []string{defaultGuard}
	case 1:
	default:
		return &AmbiguousLayoutError{"where." + guardColumn, "the roles and the permissions",
			guards}
	}
	l.Roles.Where = map[string]string{guardColumn: guards[0]}
	if l.Permissions.Table != "" {
		l.Permissions.Where = map[string]string{guardColumn: guards[0]}
	}
	return nil
}

// morph returns the condition on a join table that refers to more than one table of users.
func (f finder) morph(part string, j join) (map[string]string, error) {
	if j.typeColumn == "" {
		return nil, nil
	}
	types, err := f.values(j.table, j.typeColumn)
	switch {
	case err != nil:
		return nil, err
	case len(types) == 0:
		return nil, nil
	case len(types) == 1 && !slices.Contains(wordsOf(types[0]), lastWord(j.of)):
		return nil, &NoLayoutError{fmt.Sprintf("%q in %s.%s, and no table of such users", types[0],
			j.table.Name, j.typeColumn)}
	case len(types) == 1:
		return map[string]string{j.typeColumn: types[0]}, nil
	}
	return nil, &AmbiguousLayoutError{part + ".where." + j.typeColumn,
		fmt.Sprintf("the users in %q", j.table.Name), types}
}

// values returns the different values of a column, as text.
func (f finder) values(t *schema.Table, column string) (values []string, err error) {
	sql := fmt.Sprintf("SELECT DISTINCT CAST(%s AS TEXT) COLLATE BINARY AS v FROM %s "+
		"WHERE v IS NOT NULL ORDER BY v LIMIT 10", sqltext.QuoteIdent(column),
		sqltext.QuoteIdent(t.Name))
	for row, err := range f.conn.Query(sql) {
		if err != nil {
			return nil, fmt.Errorf("read %s.%s: %w", t.Name, column, err)
		}
		values = append(values, row.Text(0))
	}
	return values, nil
}
