// Package document reads YAML, JSON and CSV as trees of nodes that know their places. It refuses
// the parts of YAML that hide what a file says or that exhaust a parser: anchors, aliases, merge
// keys, tags, directives, and more keys or levels than [Rules] allow.
package document

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Rules say what a file may hold.
type Rules struct {
	What   string // what the file is, for messages, such as "a policy"
	Bytes  int    // the maximum length of the file
	Keys   int    // the maximum number of keys of YAML; the library takes long for many
	Levels int    // the maximum number of levels; the readers recurse for each
	Binary bool   // whether YAML may have the tag !!binary
}

// A Position is a place in a file. Lines and columns count from 1, columns in characters. The zero
// Position is no place.
type Position struct{ Line, Column int }

// A Mistake is a part of a file that cannot be read.
type Mistake struct {
	At   Position
	Text string
}

// Kind is the kind of a node.
type Kind int

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	Text
	Binary
	Map
	List
)

// A Node is a value in a file.
type Node struct {
	At   Position
	Kind Kind
	// Text is a text, or the bytes of Binary. For Bool and Number it is what the file has.
	Text   string
	Fields []Field // of a Map, in order, each key once
	Items  []*Node // of a List

	// verbatim says that the file has Text as it is, indent characters after At.
	verbatim bool
	indent   int
}

// A Field is a key of a map with its value. The key may be of any kind that has a text.
type Field struct{ Key, Value *Node }

// Position returns the place of the byte at an offset of n's text, or n's place if escapes or lines
// are in between. A nil node has no place.
func (n *Node) Position(offset int) Position {
	if n == nil {
		return Position{}
	}
	p := n.At
	if n.verbatim {
		p.Column += n.indent + utf8.RuneCountInString(n.Text[:offset])
	}
	return p
}

// Describe says what the value is, for a message.
func (n *Node) Describe() string {
	switch n.Kind {
	case Bool:
		return "the truth value " + n.Text
	case Number:
		return "the number " + n.Text
	case Text:
		return "a text"
	case Binary:
		return "binary data"
	case Map:
		return "keys with values"
	case List:
		return "a list"
	}
	return "nothing"
}

// A reader notes the mistakes in one file.
type reader struct {
	rules    Rules
	mistakes []Mistake
}

func (r *reader) addf(at Position, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{at, fmt.Sprintf(format, args...)})
}

// text checks that the source is a text of the allowed length, and returns it without a mark of the
// byte order.
func (r *reader) text(source []byte) (text []byte, ok bool) {
	text = bytes.TrimPrefix(source, []byte("\ufeff"))
	if len(text) > r.rules.Bytes {
		r.addf(Position{1, 1}, "the file is longer than %d bytes", r.rules.Bytes)
		return nil, false
	}
	if i := invalid(text); i >= 0 {
		r.addf(positionAt(text, i), "the byte %#x is no UTF-8", text[i])
		return nil, false
	}
	return text, true
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

// positionAt returns the position of the byte at an offset.
func positionAt(source []byte, offset int) Position {
	before := source[:offset]
	line := bytes.Count(before, []byte("\n"))
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return Position{line + 1, column + 1}
}

// keep adds a field to a map, unless the map has the key already. seen has the places of the keys.
func (r *reader) keep(n *Node, f Field, seen map[string]Position) {
	if first, twice := seen[f.Key.Text]; twice {
		r.addf(f.Key.At, "the key %q is there twice, first in line %d", f.Key.Text, first.Line)
		return
	}
	seen[f.Key.Text] = f.Key.At
	n.Fields = append(n.Fields, f)
}
