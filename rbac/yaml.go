package rbac

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of a policy file. The YAML library takes long for many keys, and recurses for each
// level.
const (
	mostBytes  = 1 << 20
	mostKeys   = 10_000
	mostLevels = 10
)

// A scalar is a text in the file.
type scalar struct {
	text  string
	start position
	// verbatim says that the text is in the file as it is, indent characters after start.
	verbatim bool
	indent   int
}

// at returns the position of the byte at an offset of the text, or of the text if escapes or lines
// are in between.
func (s scalar) at(offset int) position {
	p := s.start
	if s.verbatim {
		p.column += s.indent + utf8.RuneCountInString(s.text[:offset])
	}
	return p
}

// A reader reads the YAML of a policy, and notes all mistakes.
type reader struct {
	*mistakes
	places map[place]scalar
	unread bool // a part of the vocabulary could not be read
}

// root parses the file, and returns the one value in it, or nil if there is a mistake. It refuses
// parts of YAML that a policy does not need: anchors, aliases, tags, merge keys and directives.
func (r *reader) root(file io.Reader) (ast.Node, error) {
	source, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.file, err)
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	if len(source) > mostBytes {
		r.addf(position{1, 1}, "the file is longer than %d bytes", mostBytes)
		return nil, nil
	}
	if i := invalid(source); i >= 0 {
		line := bytes.Count(source[:i], []byte("\n"))
		column := utf8.RuneCount(source[bytes.LastIndexByte(source[:i], '\n')+1 : i])
		r.addf(position{line + 1, column + 1}, "the byte %#x is no UTF-8", source[i])
		return nil, nil
	}
	tokens := lexer.Tokenize(string(source))
	if !r.plain(tokens) {
		return nil, nil
	}
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil, nil
	}
	return r.single(parsed), nil
}

// invalid returns the offset of the first byte that is not part of UTF-8, or -1.
func invalid(source []byte) int {
	for i := 0; i < len(source); {
		c, size := utf8.DecodeRune(source[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// refused says why a policy must not have a token.
var refused = map[token.Type]string{
	token.AliasType: "a star begins an alias of YAML, which a policy must not have: " +
		"put a grant that begins with a star in quotes",
	token.AnchorType: "an ampersand begins an anchor of YAML, which a policy must not have: " +
		"put the text in quotes",
	token.TagType: "an exclamation mark begins a tag of YAML, which a policy must not have: " +
		"put the text in quotes",
	token.MergeKeyType:   "a policy must not have the merge key <<",
	token.MappingKeyType: "a policy must not have keys after a question mark",
	token.DirectiveType:  "a policy must not have directives of YAML",
}

// plain reports whether the file has only tokens that a policy may have, at few levels. It looks at
// tokens, so that the parser does not meet what it cannot bear.
func (r *reader) plain(tokens token.Tokens) bool {
	before := len(r.all)
	level, dashes, keys := 0, 0, 0
	for _, t := range tokens {
		if why, ok := refused[t.Type]; ok {
			r.addf(positionOf(t), "%s", why)
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
		if level > mostLevels || dashes > mostLevels {
			r.addf(positionOf(t), "lists in lists in lists are no part of a policy")
			return false
		}
		if keys > mostKeys {
			r.addf(positionOf(t), "the file has more than %d keys", mostKeys)
			return false
		}
	}
	return len(r.all) == before
}

// syntax notes an error of the YAML library without the part of the source that it quotes.
func (r *reader) syntax(err error) {
	var at position
	message := err.Error()
	var located interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &located) {
		at, message = positionOf(located.GetToken()), located.GetMessage()
	}
	if at == (position{}) {
		at = position{1, 1}
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
			r.addf(nodePosition(doc.Body), "a second document: a policy is one document")
			return nil
		}
	}
	if root == nil {
		r.addf(position{1, 1}, "the file has no policy")
	}
	return root
}

func positionOf(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{}
	}
	return position{t.Position.Line, t.Position.Column}
}

// nodePosition returns the place where a value begins. The library's token of a mapping without
// braces is the first colon.
func nodePosition(n ast.Node) position {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	return positionOf(n.GetToken())
}
