package rbac

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/document"
)

// Validate reports all mistakes of a policy, joined, each a [*PolicyError]: names that are declared
// twice, that are not UTF-8 or that two roles claim, and grants and checks that are ill-formed or
// that have undeclared words. A policy that [Parse] returns has none.
func (p Policy) Validate() error {
	m := &mistakes{}
	newValidator(p, m, nil).run(true)
	return m.err()
}

// A place is an item of one of a policy's lists, or of a role's.
type place struct {
	list string
	role int // 0 for a list of the policy
	item int
}

// A validator finds the mistakes of a policy.
type validator struct {
	policy Policy
	words  *vocabulary
	found  *mistakes
	places map[place]*document.Node // empty for a Go value
	// claims are the roles by their present and former names.
	claims map[string]claim
}

// A claim is a role's use of a name.
type claim struct {
	role   int
	former bool
}

func newValidator(p Policy, found *mistakes, places map[place]*document.Node) *validator {
	return &validator{
		policy: p, words: p.vocabulary(), found: found, places: places, claims: map[string]claim{},
	}
}

// run finds all mistakes. If a part of the vocabulary could not be read, grants and checks have no
// meaning, so run does not look at them.
func (v *validator) run(hasVocabulary bool) {
	v.names()
	for i := range v.policy.Roles {
		v.name(i)
	}
	for i := range v.policy.Roles {
		v.formerNames(i)
	}
	eachText(reflect.ValueOf(v.policy.Layout), func(text string) {
		v.encoding(document.Position{}, "layout", text)
	})
	if hasVocabulary {
		v.vocabularies()
		v.grants()
		v.keep()
	}
}

// at returns the position of the byte at an offset of a text.
func (v *validator) at(p place, offset int) document.Position {
	return v.places[p].Position(offset)
}

// vocabularies checks that a part of a permission has names if the next part has.
func (v *validator) vocabularies() {
	p := v.policy
	if len(p.Entities) == 0 && len(p.Accesses) > 0 {
		v.found.addf(v.at(place{list: "accesses"}, 0), "there are accesses, but no entities")
	}
	if len(p.Actions) == 0 && len(p.Entities) > 0 {
		v.found.addf(v.at(place{list: "entities"}, 0), "there are entities, but no actions")
	}
}

// names checks the declared names.
func (v *validator) names() {
	p := v.policy
	for part, list := range []string{"actions", "entities", "accesses"} {
		seen := map[string]bool{}
		for i, name := range [][]string{p.Actions, p.Entities, p.Accesses}[part] {
			at := v.at(place{list: list, item: i}, 0)
			if seen[name] {
				v.found.addf(at, "%s: %q is declared twice", list, name)
			}
			seen[name] = true
			v.encoding(at, list, name)
		}
	}
}

// encoding refuses a text that is not UTF-8, because YAML cannot have it.
func (v *validator) encoding(at document.Position, where, text string) {
	if !utf8.ValidString(text) {
		v.found.addf(at, "%s: %q is not valid UTF-8", where, text)
	}
}

// name checks a role's name and description.
func (v *validator) name(i int) {
	r := v.policy.Roles[i]
	at := v.at(place{list: "name", role: i}, 0)
	if _, twice := v.claims[r.Name]; twice {
		v.found.addf(at, "role %q is declared twice", r.Name)
	}
	v.claims[r.Name] = claim{role: i}
	v.encoding(at, "role", r.Name)
	v.encoding(at, fmt.Sprintf("role %q: description", r.Name), r.Description)
}

// formerNames checks that no other role has, or had, a name that the role had.
func (v *validator) formerNames(i int) {
	r := v.policy.Roles[i]
	for k, name := range r.Formerly {
		at := v.at(place{list: "formerly", role: i, item: k}, 0)
		other, claimed := v.claims[name]
		switch {
		case !claimed:
			v.claims[name] = claim{i, true}
		case other.role == i:
			v.found.addf(at, "role %q: formerly lists %q, which it has already", r.Name, name)
		case other.former:
			v.found.addf(at, "role %q: formerly lists %q, as the role %q does", r.Name, name,
				v.policy.Roles[other.role].Name)
		default:
			v.found.addf(at, "role %q: formerly lists %q, which is another role of the policy",
				r.Name, name)
		}
		v.encoding(at, fmt.Sprintf("role %q: formerly", r.Name), name)
	}
}

// grants checks the grants of all roles.
func (v *validator) grants() {
	size := 0
	for i, r := range v.policy.Roles {
		for k, g := range r.Grants {
			at := place{list: "grants", role: i, item: k}
			names, err := v.words.grant(g)
			if err != nil {
				v.found.add(v.at(at, err.Offset), fmt.Errorf("role %q: %w", r.Name, err))
				continue
			}
			if size <= mostPermissions {
				if size += product(names); size > mostPermissions {
					v.found.addf(v.at(at, 0), "role %q: with grant %q the policy grants more "+
						"than %d permissions", r.Name, string(g), mostPermissions)
				}
			}
		}
	}
}

// keep checks the form and the words of every check that is kept. If the policy has no mistake so
// far, its roles together must pass the checks.
func (v *validator) keep() {
	sound := len(v.found.all) == 0
	var all union
	for i, c := range v.policy.Keep {
		at := place{list: "keep", item: i}
		q, err := c.question(v.policy.parts())
		if err == nil {
			err = v.words.spelling(c, q)
		}
		var wrong *CheckError
		if errors.As(err, &wrong) {
			v.found.add(v.at(at, wrong.Offset), fmt.Errorf("keep: %w", err))
			continue
		}
		if sound && all.permissions == nil {
			all = v.union()
		}
		if sound && !all.pass(q) {
			v.found.addf(v.at(at, 0), "keep: no role passes the check %q", string(c))
		}
	}
}

// A union has the permissions of all roles, and each again without its access.
type union struct {
	permissions map[Permission]bool
	anyAccess   map[Permission]bool
}

func (v *validator) union() union {
	u := union{map[Permission]bool{}, map[Permission]bool{}}
	for _, r := range v.policy.Roles {
		permissions, _ := v.words.permissions(r)
		for _, p := range permissions {
			u.permissions[p] = true
			u.anyAccess[Permission{Action: p.Action, Entity: p.Entity}] = true
		}
	}
	return u
}

// pass reports whether somebody with all roles passes a check.
func (u union) pass(q question) bool {
	if len(q.accesses) == 0 {
		return u.anyAccess[Permission{Action: q.action, Entity: q.entity}]
	}
	return slices.ContainsFunc(q.accesses, func(access string) bool {
		return u.permissions[Permission{q.action, q.entity, access}]
	})
}

// eachText visits every text in a value of structs, lists and maps.
func eachText(v reflect.Value, visit func(string)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.String())
	case reflect.Struct:
		for _, field := range v.Fields() {
			eachText(field, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			eachText(key, visit)
			eachText(value, visit)
		}
	}
}
