package rbac

import (
	"maps"
	"slices"

	"github.com/seedkit/seedkit/generate"
)

// A SeedOption gives the rows of [Policy.Seed] further columns.
type SeedOption func(*seeding)

// RoleColumns gives the row of each role further columns, such as an id. Those that the policy
// determines stay.
func RoleColumns(columns func(Role) generate.Row) SeedOption {
	return func(s *seeding) { s.roleColumns = columns }
}

// PermissionColumns gives the row of each permission further columns, as [RoleColumns] does.
func PermissionColumns(columns func(Permission) generate.Row) SeedOption {
	return func(s *seeding) { s.permissionColumns = columns }
}

// Seed declares fixtures: a row for each permission that a role has, in the order of
// [Policy.Permissions], a row for each role, and a row for each grant of a permission. A role's
// name is the name of its fixture, so Ref("Role", "admin") refers to it. Rows that the schema's
// migrations insert are adopted, whatever their ids. Every generated value depends only on the
// name of the role or the permission, so a new role changes no other row.
//
// The rows are in the tables that p.Layout names, and the zero Layout means the tables of the Epic
// Stack. If the layout has no table of permissions, or of roles, Seed declares no rows for them.
//
// Seed panics if [Policy.Validate] finds a mistake, and if the layout has no column for a part of
// the permissions. In a set's Fill, generate reports the panic as a mistake of the set.
func (p Policy) Seed(fixtures *generate.Fixtures, options ...SeedOption) {
	s := &seeding{
		Fixtures: fixtures, layout: p.Layout,
		roleColumns:       func(Role) generate.Row { return nil },
		permissionColumns: func(Permission) generate.Row { return nil },
		permissions:       map[Permission]generate.Ref{}, entities: map[string]generate.Ref{},
	}
	for _, option := range options {
		option(s)
	}
	if p.Layout.zero() {
		s.layout = epicStackLayout
	}
	if err := s.check(p); err != nil {
		panic(err)
	}
	s.seed(p)
}

// seeding declares the rows of one policy.
type seeding struct {
	*generate.Fixtures
	layout            Layout
	roleColumns       func(Role) generate.Row
	permissionColumns func(Permission) generate.Row
	permissions       map[Permission]generate.Ref
	entities          map[string]generate.Ref
}

func (s *seeding) check(p Policy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	return s.layout.fits(p)
}

func (s *seeding) seed(p Policy) {
	v := p.vocabulary()
	having := map[Permission]bool{}
	byRole := make([][]Permission, len(p.Roles))
	for i, r := range p.Roles {
		byRole[i], _ = v.permissions(r) // Validate has found no mistake
		for _, permission := range byRole[i] {
			having[permission] = true
		}
	}
	if s.layout.Permissions.Table != "" {
		for _, permission := range slices.SortedFunc(maps.Keys(having), v.compare) {
			s.permissions[permission] = s.permission(permission)
		}
	}
	if s.layout.Roles.Table == "" {
		return
	}
	for i, r := range p.Roles {
		role := s.add(s.layout.Roles.Table, r.Name, s.roleColumns(r), s.layout.Roles.row(r))
		if grants := s.layout.Grants; grants.Table != "" {
			for _, permission := range byRole[i] {
				s.Add(grants.Table, grantName(r.Name, permission), with(generate.Row{
					grants.Role: role, grants.Permission: s.permissions[permission],
				}, grants.Where))
			}
		}
	}
}

// add declares a row with the columns of an option and those of the policy.
func (s *seeding) add(table, name string, further, row generate.Row) generate.Ref {
	all := generate.Row{}
	maps.Copy(all, further)
	maps.Copy(all, row)
	return s.Add(table, name, all)
}

// permission declares the row of a permission, and the row of its entity if that has a table.
func (s *seeding) permission(p Permission) generate.Ref {
	t := s.layout.Permissions
	var entity any = p.Entity
	if t.Entities.Table != "" {
		ref, ok := s.entities[p.Entity]
		if !ok {
			ref = s.Add(t.Entities.Table, p.Entity, t.Entities.row(p.Entity))
			s.entities[p.Entity] = ref
		}
		entity = ref
	}
	return s.add(t.Table, p.String(), s.permissionColumns(p), t.row(p, entity))
}
