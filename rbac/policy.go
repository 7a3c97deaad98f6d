package rbac

import (
	"fmt"
	"maps"
	"slices"
)

// A Policy says which roles an app has and what each role may do.
//
// Actions, Entities and Accesses are the vocabulary: a permission is one of each. An app whose
// permissions have no access leaves Accesses empty. An app whose permissions are single names
// leaves Entities empty, too, and lists the names as Actions.
type Policy struct {
	Actions  []string
	Entities []string
	Accesses []string
	// Roles are the roles that the policy owns, in the order of the file.
	Roles []Role
	// Keep lists checks. A change after which no user passes all of them is refused. If Keep is
	// empty, [Policy.KeepChecks] says which checks these are.
	Keep []Check
	// Layout names the tables. The zero value means that their shape tells them.
	Layout Layout
}

// A Role is a named set of grants.
type Role struct {
	Name        string
	Description string
	// Formerly lists names that the role had before. A stored role of such a name is renamed, and
	// keeps its id and its users.
	Formerly []string
	Grants   []Grant
}

// A Permission is an action on an entity with an access, each as the database stores it. Access
// and Entity are empty where the policy declares none.
type Permission struct {
	Action string `json:"action"`
	Entity string `json:"entity,omitempty"`
	Access string `json:"access,omitempty"`
}

// A Reason says why a check is allowed: a role allows it by a permission. For a user of a
// [Database] the permission may also be the user's own, or the user may pass every check.
type Reason struct {
	Role       string     `json:"role,omitempty"`
	Permission Permission `json:"permission,omitzero"`
	Direct     bool       `json:"direct,omitempty"`    // the user has it without a role
	Superuser  bool       `json:"superuser,omitempty"` // the user passes every check
}

// Permissions returns what a role's grants give, each permission once. They are in the order of the
// entities, then of the actions, then of the accesses. A role that the policy does not have, and a
// grant that Validate refuses, are errors.
func (p Policy) Permissions(role string) ([]Permission, error) {
	i := slices.IndexFunc(p.Roles, func(r Role) bool { return r.Name == role })
	if i < 0 {
		return nil, fmt.Errorf("the policy has no role %q%s", role, didYouMean(role, p.names()))
	}
	v := p.vocabulary()
	return v.permissions(p.Roles[i])
}

func (v *vocabulary) permissions(r Role) ([]Permission, error) {
	given, size := map[Permission]bool{}, 0
	for _, g := range r.Grants {
		names, err := v.grant(g)
		if err != nil {
			return nil, fmt.Errorf("role %q: %w", r.Name, err)
		}
		if size += product(names); size > mostPermissions {
			return nil, fmt.Errorf("role %q: the grants give more than %d permissions", r.Name,
				mostPermissions)
		}
		expand(names, given)
	}
	return slices.SortedFunc(maps.Keys(given), v.compare), nil
}

// names returns the names of the roles.
func (p Policy) names() []string {
	names := []string{}
	for _, r := range p.Roles {
		names = append(names, r.Name)
	}
	return names
}

// Allows reports whether a user with the given roles passes a check. It is a yes if one of the
// roles has a permission with that action and that entity and, where the check names accesses, one
// of these: "any" does not cover "own". A role that the policy does not have allows nothing. An
// ill-formed check is a [*CheckError], and never a yes.
func (p Policy) Allows(roles []string, c Check) (bool, error) {
	reasons, err := p.Reasons(roles, c)
	return len(reasons) > 0, err
}

// Reasons returns every role and permission by which [Policy.Allows] says yes, in the order of the
// policy's roles and of [Policy.Permissions].
func (p Policy) Reasons(roles []string, c Check) ([]Reason, error) {
	q, err := c.question(p.parts())
	if err != nil {
		return nil, err
	}
	v := p.vocabulary()
	var reasons []Reason
	for _, r := range p.Roles {
		if !slices.Contains(roles, r.Name) {
			continue
		}
		permissions, err := v.permissions(r)
		if err != nil {
			return nil, err
		}
		for _, permission := range permissions {
			if q.holds(permission) {
				reasons = append(reasons, Reason{Role: r.Name, Permission: permission})
			}
		}
	}
	return reasons, nil
}
