package rbac

import (
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
)

// A join is a table whose rows pair a row of one table with a row of another.
type join struct {
	table      *schema.Table
	from, to   []string      // the columns that refer to the two tables; one each, or it is unclear
	of         *schema.Table // the second of the two tables
	typeColumn string        // the column that says to which table the second column refers, or ""
	exact      bool          // the name of the table is made of the names of the two
}

// joins returns the tables that join two tables. A table named after something else counts only if
// it cannot have the same pair twice.
func (f finder) joins(from, to *schema.Table) (found []join) {
	for _, t := range f.schema.Tables {
		if t == from || t == to {
			continue
		}
		a, b := f.references(t, from), f.references(t, to)
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		j := join{
			table: t, from: a, to: b, of: to, typeColumn: typeOf(t, b),
			exact: namedAfter(t, from, to),
		}
		if j.exact || pairsOnce(t, a, b) {
			found = append(found, j)
		}
	}
	return found
}

// memberships returns the tables that say which users have the roles of a table: join tables, and a
// table of users with a column for the role. The other tables have no users.
func (f finder) memberships(roles *schema.Table, others ...*schema.Table) (found []join) {
	for _, u := range f.schema.Tables {
		if u == roles || slices.Contains(others, u) || idOf(u) == "" || isRoleTable(u) {
			continue
		}
		found = append(found, f.joins(roles, u)...)
		if column := f.references(u, roles); len(column) > 0 && slices.Contains(f.users, u) {
			found = append(found, join{
				table: u, from: column, to: []string{idOf(u)}, of: u, exact: true,
			})
		}
		if slices.Contains(f.users, u) {
			found = append(found, f.morphs(roles, u)...)
		}
	}
	isUser := func(j join) bool { return slices.Contains(f.users, j.of) }
	if slices.ContainsFunc(found, isUser) {
		found = slices.DeleteFunc(found, func(j join) bool { return !isUser(j) })
	}
	return found
}

func isRoleTable(t *schema.Table) bool {
	last := lastWord(t)
	return last == "role" || last == "permission" || last == "privilege"
}

// typeOf returns the column that says to which table a column without a foreign key refers:
// user_type for user_id, or "".
func typeOf(t *schema.Table, columns []string) string {
	if len(columns) != 1 || isForeign(t, columns[0]) {
		return ""
	}
	want := schema.Words(columns[0])
	for _, c := range t.Columns {
		w := schema.Words(c.Name)
		last := len(w) - 1
		if last > 0 && len(want) == len(w) && slices.Equal(w[:last], want[:last]) &&
			w[last] == "type" && want[last] == "id" {
			return c.Name
		}
	}
	return ""
}

// morphs returns the tables that join a table to users by two columns, for the type and for the id,
// as Laravel's morphs do. The columns are not named for the users.
func (f finder) morphs(from, users *schema.Table) (found []join) {
	for _, t := range f.schema.Tables {
		a := f.references(t, from)
		if len(a) == 0 || t == users {
			continue
		}
		for _, c := range t.Columns {
			id := []string{c.Name}
			if kind := typeOf(t, id); kind != "" && !isNamedFor(c.Name, users) &&
				pairsOnce(t, a, id) {
				found = append(found, join{table: t, from: a, to: id, of: users, typeColumn: kind})
			}
		}
	}
	return found
}

// references returns the columns of t that refer to another table: by a foreign key to its id, or
// without foreign keys by a name such as role_id. Of more than one, a column with such a name wins.
func (f finder) references(t, to *schema.Table) (columns []string) {
	id := idOf(to)
	for _, fk := range t.ForeignKeys {
		if f.schema.Table(fk.Parent) == to && len(fk.Columns) == 1 && len(fk.ParentColumns) == 1 &&
			sameName(fk.ParentColumns[0], id) && !slices.Contains(columns, fk.Columns[0]) {
			columns = append(columns, fk.Columns[0])
		}
	}
	var named []string
	for _, c := range t.Columns {
		if isNamedFor(c.Name, to) &&
			(slices.Contains(columns, c.Name) || len(columns) == 0 && !isForeign(t, c.Name)) {
			named = append(named, c.Name)
		}
	}
	if len(columns) == 0 || len(named) == 1 {
		return named
	}
	return columns
}

// isNamedFor reports whether a column is named for a table's id: role_id or roleId for the table
// roles or app_roles.
func isNamedFor(column string, t *schema.Table) bool {
	w, of := wordsOf(column), wordsOf(t.Name)
	if len(w) < 2 || len(of) == 0 || w[len(w)-1] != "id" {
		return false
	}
	w = w[:len(w)-1]
	return slices.Equal(w, of) || slices.Equal(w, of[len(of)-1:])
}

func isForeign(t *schema.Table, column string) bool {
	return slices.ContainsFunc(t.ForeignKeys, func(fk schema.ForeignKey) bool {
		return slices.ContainsFunc(fk.Columns, func(n string) bool { return sameName(n, column) })
	})
}

// linkWords may be in the name of a join table besides the names of the tables that it joins.
var linkWords = []string{
	"to", "ha", "have", "and", "of", "link", "lnk", "map", "join", "rel", "user",
}

// namedAfter reports whether the name of a join table consists of the names of the two tables, as
// _RoleToUser, roles_users, user_role and auth_user_groups do.
func namedAfter(t, a, b *schema.Table) bool {
	name, wordsA, wordsB := wordsOf(t.Name), wordsOf(a.Name), wordsOf(b.Name)
	if len(wordsA) == 0 || len(wordsB) == 0 ||
		!slices.Contains(name, lastWord(a)) || !slices.Contains(name, lastWord(b)) {
		return false
	}
	known := slices.Concat(wordsA, wordsB, linkWords)
	return !slices.ContainsFunc(name, func(w string) bool { return !slices.Contains(known, w) })
}

// pairsOnce reports whether a unique key has a column of each kind.
func pairsOnce(t *schema.Table, a, b []string) bool {
	has := func(u schema.Unique, columns []string) bool {
		return slices.ContainsFunc(columns, func(c string) bool {
			return slices.ContainsFunc(u.Columns, func(n string) bool { return sameName(n, c) })
		})
	}
	return slices.ContainsFunc(t.Uniques, func(u schema.Unique) bool {
		return has(u, a) && has(u, b)
	})
}

// choose returns the one join that is named after the two tables or, if none is, the one join.
func choose(part, what string, found []join) (join, error) {
	exact := slices.DeleteFunc(slices.Clone(found), func(j join) bool { return !j.exact })
	if len(exact) > 0 {
		found = exact
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var names, places []string
	for _, j := range found {
		names = append(names, j.table.Name)
		places = append(places, j.table.Name+"."+j.to[0])
	}
	if slices.Sort(names); len(slices.Compact(names)) < len(found) {
		names = places
	}
	return join{}, &AmbiguousLayoutError{part, what, names}
}

// column returns the one column of a join for one of its tables.
func (j join) column(part string, columns []string) (string, error) {
	if len(columns) == 1 {
		return columns[0], nil
	}
	return "", &AmbiguousLayoutError{part, "a row of " + j.table.Name, columns}
}
