package rbac

import "github.com/seedkit/seedkit/generate"

// A SeedOption gives [Policy.Seed] values for further columns.
type SeedOption func(*seeding)

type seeding struct {
	role       func(Role) generate.Row
	permission func(Permission) generate.Row
}

// RoleColumns gives the row of each role further columns.
func RoleColumns(columns func(Role) generate.Row) SeedOption {
	return func(s *seeding) { s.role = columns }
}

// PermissionColumns gives the row of each permission further columns.
func PermissionColumns(columns func(Permission) generate.Row) SeedOption {
	return func(s *seeding) { s.permission = columns }
}

// Seed declares the policy's rows as fixtures.
func (p Policy) Seed(s *generate.Fixtures, options ...SeedOption) { panic("not yet") }
