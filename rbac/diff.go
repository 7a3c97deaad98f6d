package rbac

// A Kind is a kind of difference between a policy and a database.
type Kind string

// The kinds, in the order in which [Compare] lists them.
const (
	// ExtraGrant: a role that the policy names has a permission that the policy does not give it.
	// Permissions with the access "any", and those without an access, come first.
	ExtraGrant Kind = "extra grant"
	// DirectGrant: users have a permission without a role. A policy cannot say so.
	DirectGrant Kind = "direct grant"
	// DuplicateRole: two rows have one name.
	DuplicateRole Kind = "duplicate role"
	// DuplicatePermission: two rows are the same permission.
	DuplicatePermission Kind = "duplicate permission"
	// DuplicateGrant: a role has a permission by two rows of the join table.
	DuplicateGrant Kind = "duplicate grant"
	// Nameless: a name is not UTF-8 text, so no policy can say it. It may be NULL or a blob.
	Nameless Kind = "nameless"
	// RenamedRole: the database has the role by a former name.
	RenamedRole Kind = "renamed role"
	// RenameConflict: the database has the role by a former name, and also by its name or by
	// another former name.
	RenameConflict Kind = "rename conflict"
	// MissingRole: the policy names a role that the database does not have.
	MissingRole Kind = "missing role"
	// MissingPermission: a role of the policy has a permission for which there is no row.
	MissingPermission Kind = "missing permission"
	// MissingGrant: a role does not have a permission that the policy gives it. The role or the
	// permission may be missing, too.
	MissingGrant Kind = "missing grant"
	// UnknownRole: users have a role that the policy does not name.
	UnknownRole Kind = "unknown role"
)

// kinds lists the kinds in their order.
var kinds = []Kind{
	ExtraGrant, DirectGrant, DuplicateRole, DuplicatePermission, DuplicateGrant, Nameless,
	RenamedRole, RenameConflict, MissingRole, MissingPermission, MissingGrant, UnknownRole,
}

// A Change is one difference. The kind decides which fields are set.
type Change struct {
	Kind Kind `json:"kind"`
	// Role is the name of the role, as the policy says it if it is in the policy.
	Role string `json:"role"`
	// Stored is the name of the role in the database. It differs from Role if the policy renames
	// the role.
	Stored     string     `json:"stored,omitempty"`
	Permission Permission `json:"permission,omitzero"`
	// Table and IDs name the rows. A duplicate grant has the ids of the role and of the permission.
	Table string   `json:"table,omitempty"`
	IDs   []string `json:"ids,omitempty"`
	// Members is the number of users who have the role, or the direct grant.
	Members int64 `json:"members,omitempty"`
	// Users names the first ten users with a direct grant.
	Users []string `json:"users,omitempty"`
}

// A Diff is what differs between a policy and a database. Changes lists the dangerous differences
// first: the kinds in their order, within a kind the roles and permissions in the order of the
// policy or, if they are not in the policy, of the database.
type Diff struct {
	Changes []Change `json:"changes"`
	// Others are the roles that the policy does not name and no user has. They are no difference.
	Others []StoredRole `json:"others"`
	// Superusers is the number of users who pass every check, whatever their roles. They are no
	// difference.
	Superusers int64 `json:"superusers,omitempty"`
}

// Empty reports whether the policy and the database agree.
func (d Diff) Empty() bool { return len(d.Changes) == 0 }
