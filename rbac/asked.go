package rbac

import (
	"regexp"
	"slices"
	"strings"
)

// An asked has the permissions for which the texts of an app ask.
type asked struct {
	policy   Policy
	exact    map[Permission]bool // without an access: any will do
	patterns map[string]*regexp.Regexp
}

func newAsked(p Policy) *asked {
	return &asked{policy: p, exact: map[Permission]bool{}, patterns: map[string]*regexp.Regexp{}}
}

// text adds a text of the app. Many a text is no check.
func (a *asked) text(c Check) {
	q, err := c.question(a.policy.parts())
	if err != nil {
		return
	}
	if len(q.accesses) == 0 {
		a.exact[Permission{Action: q.action, Entity: q.entity}] = true
	}
	for _, access := range q.accesses {
		a.exact[Permission{q.action, q.entity, access}] = true
	}
}

// partly adds a check whose text is known in parts. A check without a known part, such as a
// variable, adds nothing: the variable gets its value from a text of the app, which counts.
func (a *asked) partly(parts []string) {
	key := strings.Join(parts, "\x00")
	if strings.Join(parts, "") == "" || a.patterns[key] != nil {
		return
	}
	quoted := make([]string, len(parts))
	for i, part := range parts {
		quoted[i] = regexp.QuoteMeta(part)
	}
	a.patterns[key] = regexp.MustCompile(`(?s)\A` + strings.Join(quoted, ".*") + `\z`)
}

// covers reports whether a text, or what is known of one, asks for the permission.
func (a *asked) covers(p Permission) bool {
	if a.exact[p] || a.exact[Permission{Action: p.Action, Entity: p.Entity}] {
		return true
	}
	for _, pattern := range a.patterns {
		fits := func(c string) bool { return pattern.MatchString(c) }
		if slices.ContainsFunc(a.checks(p), fits) {
			return true
		}
	}
	return false
}

// checks returns checks that the permission passes: all that name at most two accesses.
func (a *asked) checks(p Permission) []string {
	switch a.policy.parts() {
	case 1:
		return []string{p.Action}
	case 2:
		return []string{p.Action + ":" + p.Entity}
	}
	entity := p.Action + ":" + p.Entity
	checks := []string{entity, entity + ":" + p.Access}
	for _, other := range a.policy.Accesses {
		checks = append(checks, entity+":"+p.Access+","+other, entity+":"+other+","+p.Access)
	}
	return checks
}
