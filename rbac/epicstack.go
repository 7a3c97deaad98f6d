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

// epicStackLayout names the tables of the Epic Stack.
var epicStackLayout = Layout{
	Roles: RoleTable{Table: "Role", ID: "id", Name: "name", Description: "description"},
	Permissions: PermissionTable{
		Table: "Permission", ID: "id", Action: "action", Entity: "entity", Access: "access",
	},
	Grants:  JoinTable{Table: "_PermissionToRole", Permission: "A", Role: "B"},
	Members: JoinTable{Table: "_RoleToUser", Role: "A", User: "B"},
	Users:   UserTable{Table: "User", ID: "id", Names: []string{"email", "username"}},
}
