package rbac

import "github.com/seedkit/seedkit/internal/document"

// fields returns the fields of a mapping.
func (r *reader) fields(n *document.Node, what string) (out []document.Field) {
	if n.Kind != document.Map {
		r.addf(n.At, "%s: want keys with values, not %s", what, n.Describe())
		return nil
	}
	for _, f := range n.Fields {
		if r.text(f.Key, what+": a key") {
			out = append(out, f)
		}
	}
	return out
}

// texts returns the texts of a list. If one of them is no text, ok is false.
func (r *reader) texts(n *document.Node, what string) (out []*document.Node, ok bool) {
	if n.Kind != document.List {
		r.addf(n.At, "%s: want a list, not %s", what, n.Describe())
		return nil, false
	}
	ok = true
	for _, item := range n.Items {
		fine := r.text(item, what)
		if ok = ok && fine; fine {
			out = append(out, item)
		}
	}
	return out, ok
}

// text reports whether a value is a text. A number, a truth value and null are no texts unless they
// are in quotes.
func (r *reader) text(n *document.Node, what string) bool {
	switch n.Kind {
	case document.Text:
		return true
	case document.Number, document.Bool:
		r.addf(n.At, "%s: want a text, not %s: put it in quotes", what, n.Describe())
	case document.Map:
		r.addf(n.At, "%s: want a text, not %s: put a text with a colon in quotes", what,
			n.Describe())
	default:
		r.addf(n.At, "%s: want a text, not %s", what, n.Describe())
	}
	return false
}
