package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/generate"
)

// row returns the columns of a role's row that the policy knows.
func (t RoleTable) row(r Role) generate.Row {
	row := generate.Row{t.Name: r.Name}
	if t.Description != "" && r.Description != "" {
		row[t.Description] = r.Description
	}
	return with(row, t.Where)
}

// row returns the columns of a permission's row that the policy knows. Entity is the name of the
// permission's entity, or refers to the entity's row.
func (t PermissionTable) row(p Permission, entity any) generate.Row {
	row := generate.Row{t.Action: p.Action}
	if t.Entity != "" {
		row[t.Entity] = entity
	}
	if t.Access != "" {
		row[t.Access] = p.Access
	}
	if t.Label != "" {
		row[t.Label] = p.label()
	}
	return with(row, t.Where)
}

// row returns the columns of an entity's row.
func (t EntityTable) row(entity string) generate.Row {
	row := generate.Row{}
	for i, name := range t.parts(entity) {
		row[t.Names[i]] = name
	}
	return row
}

// parts cuts the name of an entity into the values of the columns. See [Layout.fits].
func (t EntityTable) parts(entity string) []string {
	return strings.SplitN(entity, ".", len(t.Names))
}

// fits refuses a policy with permissions that the tables cannot store, or with a role whose name
// would be several names in the users' texts.
func (l Layout) fits(p Policy) error {
	for _, r := range p.Roles {
		if l.Users.Roles != "" && strings.Contains(r.Name, ",") {
			return fmt.Errorf("the role %q cannot be in the column %s of table %s, where commas "+
				"separate the names of roles", r.Name, l.Users.Roles, l.Users.Table)
		}
	}
	if l.Permissions.Table == "" {
		return nil
	}
	if want, have := p.parts(), l.parts(); want != have && len(p.Actions) > 0 {
		return fmt.Errorf("the policy's permissions are %s, but those of table %s are %s",
			forms[want-1], l.Permissions.Table, forms[have-1])
	}
	t := l.Permissions.Entities
	for _, entity := range p.Entities {
		if t.Table != "" && len(t.parts(entity)) < len(t.Names) {
			return fmt.Errorf("the entity %q must have %d names with dots between them, for the "+
				"columns of table %s", entity, len(t.Names), t.Table)
		}
	}
	return nil
}

// label returns a text for people: "delete note own".
func (p Permission) label() string {
	parts := slices.DeleteFunc([]string{p.Action, p.Entity, p.Access},
		func(part string) bool { return part == "" })
	return strings.Join(parts, " ")
}

// grantName names the fixture of the row that joins a role with a permission.
func grantName(role string, p Permission) string {
	return escapes.Replace(role) + ":" + p.String()
}

// with adds the columns that have one value in all rows.
func with(row generate.Row, where map[string]string) generate.Row {
	for column, value := range where {
		row[column] = value
	}
	return row
}
