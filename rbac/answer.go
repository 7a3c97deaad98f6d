package rbac

import "iter"

// A Holder is a user who passes a check, with the reasons.
type Holder struct {
	User    User     `json:"user"`
	Reasons []Reason `json:"reasons"`
}

// Reasons returns why a user of the database passes a check: each role with each permission that
// the database gives to the role, and each permission that the user has directly. There are none if
// the user does not pass. An ill-formed check is a [*CheckError].
//
// If the database has no tables of permissions, the policy's grants of the user's roles count. The
// policy makes no difference otherwise.
func (d *Database) Reasons(p Policy, u User, c Check) ([]Reason, error) {
	if d.layout.Permissions.Table == "" {
		reasons, err := p.Reasons(u.Roles, c)
		return withSuperuser(u, reasons), err
	}
	q, err := c.question(d.layout.parts())
	if err != nil {
		return nil, err
	}
	reasons := withSuperuser(u, nil)
	for _, at := range u.held {
		role := d.roles[at]
		for _, permission := range role.Permissions {
			if q.holds(permission) {
				reasons = append(reasons, Reason{Role: role.Name, Permission: permission})
			}
		}
	}
	for _, permission := range u.Direct {
		if q.holds(permission) {
			reasons = append(reasons, Reason{Permission: permission, Direct: true})
		}
	}
	return reasons, nil
}

func withSuperuser(u User, reasons []Reason) []Reason {
	if u.Superuser {
		return append(reasons, Reason{Superuser: true})
	}
	return reasons
}

// UsersWith yields every user who passes a check, as [Database.Users] and [Database.Reasons] do.
func (d *Database) UsersWith(p Policy, c Check) iter.Seq2[Holder, error] {
	return func(yield func(Holder, error) bool) {
		if _, err := d.Reasons(p, User{}, c); err != nil {
			yield(Holder{}, err)
			return
		}
		for u, err := range d.Users() {
			var reasons []Reason
			if err == nil {
				reasons, err = d.Reasons(p, u, c)
			}
			if err != nil {
				yield(Holder{}, err)
				return
			}
			if len(reasons) > 0 && !yield(Holder{u, reasons}, nil) {
				return
			}
		}
	}
}
