package rbac

// roleFaults finds rows of roles that no policy can say: two of one name, and names that are no
// text.
func (d *Database) roleFaults() (faults []Change) {
	byName := map[string][]int{}
	for i, r := range d.roles {
		if r.nameless {
			faults = append(faults, d.nameless(r))
			continue
		}
		byName[r.Name] = append(byName[r.Name], i)
	}
	for i, r := range d.roles {
		if same := byName[r.Name]; len(same) > 1 && same[0] == i {
			c := Change{Kind: DuplicateRole, Role: r.Name, Stored: r.Name, Table: d.roleTable()}
			for _, at := range same {
				c.IDs = append(c.IDs, d.roles[at].ID)
			}
			faults = append(faults, c)
		}
	}
	return faults
}

func (d *Database) nameless(r StoredRole) Change {
	return Change{
		Kind: Nameless, Role: r.Name, Table: d.roleTable(), IDs: []string{r.ID}, Members: r.Members,
	}
}

// roleTable returns the table that has the names of the roles.
func (d *Database) roleTable() string {
	if d.layout.Roles.Table == "" {
		return d.layout.Users.Table
	}
	return d.layout.Roles.Table
}

// permissionFaults finds rows of permissions that no policy can say.
func (d *Database) permissionFaults() (faults []Change) {
	table := d.layout.Permissions.Table
	same := map[Permission][]int{}
	for i, p := range d.permissions {
		if p.nameless {
			faults = append(faults, Change{
				Kind: Nameless, Permission: p.Permission, Table: table, IDs: []string{p.ID},
			})
			continue
		}
		same[p.Permission] = append(same[p.Permission], i)
	}
	for i, p := range d.permissions {
		if rows := same[p.Permission]; len(rows) > 1 && rows[0] == i {
			c := Change{Kind: DuplicatePermission, Permission: p.Permission, Table: table}
			for _, row := range rows {
				c.IDs = append(c.IDs, d.permissions[row].ID)
			}
			faults = append(faults, c)
		}
	}
	return faults
}

// twice says that a role has a permission by two rows.
func (d *Database) twice(role, permission int) Change {
	r, p := d.roles[role], d.permissions[permission]
	return Change{
		Kind: DuplicateGrant, Role: r.Name, Stored: r.Name, Permission: p.Permission,
		Table: d.layout.Grants.Table, IDs: []string{r.ID, p.ID},
	}
}
