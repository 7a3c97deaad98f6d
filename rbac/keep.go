package rbac

import "strings"

// KeepChecks returns the checks that some user must pass after a change: p.Keep, or, if that is
// empty, one check for each permission of the strongest role. That is the role with the most
// permissions, and of equals the first. A permission that no check can ask for, because of a colon
// or a comma in a name or because a name is empty, is left out. A policy whose grants
// [Policy.Validate] refuses has no such checks.
func (p Policy) KeepChecks() []Check {
	if len(p.Keep) > 0 {
		return p.Keep
	}
	v := p.vocabulary()
	var strongest []Permission
	for _, r := range p.Roles {
		permissions, err := v.permissions(r)
		if err != nil {
			return nil
		}
		if len(permissions) > len(strongest) {
			strongest = permissions
		}
	}
	var checks []Check
	for _, permission := range strongest {
		if c, ok := permission.check(p.parts()); ok {
			checks = append(checks, c)
		}
	}
	return checks
}

// check returns the check that only this permission satisfies, if a check can say so. Permissions
// have the given number of parts.
func (p Permission) check(parts int) (c Check, ok bool) {
	text := strings.Join([]string{p.Action, p.Entity, p.Access}[:parts], ":")
	q, err := Check(text).question(parts)
	return Check(text), err == nil && q.holds(p) && len(q.accesses) < 2
}
