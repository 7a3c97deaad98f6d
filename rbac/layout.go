package rbac

// A Layout says where a database stores roles, permissions, and the users who have them. A table
// whose name is empty is absent.
type Layout struct {
	Roles       RoleTable
	Permissions PermissionTable
	Grants      JoinTable // role to permission
	Members     JoinTable // user to role
	Direct      JoinTable // user to permission, without a role
	Users       UserTable
}

// A RoleTable has a row for each role. Where names the columns that have one value in all rows,
// such as the guard_name of spatie/laravel-permission.
type RoleTable struct {
	Table, ID, Name, Description string
	Where                        map[string]string
}

// A PermissionTable has a row for each permission. Action, Entity and Access name its columns.
type PermissionTable struct {
	Table, ID, Action, Entity, Access string
	Where                             map[string]string
}

// A JoinTable has a row for each pair. Of Role, Permission and User, two name its columns.
type JoinTable struct {
	Table, Role, Permission, User string
	Where                         map[string]string
}

// A UserTable has the users. Names lists the unique columns by which a person names a user. Roles,
// if not empty, names a text column with the names of the user's roles, separated by commas.
type UserTable struct {
	Table, ID string
	Names     []string
	Roles     string
}
