package document

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"
)

// CSV reads a file of records (RFC 4180) as a list of lists. An empty field is Null. Any other
// field is what its text would be in YAML without quotes, but no Null, because a word may be a
// value. CSV returns nil if the file cannot be read.
func CSV(source []byte, rules Rules) (*Node, []Mistake) {
	r := &reader{rules: rules}
	text, ok := r.text(source)
	if !ok {
		return nil, r.mistakes
	}
	lines := bytes.Split(text, []byte("\n"))
	records := csv.NewReader(bytes.NewReader(text))
	records.FieldsPerRecord = -1
	root := &Node{At: Position{1, 1}, Kind: List}
	for {
		record, err := records.Read()
		if err == io.EOF {
			break
		}
		if failure, ok := errors.AsType[*csv.ParseError](err); ok {
			r.addf(Position{failure.Line, failure.Column}, "%v", failure.Err)
			return nil, r.mistakes
		}
		row := &Node{Kind: List}
		for i, field := range record {
			line, column := records.FieldPos(i)
			at := Position{line, utf8.RuneCount(lines[line-1][:column-1]) + 1}
			row.Items = append(row.Items, cell(at, field))
		}
		row.At = row.Items[0].At
		root.Items = append(root.Items, row)
	}
	if len(root.Items) == 0 {
		r.addf(Position{1, 1}, "the file is empty")
		return nil, r.mistakes
	}
	return root, r.mistakes
}

func cell(at Position, text string) *Node {
	n := &Node{At: at, Kind: Plain(text), Text: text}
	if n.Kind == Null && text != "" {
		n.Kind = Text
	}
	return n
}
