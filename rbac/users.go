package rbac

import "iter"

// A User is a user of the app with what the database gives to the user.
type User struct {
	ID     string       `json:"id"`     // as text: a blob is x'00ff'
	Name   string       `json:"name"`   // the first of the layout's names, or the id
	Roles  []string     `json:"roles"`  // the names, in the order of Database.Roles
	Direct []Permission `json:"direct"` // permissions without a role

	// Superuser says that the user passes every check.
	Superuser bool `json:"superuser,omitempty"`

	held []int // the places of the roles in Database.Roles
}

// A Holder is a user who passes a check, with the reasons.
type Holder struct {
	User    User     `json:"user"`
	Reasons []Reason `json:"reasons"`
}

// User returns the user with the given email, username or id: the value of one of the columns that
// the layout names, exactly as it is stored. A [*UserError] says that there is no such user, or
// more than one.
func (d *Database) User(name string) (User, error) { panic("not yet") }

// Users yields every user, in the order of their ids. It takes no more memory for more users. An
// error is the last thing yielded.
func (d *Database) Users() iter.Seq2[User, error] { panic("not yet") }

// Reasons returns why a user of the database passes a check: each role with each permission that
// the database gives to the role, and each permission that the user has directly. There are none if
// the user does not pass. An ill-formed check is a [*CheckError].
//
// If the database has no tables of permissions, the policy's grants of the user's roles count. The
// policy makes no difference otherwise.
func (d *Database) Reasons(p Policy, u User, c Check) ([]Reason, error) { panic("not yet") }

// UsersWith yields every user who passes a check, as [Database.Users] and [Database.Reasons] do.
func (d *Database) UsersWith(p Policy, c Check) iter.Seq2[Holder, error] { panic("not yet") }
