package document

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// YAML reads a file of one document. It returns nil if the file cannot be read. Otherwise the
// mistakes are keys that are there twice, which the node has once, and binary data.
func YAML(source []byte, rules Rules) (*Node, []Mistake) {
	r := &reader{rules: rules}
	text, ok := r.text(source)
	if !ok {
		return nil, r.mistakes
	}
	tokens := lexer.Tokenize(string(text))
	if !r.plain(tokens) {
		return nil, r.mistakes
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil, r.mistakes
	}
	root := r.single(parsed)
	if root == nil {
		return nil, r.mistakes
	}
	return r.node(root), r.mistakes
}

// refused says why a file must not have a token. %s is the kind of file.
var refused = map[token.Type]string{
	token.AliasType: "a star begins an alias of YAML, which %s must not have: " +
		"put a text that begins with a star in quotes",
	token.AnchorType: "an ampersand begins an anchor of YAML, which %s must not have: " +
		"put the text in quotes",
	token.TagType: "an exclamation mark begins a tag of YAML, which %s must not have: " +
		"put the text in quotes",
	token.MergeKeyType:   "%s must not have the merge key <<",
	token.MappingKeyType: "%s must not have keys after a question mark",
	token.DirectiveType:  "%s must not have directives of YAML",
}

const binaryTag = "!!binary"

// plain reports whether the file has only allowed tokens, at few levels. It looks at tokens, so
// that the parser does not meet what it cannot bear.
func (r *reader) plain(tokens token.Tokens) bool {
	level, dashes, keys := 0, 0, 0
	for _, t := range tokens {
		isBinary := t.Type == token.TagType && t.Value == binaryTag && r.rules.Binary
		if why, ok := refused[t.Type]; ok && !isBinary {
			r.addf(positionOf(t), why, r.rules.What)
		}
		if t.Type != token.SequenceEntryType {
			dashes = 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			level++
		case token.SequenceEndType, token.MappingEndType:
			level--
		case token.SequenceEntryType:
			dashes++
		case token.MappingValueType:
			keys++
		}
		if level > r.rules.Levels || dashes > r.rules.Levels {
			r.addf(positionOf(t), "lists in lists in lists are no part of %s", r.rules.What)
			return false
		}
		if keys > r.rules.Keys {
			r.addf(positionOf(t), "the file has more than %d keys", r.rules.Keys)
			return false
		}
	}
	return len(r.mistakes) == 0
}

// syntax notes an error of the YAML library without the part of the source that it quotes.
func (r *reader) syntax(err error) {
	var at Position
	message := err.Error()
	var located interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &located) {
		at, message = positionOf(located.GetToken()), located.GetMessage()
	}
	if at == (Position{}) {
		at = Position{1, 1}
	}
	r.addf(at, "%s", strings.TrimSpace(message))
}

// single returns the value of a file that has only one document.
func (r *reader) single(file *ast.File) (root ast.Node) {
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case root == nil:
			root = doc.Body
		default:
			r.addf(nodePosition(doc.Body), "a second document: %s is one document", r.rules.What)
			return nil
		}
	}
	if root == nil || root.Type() == ast.CommentType {
		r.addf(Position{1, 1}, "the file is empty")
		return nil
	}
	return root
}

// node converts a value of the library.
func (r *reader) node(n ast.Node) *Node {
	out := &Node{At: nodePosition(n)}
	switch n := n.(type) {
	case *ast.MappingNode:
		r.fields(out, n.Values)
	case *ast.MappingValueNode:
		r.fields(out, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		out.Kind = List
		for _, item := range n.Values {
			out.Items = append(out.Items, r.node(item))
		}
	case *ast.TagNode:
		r.binary(out, n)
	case *ast.LiteralNode:
		out.Kind, out.Text = Text, n.Value.Value
	case *ast.StringNode:
		out.scalar(n.Token, n.Value)
	case *ast.NullNode:
		if n.Token.Type != token.ImplicitNullType {
			out.Text = n.Token.Value
		}
	case ast.ScalarNode:
		out.scalar(n.GetToken(), n.GetToken().Value)
	default:
		r.addf(out.At, "%s must not have %s", r.rules.What, n.Type().YAMLName())
	}
	return out
}

func (r *reader) fields(out *Node, values []*ast.MappingValueNode) {
	out.Kind = Map
	seen := map[string]Position{}
	for _, v := range values {
		key := r.node(v.Key)
		if key.Kind == Map || key.Kind == List || key.Kind == Binary {
			r.addf(key.At, "a key must be a text, not %s", key.Describe())
			continue
		}
		r.keep(out, Field{key, r.node(v.Value)}, seen)
	}
}

// scalar sets the text of a node, and its kind if the text has no quotes.
func (n *Node) scalar(t *token.Token, text string) {
	n.Text = text
	written := strings.TrimSpace(t.Origin)
	switch t.Type {
	case token.DoubleQuoteType, token.SingleQuoteType:
		n.Kind, n.indent = Text, 1
		n.verbatim = len(written) == len(text)+2 && written[1:len(written)-1] == text
	default:
		n.Kind = Plain(text)
		n.verbatim = written == text
	}
}

func (r *reader) binary(out *Node, n *ast.TagNode) {
	out.Kind = Binary
	var text string
	switch value := n.Value.(type) {
	case *ast.StringNode:
		text = value.Value
	case *ast.LiteralNode:
		text = value.Value.Value
	case ast.ScalarNode:
		text = value.GetToken().Value
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || n.Value == nil {
		r.addf(out.At, "%s needs the data in base64", binaryTag)
	}
	out.Text = string(data)
}

func positionOf(t *token.Token) Position {
	if t == nil || t.Position == nil {
		return Position{}
	}
	return Position{t.Position.Line, t.Position.Column}
}

// nodePosition returns the place where a value begins. The library's token of a mapping without
// braces is the first colon.
func nodePosition(n ast.Node) Position {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	return positionOf(n.GetToken())
}
