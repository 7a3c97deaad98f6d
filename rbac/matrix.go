package rbac

import (
	"maps"
	"slices"
)

// A Matrix shows which role has which permission.
type Matrix struct {
	Roles       []string    `json:"roles"`       // in the order of the policy
	Permissions []MatrixRow `json:"permissions"` // in the order of Policy.Permissions
}

// A MatrixRow is a permission with the roles that have it.
type MatrixRow struct {
	Action string   `json:"action"`
	Entity string   `json:"entity,omitempty"`
	Access string   `json:"access,omitempty"`
	Roles  []string `json:"roles"` // in the order of the policy, at least one
}

// Permission returns the permission of the row.
func (r MatrixRow) Permission() Permission { return Permission{r.Action, r.Entity, r.Access} }

// Matrix returns the roles and the permissions that they have. A permission that no role has is
// left out.
func (p Policy) Matrix() (Matrix, error) {
	v := p.vocabulary()
	m := Matrix{Roles: p.names(), Permissions: []MatrixRow{}}
	having := map[Permission][]string{}
	for _, r := range p.Roles {
		permissions, err := v.permissions(r)
		if err != nil {
			return Matrix{}, err
		}
		for _, permission := range permissions {
			having[permission] = append(having[permission], r.Name)
		}
	}
	for _, permission := range slices.SortedFunc(maps.Keys(having), v.compare) {
		m.Permissions = append(m.Permissions, MatrixRow{
			permission.Action, permission.Entity, permission.Access, having[permission],
		})
	}
	return m, nil
}
