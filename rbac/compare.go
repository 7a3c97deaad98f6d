package rbac

import (
	"cmp"
	"slices"
)

// Compare finds what differs between a policy and a database.
//
// A role that the policy does not name is left alone. It is a difference only if users have it,
// because then users may do what no policy says. To accept such a role, declare it in the policy.
// Permissions that no role has, and descriptions, make no difference.
//
// Without tables of permissions, the roles' names and members alone are compared. Without a table
// of roles, a role that nobody has is no difference either.
//
// A policy whose permissions the database cannot store is an error: they have fewer or more parts
// than the table has columns, or an entity has fewer names than the table of entities.
func Compare(p Policy, d *Database) (Diff, error) {
	if err := p.Validate(); err != nil {
		return Diff{}, err
	}
	c := comparison{
		policy: p, database: d, stored: map[string][]int{}, there: map[Permission]bool{},
		absent: map[Permission]bool{}, known: map[string]bool{},
	}
	if err := d.layout.fits(p); err != nil {
		return Diff{}, err
	}
	c.index()
	for _, r := range p.Roles {
		if err := c.role(r); err != nil {
			return Diff{}, err
		}
	}
	c.unknown()
	if err := c.users(); err != nil {
		return Diff{}, err
	}
	c.diff.Changes = append(c.diff.Changes, d.faults...)
	slices.SortStableFunc(c.diff.Changes, func(a, b Change) int {
		return cmp.Compare(a.danger(), b.danger())
	})
	return c.diff, nil
}

// danger returns the place of a change in a diff.
func (c Change) danger() int {
	if c.Kind == ExtraGrant && (c.Permission.Access == "" || c.Permission.Access == "any") {
		return -1
	}
	return slices.Index(kinds, c.Kind)
}

// A comparison collects a diff.
type comparison struct {
	policy   Policy
	database *Database
	stored   map[string][]int    // the places of the stored roles of each name
	known    map[string]bool     // the names that the policy has or had
	there    map[Permission]bool // the stored permissions
	absent   map[Permission]bool // the permissions that are reported as missing
	diff     Diff
}

func (c *comparison) index() {
	c.diff = Diff{Changes: []Change{}, Others: []StoredRole{}}
	for i, r := range c.database.roles {
		if !r.nameless && !r.rowless {
			c.stored[r.Name] = append(c.stored[r.Name], i)
		}
	}
	for _, p := range c.database.permissions {
		if !p.nameless {
			c.there[p.Permission] = true
		}
	}
	for _, r := range c.policy.Roles {
		c.known[r.Name] = true
		for _, former := range r.Formerly {
			c.known[former] = true
		}
	}
}

func (c *comparison) add(change Change) { c.diff.Changes = append(c.diff.Changes, change) }

// role compares one role of the policy.
func (c *comparison) role(r Role) error {
	var former []string
	for _, name := range r.Formerly {
		if len(c.stored[name]) > 0 && !slices.Contains(former, name) && name != r.Name {
			former = append(former, name)
		}
	}
	rows := c.stored[r.Name]
	switch {
	case len(former) == 1 && len(rows) == 0:
		rows = c.stored[former[0]]
		c.add(c.renaming(RenamedRole, r.Name, former[0]))
	case len(former) > 0:
		for _, name := range former {
			c.add(c.renaming(RenameConflict, r.Name, name))
		}
	case len(rows) == 0 && c.database.layout.Roles.Table != "":
		c.add(Change{Kind: MissingRole, Role: r.Name})
	}
	if c.database.layout.Permissions.Table == "" {
		return nil
	}
	return c.grants(r, rows)
}

func (c *comparison) renaming(kind Kind, role, former string) Change {
	change := Change{Kind: kind, Role: role, Stored: former, Table: c.database.roleTable()}
	for _, at := range c.stored[former] {
		change.IDs = append(change.IDs, c.database.roles[at].ID)
		change.Members += c.database.roles[at].Members
	}
	return change
}

// grants compares the permissions of a role with those of its rows.
func (c *comparison) grants(r Role, rows []int) error {
	want, err := c.policy.Permissions(r.Name)
	if err != nil {
		return err
	}
	wanted := make(map[Permission]bool, len(want))
	for _, permission := range want {
		wanted[permission] = true
	}
	have := map[Permission]bool{}
	for _, row := range rows {
		stored := c.database.roles[row]
		for _, at := range stored.granted {
			p := c.database.permissions[at]
			if p.nameless || have[p.Permission] {
				continue
			}
			have[p.Permission] = true
			if !wanted[p.Permission] {
				c.add(Change{
					Kind: ExtraGrant, Role: r.Name, Stored: stored.Name, Permission: p.Permission,
					Members: stored.Members,
				})
			}
		}
	}
	for _, permission := range want {
		if !c.there[permission] && !c.absent[permission] {
			c.absent[permission] = true
			c.add(Change{Kind: MissingPermission, Permission: permission})
		}
		if !have[permission] {
			c.add(Change{Kind: MissingGrant, Role: r.Name, Permission: permission})
		}
	}
	return nil
}

// unknown finds the roles that the policy does not name.
func (c *comparison) unknown() {
	for _, r := range c.database.roles {
		switch {
		case r.nameless || c.known[r.Name]:
		case r.Members == 0:
			c.diff.Others = append(c.diff.Others, r)
		default:
			c.add(Change{
				Kind: UnknownRole, Role: r.Name, Stored: r.Name, Members: r.Members,
				Table: c.database.roleTable(), IDs: []string{r.ID},
			})
		}
	}
}

// users finds what users have without a role.
func (c *comparison) users() error {
	l := c.database.layout
	if l.Direct.Table == "" && l.Users.Superuser == "" {
		return nil
	}
	const mostNames = 10
	direct := map[Permission]*Change{}
	for u, err := range c.database.Users() {
		if err != nil {
			return err
		}
		if u.Superuser {
			c.diff.Superusers++
		}
		for _, p := range u.Direct {
			if direct[p] == nil {
				direct[p] = &Change{Kind: DirectGrant, Permission: p, Table: l.Direct.Table}
			}
			if direct[p].Members++; len(direct[p].Users) < mostNames {
				direct[p].Users = append(direct[p].Users, u.Name)
			}
		}
	}
	for _, p := range c.database.permissions {
		if change := direct[p.Permission]; change != nil {
			c.add(*change)
			delete(direct, p.Permission)
		}
	}
	return nil
}
