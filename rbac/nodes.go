package rbac

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A field is a key of a mapping with its value.
type field struct {
	key   scalar
	value ast.Node
}

// fields returns the fields of a mapping, each key once.
func (r *reader) fields(n ast.Node, what string) []field {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.addf(nodePosition(n), "%s: want keys with values, not %s", what, kind(n))
		return nil
	}
	var out []field
	seen := map[string]position{}
	for _, v := range values {
		key, ok := r.text(v.Key, what+": a key")
		if !ok {
			continue
		}
		if first, twice := seen[key.text]; twice {
			r.addf(key.start, "%s: the key %q is there twice, first in line %d", what, key.text,
				first.line)
			continue
		}
		seen[key.text] = key.start
		out = append(out, field{key, v.Value})
	}
	return out
}

// texts returns the texts of a list. If one of them is no text, ok is false.
func (r *reader) texts(n ast.Node, what string) (out []scalar, ok bool) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.addf(nodePosition(n), "%s: want a list, not %s", what, kind(n))
		return nil, false
	}
	for _, item := range list.Values {
		text, fine := r.text(item, what)
		if ok = ok && fine; fine {
			out = append(out, text)
		}
	}
	return out, ok
}

// text returns a text. A number, a truth value and null are no texts unless they are in quotes.
func (r *reader) text(n ast.Node, what string) (s scalar, ok bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return scalarOf(n), true
	case *ast.LiteralNode:
		return scalar{text: n.Value.Value, start: nodePosition(n)}, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		r.addf(nodePosition(n), "%s: want a text, not %s: put it in quotes", what, kind(n))
	case *ast.MappingNode, *ast.MappingValueNode:
		r.addf(nodePosition(n), "%s: want a text, not %s: put a text with a colon in quotes", what,
			kind(n))
	default:
		r.addf(nodePosition(n), "%s: want a text, not %s", what, kind(n))
	}
	return scalar{}, false
}

func scalarOf(n *ast.StringNode) scalar {
	s := scalar{text: n.Value, start: positionOf(n.Token)}
	written := strings.TrimSpace(n.Token.Origin)
	switch n.Token.Type {
	case token.DoubleQuoteType, token.SingleQuoteType:
		s.indent = 1
		s.verbatim = len(written) == len(s.text)+2 && written[1:len(written)-1] == s.text
	default:
		s.verbatim = written == s.text
	}
	return s
}

// kind says what a value is.
func kind(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return "the truth value " + n.GetToken().Value
	case *ast.NullNode:
		return "nothing"
	}
	return "other YAML"
}
