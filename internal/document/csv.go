package document

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"unicode/utf8"
)

// CSV reads a file of records (RFC 4180), each as a list. An empty field is Null. Any other field
// is what its text would be in YAML without quotes, but no Null, because a word may be a value. CSV
// reads the records again each time that somebody asks for them, so they take no memory. CSV
// returns nil if the file cannot be read.
func CSV(source []byte, rules Rules) (iter.Seq[*Node], []Mistake) {
	r := &reader{rules: rules}
	text, ok := r.text(source)
	if !ok {
		return nil, r.mistakes
	}
	records := newCSV(text)
	records.ReuseRecord = true
	n := 0
	for _, err := records.Read(); err != io.EOF; _, err = records.Read() {
		if failure, ok := errors.AsType[*csv.ParseError](err); ok {
			r.addf(Position{failure.Line, failure.Column}, "%v", failure.Err)
			return nil, r.mistakes
		}
		n++
	}
	if n == 0 {
		r.addf(Position{1, 1}, "the file is empty")
		return nil, r.mistakes
	}
	return func(yield func(*Node) bool) {
		lines := bytes.Split(text, []byte("\n"))
		records := newCSV(text)
		for {
			record, err := records.Read()
			if err != nil || !yield(recordNode(records, record, lines)) {
				return
			}
		}
	}, r.mistakes
}

func newCSV(text []byte) *csv.Reader {
	records := csv.NewReader(bytes.NewReader(text))
	records.FieldsPerRecord = -1
	return records
}

// recordNode returns the list of a record, which is the last that was read.
func recordNode(records *csv.Reader, record []string, lines [][]byte) *Node {
	row := &Node{Kind: List}
	for i, field := range record {
		line, column := records.FieldPos(i)
		at := Position{line, utf8.RuneCount(lines[line-1][:column-1]) + 1}
		row.Items = append(row.Items, cell(at, field))
	}
	row.At = row.Items[0].At
	return row
}

func cell(at Position, text string) *Node {
	n := &Node{At: at, Kind: Plain(text), Text: text}
	if n.Kind == Null && text != "" {
		n.Kind = Text
	}
	return n
}
