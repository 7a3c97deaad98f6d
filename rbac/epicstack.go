package rbac

// EpicStack returns the policy of apps that were made from the Epic Stack
// (https://github.com/epicweb-dev/epic-stack): the roles and permissions that its init migration
// inserts.
func EpicStack() Policy {
	return Policy{
		Actions:  []string{"create", "read", "update", "delete"},
		Entities: []string{"user", "note"},
		Accesses: []string{"own", "any"},
		Roles: []Role{
			{Name: "admin", Grants: []Grant{"*:*:any"}},
			{Name: "user", Grants: []Grant{"*:*:own"}},
		},
	}
}
