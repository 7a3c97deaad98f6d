package rbac

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
	// Keep lists checks. A change after which no user passes all of them is refused.
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

// A Grant gives a role permissions. Colons separate actions, entities and accesses; commas mean
// each; a star means every declared name: "create,read:user,note:any", "*:note:own". A backslash
// makes the next character part of a name.
type Grant string

// A Check is the question of an app whether a user may do something: "delete:note" or
// "delete:note:own,any". It is no [Grant]: a comma means one of, and nothing is escaped or trimmed.
type Check string

// A Permission is an action on an entity with an access, each as the database stores it. Access
// and Entity are empty where the policy declares none.
type Permission struct{ Action, Entity, Access string }
