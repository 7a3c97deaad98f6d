package sqltext

import (
	"bytes"
	"slices"
)

// cursor walks over the tokens of a text but white space and comments.
type cursor struct {
	text       []byte
	kind       TokenKind
	start, end int
}

// cursorAt stands on the first token from offset on.
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

// accept moves past the keyword, if the cursor stands on it.
func (c *cursor) accept(keyword string) bool {
	if !c.is(keyword) {
		return false
	}
	c.next()
	return true
}

// acceptAny moves past one of the keywords, if the cursor stands on it.
func (c *cursor) acceptAny(keywords ...string) bool {
	return slices.ContainsFunc(keywords, c.accept)
}

// name moves past a name and returns it without its quotes. A string may
// stand for a name, and a word be a keyword; whether SQLite allows this one
// here is not checked.
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

// appendUnquoted appends what a quoted token holds, its doubled quotes
// undone.
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
