package rbac

import (
	"fmt"
	"strings"
)

// An AmbiguousLayoutError says that the shape of a database's tables allows two layouts.
type AmbiguousLayoutError struct {
	// Part is the part of the layout, such as "members" or "roles.where.guard_name".
	Part       string
	What       string   // what the candidates may hold, such as "the users' roles"
	Candidates []string // tables, columns or values; at least two
}

func (e *AmbiguousLayoutError) Error() string {
	quoted := make([]string, len(e.Candidates))
	for i, c := range e.Candidates {
		quoted[i] = fmt.Sprintf("%q", c)
	}
	last := len(quoted) - 1
	return fmt.Sprintf("%s may be in %s or %s: write a layout: into the policy file, with %s",
		e.What, strings.Join(quoted[:last], ", "), quoted[last], e.Part)
}

// A NoLayoutError says that a database's tables do not have the shape of roles and permissions.
type NoLayoutError struct {
	Missing string // what was looked for and not found
}

func (e *NoLayoutError) Error() string {
	return "found " + e.Missing + ": if the database has roles, " +
		"write a layout: into the policy file"
}

// A LayoutError says that a given layout does not fit a database.
type LayoutError struct {
	Part   string // the part of the layout, such as "members.role"
	Reason string
}

func (e *LayoutError) Error() string {
	return fmt.Sprintf("layout: %s: %s", e.Part, e.Reason)
}

// A UserError says that a name does not name exactly one user.
type UserError struct {
	Name    string
	Matches []User // the first ten users with that name; empty if there are none
	Near    string // a similar name of a user, or ""
}

func (e *UserError) Error() string {
	if len(e.Matches) > 0 {
		ids := make([]string, len(e.Matches))
		for i, u := range e.Matches {
			ids[i] = fmt.Sprintf("%q", u.ID)
		}
		return fmt.Sprintf("more than one user is named %q: those with the ids %s", e.Name,
			strings.Join(ids, ", "))
	}
	if e.Near != "" {
		return fmt.Sprintf("no user is named %q (did you mean %q?)", e.Name, e.Near)
	}
	return fmt.Sprintf("no user is named %q", e.Name)
}
