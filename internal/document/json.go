package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// JSON reads a file of one value. It returns nil if the file cannot be read. Otherwise the mistakes
// are keys that are there twice, which the node has once.
func JSON(source []byte, rules Rules) (*Node, []Mistake) {
	r := &reader{rules: rules}
	text, ok := r.text(source)
	if !ok {
		return nil, r.mistakes
	}
	if len(bytes.TrimSpace(text)) == 0 {
		r.addf(Position{1, 1}, "the file is empty")
		return nil, r.mistakes
	}
	j := &jsonReader{reader: r, source: text, decoder: json.NewDecoder(bytes.NewReader(text))}
	j.decoder.UseNumber()
	root, err := j.value(0)
	if err == nil {
		_, err = j.token()
		if err == nil {
			j.addf(j.at, "a second value: %s is one value", rules.What)
			return nil, r.mistakes
		}
		if err == io.EOF {
			return root, r.mistakes
		}
	}
	if !errors.Is(err, errDeep) {
		j.syntax(err)
	}
	return nil, r.mistakes
}

// errDeep reports a value at too many levels. The reader has recorded the mistake.
var errDeep = errors.New("too many levels")

type jsonReader struct {
	*reader
	source  []byte
	decoder *json.Decoder
	// The place of the last token, by its offset, which only grows.
	at     Position
	offset int
}

// token returns the next token, and notes its place.
func (j *jsonReader) token() (json.Token, error) {
	start := int(j.decoder.InputOffset())
	for start < len(j.source) && bytes.IndexByte([]byte(" \t\r\n,:"), j.source[start]) >= 0 {
		start++
	}
	if j.at == (Position{}) {
		j.at = Position{1, 1}
	}
	p := positionAt(j.source[j.offset:], start-j.offset)
	if p.Line == 1 {
		p.Column += j.at.Column - 1
	}
	p.Line += j.at.Line - 1
	j.at, j.offset = p, start
	return j.decoder.Token()
}

// value reads the next value, which is inside of level others.
func (j *jsonReader) value(level int) (*Node, error) {
	t, err := j.token()
	if err != nil {
		return nil, err
	}
	return j.rest(t, level)
}

// rest reads the value that begins with a token.
func (j *jsonReader) rest(t json.Token, level int) (*Node, error) {
	n := &Node{At: j.at}
	switch t := t.(type) {
	case json.Delim:
		if level == j.rules.Levels {
			j.addf(j.at, "lists in lists in lists are no part of %s", j.rules.What)
			return nil, errDeep
		}
		if t == '{' {
			return n, j.fields(n, level+1)
		}
		return n, j.items(n, level+1)
	case string:
		n.Kind, n.Text, n.indent = Text, t, 1
		raw := j.source[j.offset:j.decoder.InputOffset()]
		n.verbatim = len(raw) == len(t)+2 && string(raw[1:len(raw)-1]) == t
	case json.Number:
		n.Kind, n.Text = Number, t.String()
	case bool:
		n.Kind, n.Text = Bool, "false"
		if t {
			n.Text = "true"
		}
	}
	return n, nil
}

func (j *jsonReader) fields(n *Node, level int) error {
	n.Kind = Map
	seen := map[string]Position{}
	for j.decoder.More() {
		key, err := j.value(level)
		if err != nil {
			return err
		}
		value, err := j.value(level)
		if err != nil {
			return err
		}
		j.keep(n, Field{key, value}, seen)
	}
	_, err := j.token()
	return err
}

func (j *jsonReader) items(n *Node, level int) error {
	n.Kind = List
	for j.decoder.More() {
		item, err := j.value(level)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, err := j.token()
	return err
}

// syntax notes an error of the JSON library. The error of Unmarshal knows its place exactly.
func (j *jsonReader) syntax(err error) {
	var whole json.RawMessage
	if exact := json.Unmarshal(j.source, &whole); exact != nil {
		err = exact
	}
	at := j.at
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset > 0 {
		at = positionAt(j.source, min(int(syntax.Offset), len(j.source))-1)
	}
	j.addf(at, "%v", err)
}
