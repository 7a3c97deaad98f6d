package sqltext

import (
	"bytes"
	"slices"
)

// cursor walks over the tokens of a text, except white space and comments.
type cursor struct {
	text       []byte
	kind       TokenKind
	start, end int
}

// cursorAt returns a cursor on the first token at or after offset.
func cursorAt(text []byte, offset int) cursor {
	c := cursor{text: text, end: offset}
	c.next()
	return c
}

func (c *cursor) next() {
	for {
		kind, n := NextToken(c.text[c.end:])
		c.kind, c.start, c.end = kind, c.end, c.end+n
		if kind != TokSpace && kind != TokComment {
			return
		}
	}
}

func (c *cursor) token() []byte { return c.text[c.start:c.end] }

func (c *cursor) is(keyword string) bool {
	return c.kind == TokWord && isWord(c.token(), keyword)
}

// accept moves past the keyword if the cursor is on it.
func (c *cursor) accept(keyword string) bool {
	if !c.is(keyword) {
		return false
	}
	c.next()
	return true
}

// acceptAny moves past one of the keywords if the cursor is on it.
func (c *cursor) acceptAny(keywords ...string) bool {
	return slices.ContainsFunc(keywords, c.accept)
}

// name moves past a name and returns it without quotes. A string or a keyword may be a name.
// SQLite, not name, decides whether it allows that name here.
func (c *cursor) name() (string, bool) {
	switch c.kind {
	case TokWord, TokQuotedName, TokString:
		name := unquoteName(c.token())
		c.next()
		return name, true
	}
	return "", false
}

// qualifiedName moves past schema.name or name.
func (c *cursor) qualifiedName() (schema, name string, ok bool) {
	if name, ok = c.name(); !ok || c.kind != TokDot {
		return "", name, ok
	}
	c.next()
	schema = name
	name, ok = c.name()
	return schema, name, ok
}

func unquoteName(token []byte) string {
	quote := token[0]
	switch quote {
	case '[':
		return string(token[1 : len(token)-1])
	case '"', '`', '\'':
		return string(appendUnquoted(nil, token))
	}
	return string(token)
}

// appendUnquoted appends the content of a quoted token, with every doubled quote written once.
func appendUnquoted(dst, token []byte) []byte {
	quote := token[:1]
	for inner := token[1 : len(token)-1]; ; {
		i := bytes.IndexByte(inner, quote[0])
		if i < 0 {
			return append(dst, inner...)
		}
		dst = append(dst, inner[:i+1]...)
		inner = inner[i+2:]
	}
}
