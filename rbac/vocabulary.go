package rbac

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/nearest"
)

// partNames name the parts of a permission, in their order.
var partNames = []string{"action", "entity", "access"}

// A vocabulary has the declared names of each part of a permission.
type vocabulary struct {
	names [][]string       // by part; one, two or three
	index []map[string]int // by part: the place of each name
	// effort limits the search for names that misspelt words mean. It is the product of the lengths
	// that may still be compared.
	effort int
}

func (p Policy) vocabulary() *vocabulary {
	lists := [][]string{p.Actions, p.Entities, p.Accesses}
	v := &vocabulary{names: lists[:p.parts()], effort: 1 << 26}
	for _, names := range v.names {
		index := make(map[string]int, len(names))
		for i, name := range names {
			if _, twice := index[name]; !twice {
				index[name] = i
			}
		}
		v.index = append(v.index, index)
	}
	return v
}

// parts returns the number of parts of a permission: 1 for a name alone, 2 for an action and an
// entity, 3 with an access.
func (p Policy) parts() int {
	switch {
	case len(p.Accesses) > 0:
		return 3
	case len(p.Entities) > 0:
		return 2
	}
	return 1
}

// grant returns the names that a grant lists for each part.
func (v *vocabulary) grant(g Grant) ([][]string, *GrantError) {
	parts, err := g.words()
	if err != nil {
		return nil, err
	}
	if err := v.countParts(g, parts); err != nil {
		return nil, err
	}
	names := make([][]string, len(parts))
	for i, part := range parts {
		for _, w := range part {
			if w.star && len(v.names[i]) > 0 {
				names[i] = v.names[i]
				continue
			}
			if _, ok := v.index[i][w.name]; !ok {
				return nil, &GrantError{g, w.offset, v.undeclared(i, w.name)}
			}
			names[i] = append(slices.Clip(names[i]), w.name)
		}
	}
	return names, nil
}

var forms = []string{"a name", "action:entity", "action:entity:access"}

// countParts refuses a grant that has more or fewer parts than the policy has vocabularies.
func (v *vocabulary) countParts(g Grant, parts [][]word) *GrantError {
	want := len(v.names)
	switch {
	case len(parts) < want:
		return &GrantError{g, len(g), fmt.Sprintf(
			"the %s is missing, as a grant of this policy is %s", partNames[len(parts)],
			forms[want-1])}
	case len(parts) > want:
		return &GrantError{g, parts[want][0].offset - 1, fmt.Sprintf(
			"one part too many, as a grant of this policy is %s", forms[want-1])}
	}
	return nil
}

// spelling returns a [*CheckError] for the first word of a check that the policy does not declare.
func (v *vocabulary) spelling(c Check, q question) error {
	offset := 0
	for part, words := range [][]string{{q.action}, {q.entity}, q.accesses}[:len(v.index)] {
		for _, word := range words {
			if _, ok := v.index[part][word]; !ok {
				return &CheckError{c, offset, v.undeclared(part, word)}
			}
			offset += len(word) + 1
		}
	}
	return nil
}

// undeclared says that a name is not in the vocabulary of a part, and which name may be meant.
func (v *vocabulary) undeclared(part int, name string) string {
	if len(v.names[part]) == 0 {
		return fmt.Sprintf("the policy declares no %s", partNames[part])
	}
	if name == "" {
		return fmt.Sprintf("the %s is missing", partNames[part])
	}
	message := fmt.Sprintf("%s %q is not declared", partNames[part], name)
	for _, candidate := range v.names[part] {
		v.effort -= len(name) * len(candidate)
	}
	if v.effort < 0 {
		return message
	}
	return message + didYouMean(name, v.names[part])
}

// didYouMean suggests a name, in quotes.
func didYouMean(name string, candidates []string) string {
	if near, ok := nearest.Nearest(name, candidates); ok {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

// mostPermissions limits what a role's grants can give, so that a few stars cannot exhaust the
// memory.
const mostPermissions = 1 << 20

// product returns the number of permissions that list one name for each part, or a number above
// mostPermissions if there are more.
func product(names [][]string) int {
	n := 1
	for _, part := range names {
		if n *= len(part); n > mostPermissions {
			return mostPermissions + 1
		}
	}
	return n
}

// expand adds every permission that lists one name for each part to a set.
func expand(names [][]string, into map[Permission]bool) {
	for _, action := range names[0] {
		if len(names) == 1 {
			into[Permission{Action: action}] = true
			continue
		}
		for _, entity := range names[1] {
			if len(names) == 2 {
				into[Permission{Action: action, Entity: entity}] = true
				continue
			}
			for _, access := range names[2] {
				into[Permission{action, entity, access}] = true
			}
		}
	}
}

// compare orders permissions by entity, then by action, then by access, each in the order of the
// declaration.
func (v *vocabulary) compare(a, b Permission) int {
	partA, partB := []string{a.Action, a.Entity, a.Access}, []string{b.Action, b.Entity, b.Access}
	for _, i := range []int{1, 0, 2} {
		if i >= len(v.index) {
			continue
		}
		if c := cmp.Compare(v.index[i][partA[i]], v.index[i][partB[i]]); c != 0 {
			return c
		}
	}
	return 0
}
