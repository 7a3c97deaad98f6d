package rbac

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
)

// check finds the first place at which a given layout does not fit a schema.
func (l Layout) check(s *schema.Schema) error {
	c := layoutCheck{schema: s}
	if l.Roles.Table == "" && l.Users.Roles == "" {
		return &LayoutError{"roles", "a table of roles is missing, and users.roles too"}
	}
	if l.Roles.Table != "" {
		c.table("roles", l.Roles.Table)
		c.id("roles.id", l.Roles.ID)
		c.column("roles.name", l.Roles.Name)
		c.optional("roles.description", l.Roles.Description)
		c.where("roles", l.Roles.Where)
	}
	if l.Permissions.Table != "" {
		l.checkPermissions(&c)
	}
	if l.Users.Table != "" {
		c.table("users", l.Users.Table)
		c.id("users.id", l.Users.ID)
		for _, name := range l.Users.Names {
			c.column("users.names", name)
		}
		c.optional("users.roles", l.Users.Roles)
		c.optional("users.superuser", l.Users.Superuser)
	}
	roles, permissions, users := l.Roles.Table, l.Permissions.Table, l.Users.Table
	c.join("grants", l.Grants, roles, permissions, "-")
	c.join("members", l.Members, roles, "-", users)
	c.join("direct", l.Direct, "-", permissions, users)
	switch {
	case c.err != nil:
		return c.err
	case l.Users.Roles != "" && l.Members.Table != "":
		return &LayoutError{"members", "users.roles says already who has which role"}
	case permissions != "" && l.Grants.Table == "":
		return &LayoutError{"grants", "the table that joins roles to permissions is missing"}
	}
	return nil
}

func (l Layout) checkPermissions(c *layoutCheck) {
	p := l.Permissions
	c.table("permissions", p.Table)
	c.id("permissions.id", p.ID)
	c.column("permissions.action", p.Action)
	c.optional("permissions.entity", p.Entity)
	c.optional("permissions.access", p.Access)
	c.optional("permissions.label", p.Label)
	c.where("permissions", p.Where)
	switch {
	case p.Access != "" && p.Entity == "":
		c.fail("permissions.access", "permissions with an access need a column entity")
	case p.Entities.Table != "" && p.Entity == "":
		c.fail("permissions.entities", "no column entity refers to the table")
	case p.Entities.Table != "":
		c.table("permissions.entities", p.Entities.Table)
		c.id("permissions.entities.id", p.Entities.ID)
		if len(p.Entities.Names) == 0 {
			c.fail("permissions.entities.names", "the columns are missing")
		}
		for _, name := range p.Entities.Names {
			c.column("permissions.entities.names", name)
		}
	}
}

// A layoutCheck holds the first mistake, and the table whose columns are checked.
type layoutCheck struct {
	schema *schema.Schema
	now    *schema.Table
	err    error
}

func (c *layoutCheck) fail(part, format string, args ...any) {
	if c.err == nil {
		c.err = &LayoutError{part, fmt.Sprintf(format, args...)}
	}
}

func (c *layoutCheck) table(part, name string) {
	if c.now = c.schema.Table(name); c.now == nil {
		c.fail(part, "the database has no table %q%s", name, didYouMean(name, c.schema.Names()))
	}
}

func (c *layoutCheck) column(part, name string) {
	switch {
	case c.now == nil:
	case name == "":
		c.fail(part, "the column of table %q is missing", c.now.Name)
	default:
		if _, ok := c.now.Column(name); !ok {
			c.fail(part, "table %q has no column %q%s", c.now.Name, name,
				didYouMean(name, c.now.ColumnNames()))
		}
	}
}

func (c *layoutCheck) optional(part, name string) {
	if name != "" {
		c.column(part, name)
	}
}

func (c *layoutCheck) id(part, name string) {
	c.column(part, name)
	if c.err == nil && !uniqueAlone(c.now, name) {
		c.fail(part, "the column %q of table %q is not unique", name, c.now.Name)
	}
}

func (c *layoutCheck) where(part string, where map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(where)) {
		c.column(part+".where", name)
	}
}

// join checks a join table. Each of the names is that of a table that it joins, "" if the layout
// lacks that table, or "-" if the join table does not join it.
func (c *layoutCheck) join(part string, j JoinTable, roles, permissions, users string) {
	if j.Table == "" {
		return
	}
	c.table(part, j.Table)
	for _, end := range []struct{ name, table, column string }{
		{"role", roles, j.Role}, {"permission", permissions, j.Permission}, {"user", users, j.User},
	} {
		switch {
		case end.table == "":
			c.fail(part, "the table %q needs a table of %ss", j.Table, end.name)
		case end.table != "-":
			c.column(part+"."+end.name, end.column)
		case end.column != "":
			c.fail(part+"."+end.name, "the table has no such column in this part of a layout")
		}
	}
	c.where(part, j.Where)
}
