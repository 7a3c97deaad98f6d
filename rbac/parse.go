package rbac

import (
	"io"
	"reflect"

	"github.com/seedkit/seedkit/internal/document"
)

// Parse reads a policy from YAML. Name is the name of the file for messages.
//
//	actions: [create, read, update, delete]
//	entities: [user, note]
//	accesses: [own, any]
//	roles:
//	  admin:
//	    description: may do everything to everybody's rows
//	    grants: ["*:*:any"]
//	  user:
//	    formerly: [member]
//	    grants: ["*:*:own"]
//	keep: ["delete:user:any"]
//
// The key roles must be there, though it may be {}. All other keys may be missing. The key layout
// has the fields of [Layout] in lower case; only an app whose tables do not tell the layout by
// their shape needs it. A text is a name as it is. A number, true, false and null need quotes.
//
// Parse reports all mistakes, joined, each a [*PolicyError] with its line and its column.
func Parse(name string, file io.Reader) (Policy, error) {
	r := &reader{mistakes: &mistakes{file: name}, places: map[place]*document.Node{}}
	root, err := r.root(file)
	if err != nil {
		return Policy{}, err
	}
	var p Policy
	if root != nil {
		p = r.policy(root)
		newValidator(p, r.mistakes, r.places).run(!r.unread)
	}
	if err := r.err(); err != nil {
		return Policy{}, err
	}
	return p, nil
}

var (
	policyKeys = []string{"actions", "entities", "accesses", "roles", "keep", "layout"}
	roleKeys   = []string{"description", "formerly", "grants"}
)

func (r *reader) policy(root *document.Node) (p Policy) {
	fields := r.fields(root, "the policy")
	r.unread = len(r.all) > 0
	hasRoles := false
	for _, f := range fields {
		switch f.Key.Text {
		case "actions":
			p.Actions = r.vocabulary(f)
		case "entities":
			p.Entities = r.vocabulary(f)
		case "accesses":
			p.Accesses = r.vocabulary(f)
		case "roles":
			hasRoles = true
			p.Roles = r.roles(f.Value)
		case "keep":
			p.Keep = as[Check](r.list(f, 0))
			if f.Value.Kind == document.List && len(f.Value.Items) == 0 {
				r.addf(f.Key.At, "keep: the list has no check; without keep, the grants of the "+
					"strongest role are kept")
			}
		case "layout":
			r.structure(f.Value, "layout", reflect.ValueOf(&p.Layout).Elem())
		default:
			r.unread = true
			r.unknown(f.Key, "the policy", policyKeys)
		}
	}
	if !hasRoles && !r.unread {
		r.addf(root.At, "the policy: the key \"roles\" is missing")
	}
	return p
}

// vocabulary reads a list of names. If one of them is no text, grants with it would be mistaken
// for mistakes.
func (r *reader) vocabulary(f document.Field) []string {
	before := len(r.all)
	names := r.list(f, 0)
	r.unread = r.unread || len(r.all) > before
	return names
}

func (r *reader) unknown(key *document.Node, what string, known []string) {
	r.addf(key.At, "%s: unknown key %q%s", what, key.Text, didYouMean(key.Text, known))
}

// list reads the list of a field, and notes the place of each item.
func (r *reader) list(f document.Field, role int) (out []string) {
	texts, _ := r.texts(f.Value, f.Key.Text)
	for i, t := range texts {
		r.places[place{f.Key.Text, role, i}] = t
		out = append(out, t.Text)
	}
	return out
}

func as[T ~string](texts []string) (out []T) {
	for _, t := range texts {
		out = append(out, T(t))
	}
	return out
}

func (r *reader) roles(n *document.Node) (roles []Role) {
	for i, f := range r.fields(n, "roles") {
		r.places[place{list: "name", role: i}] = f.Key
		roles = append(roles, r.role(i, f))
	}
	return roles
}

// role reads a role. A role without a value has no grants.
func (r *reader) role(i int, f document.Field) Role {
	role := Role{Name: f.Key.Text}
	if f.Value.Kind == document.Null {
		return role
	}
	what := "role " + quoted(role.Name)
	for _, f := range r.fields(f.Value, what) {
		switch f.Key.Text {
		case "description":
			if r.text(f.Value, what+": description") {
				role.Description = f.Value.Text
			}
		case "formerly":
			role.Formerly = r.list(f, i)
		case "grants":
			role.Grants = as[Grant](r.list(f, i))
		default:
			r.unknown(f.Key, what, roleKeys)
		}
	}
	return role
}

// RolePlaces returns where the names of the roles are in a policy that Parse reads.
func RolePlaces(name string, file io.Reader) (map[string]Place, error) {
	r := &reader{mistakes: &mistakes{file: name}, places: map[place]*document.Node{}}
	root, err := r.root(file)
	if err != nil || root == nil {
		return nil, err
	}
	places := map[string]Place{}
	for i, role := range r.policy(root).Roles {
		at := r.places[place{list: "name", role: i}].At
		places[role.Name] = Place{File: name, Line: int64(at.Line), Column: int64(at.Column)}
	}
	return places, nil
}
