package rbac

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Policy returns the policy that says what the database has: every role with its grants, in the
// order of [Database.Roles], and the words of every permission. It has a layout if the shape of the
// tables does not tell the layout.
//
// [Compare] finds no difference between the policy and the database, except for what no policy can
// say: duplicates, nameless rows, and permissions that users have without a role. A duplicate role
// is in the policy once, with the permissions of all its rows.
func (d *Database) Policy() Policy {
	var p Policy
	if !d.found {
		p.Layout = d.layout
	}
	d.declare(&p)
	places := map[string]int{}
	granted := make([]map[Permission]bool, 0, len(d.roles))
	for _, r := range d.roles {
		if r.nameless || r.rowless && r.Members == 0 {
			continue
		}
		at, twice := places[r.Name]
		if !twice {
			at = len(p.Roles)
			places[r.Name] = at
			p.Roles = append(p.Roles, Role{Name: r.Name, Description: r.Description})
			granted = append(granted, map[Permission]bool{})
		}
		for _, place := range r.granted {
			if permission := d.permissions[place]; !permission.nameless {
				granted[at][permission.Permission] = true
			}
		}
	}
	v := p.vocabulary()
	for i := range p.Roles {
		p.Roles[i].Grants = v.grants(granted[i])
	}
	return p
}

// declare fills in the words of the stored permissions.
func (d *Database) declare(p *Policy) {
	lists := []*[]string{&p.Actions, &p.Entities, &p.Accesses}[:d.layout.parts()]
	for part, list := range lists {
		seen := map[string]bool{}
		for _, stored := range d.permissions {
			name := stored.Permission.part(part)
			if !stored.nameless && !seen[name] {
				seen[name] = true
				*list = append(*list, name)
			}
		}
	}
}

// part returns the action, the entity or the access.
func (p Permission) part(i int) string {
	return []string{p.Action, p.Entity, p.Access}[i]
}

// grants returns grants that give exactly the given permissions. A star is in a grant only if every
// declared name is meant.
func (v *vocabulary) grants(given map[Permission]bool) (grants []Grant) {
	permissions := slices.SortedFunc(maps.Keys(given), v.compare)
	for _, lists := range v.factor(permissions, 0) {
		parts := make([]string, len(lists))
		for part, names := range lists {
			parts[part] = v.list(part, names)
		}
		grants = append(grants, Grant(strings.Join(parts, ":")))
	}
	return grants
}

// factor writes permissions as products of lists of names, one list for each part from the given
// one on. Names that have the same products share a list.
func (v *vocabulary) factor(permissions []Permission, part int) [][][]string {
	if len(permissions) == 0 {
		return nil
	}
	var names []string
	having := map[string][]Permission{}
	for _, p := range permissions {
		name := p.part(part)
		if having[name] == nil {
			names = append(names, name)
		}
		having[name] = append(having[name], p)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Compare(v.index[part][a], v.index[part][b])
	})
	if part == len(v.names)-1 {
		return [][][]string{{names}}
	}
	type family struct {
		names []string
		rest  [][][]string
	}
	var families []*family
	byRest := map[string]*family{}
	for _, name := range names {
		rest := v.factor(having[name], part+1)
		text := fmt.Sprintf("%q", rest)
		if byRest[text] == nil {
			byRest[text] = &family{rest: rest}
			families = append(families, byRest[text])
		}
		byRest[text].names = append(byRest[text].names, name)
	}
	var lists [][][]string
	for _, f := range families {
		for _, rest := range f.rest {
			lists = append(lists, append([][]string{f.names}, rest...))
		}
	}
	return lists
}

// list writes the names of one part of a grant. A single declared name is clearer than a star.
func (v *vocabulary) list(part int, names []string) string {
	if len(names) > 1 && len(names) == len(v.names[part]) {
		return "*"
	}
	escaped := make([]string, len(names))
	for i, name := range names {
		escaped[i] = escapes.Replace(name)
	}
	return strings.Join(escaped, ",")
}
