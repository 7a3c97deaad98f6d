package rbac

// A Layout says where a database stores roles, permissions, and the users who have them. A table
// whose name is empty is absent. The zero Layout means that [Open] finds the tables by their shape.
//
// A database without tables of permissions has them in the app's code. Then the policy's grants
// count. A database without a table of roles has the names in a column of the users.
type Layout struct {
	Roles       RoleTable       `json:"roles,omitzero"`
	Permissions PermissionTable `json:"permissions,omitzero"`
	Grants      JoinTable       `json:"grants,omitzero"`  // role to permission
	Members     JoinTable       `json:"members,omitzero"` // user to role
	Direct      JoinTable       `json:"direct,omitzero"`  // user to permission, without a role
	Users       UserTable       `json:"users,omitzero"`
}

// A RoleTable has a row for each role. ID is the column to which the other tables refer.
// Description may be empty.
type RoleTable struct {
	Table       string `json:"table"`
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Where restricts the rows to those with these values in these columns, such as guard_name in
	// the tables of spatie/laravel-permission. New rows get the values.
	Where map[string]string `json:"where,omitempty"`
}

// A PermissionTable has a row for each permission. Action, Entity and Access name its columns.
// Access is empty if permissions have no access. Entity is empty, too, if they are single names.
type PermissionTable struct {
	Table  string `json:"table"`
	ID     string `json:"id"`
	Action string `json:"action"`
	Entity string `json:"entity,omitempty"`
	Access string `json:"access,omitempty"`
	// Label names a column with a text for people, which a new row needs: the name in the tables of
	// Django and of Ghost. It may be empty.
	Label string `json:"label,omitempty"`
	// Entities is the table to which Entity refers, if Entity has no names itself.
	Entities EntityTable       `json:"entities,omitzero"`
	Where    map[string]string `json:"where,omitempty"` // as in RoleTable
}

// An EntityTable has a row for each entity, such as Django's content types. The name of an entity
// is what the columns of Names hold, with a dot between them.
type EntityTable struct {
	Table string   `json:"table"`
	ID    string   `json:"id"`
	Names []string `json:"names"`
}

// A JoinTable has a row for each pair. Of Role, Permission and User, two name its columns. If a
// user has one role, Members may be the table of users itself: its column for the role, and its id.
type JoinTable struct {
	Table      string `json:"table"`
	Role       string `json:"role,omitempty"`
	Permission string `json:"permission,omitempty"`
	User       string `json:"user,omitempty"`
	// Where restricts the rows as in RoleTable. In the tables of spatie/laravel-permission it says
	// which model_type a user has.
	Where map[string]string `json:"where,omitempty"`
}

// A UserTable has the users.
type UserTable struct {
	Table string `json:"table"`
	ID    string `json:"id"`
	// Names lists the columns by which a person names a user, such as the email. The first that is
	// not empty is shown.
	Names []string `json:"names,omitempty"`
	// Roles, if not empty, names a text column with the names of the user's roles. Commas separate
	// them, and nothing is trimmed. A user with NULL has no role.
	Roles string `json:"roles,omitempty"`
	// Superuser, if not empty, names a column. A user with true there passes every check, as with
	// Django's is_superuser.
	Superuser string `json:"superuser,omitempty"`
}

// zero reports whether the layout names no table, so that the shape of the tables must tell it.
func (l Layout) zero() bool {
	return l.Roles.Table == "" && l.Permissions.Table == "" && l.Grants.Table == "" &&
		l.Members.Table == "" && l.Direct.Table == "" && l.Users.Table == ""
}

// parts returns the number of parts of a stored permission. See [Policy.parts].
func (l Layout) parts() int {
	switch {
	case l.Permissions.Access != "":
		return 3
	case l.Permissions.Entity != "":
		return 2
	}
	return 1
}
