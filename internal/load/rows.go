// Package load runs scripts of INSERTs faster than SQLite reads their text:
// one goroutine reads the rows, and another binds them, many at once, to
// statements that are compiled once.
package load

import (
	"io"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Rows are consecutive rows of a script, all of which are inserted by
// literals, and in the same words.
type Rows struct {
	// Lead is the comments before the first of them, with the space around,
	// if there are any.
	Lead []byte

	Table   string
	Columns []string // nil if the script does not name them

	words
	values    sqlite.Batch
	positions []sqltext.Position // of each row's statement
}

// words are what rows that one statement can insert have in common.
type words struct {
	head, tail string // the INSERT through VALUES, and what is behind its rows
	width      int    // how many values a row has
}

// Len returns how many rows there are.
func (r *Rows) Len() int { return len(r.positions) }

// Width returns how many values each row has.
func (r *Rows) Width() int { return r.width }

// Position returns where the statement of the first row is.
func (r *Rows) Position() sqltext.Position { return r.positions[0] }

// Value returns a value of a row. Its bytes are good as long as the rows are.
func (r *Rows) Value(row, column int) sqltext.Value {
	i := row*r.width + column
	switch r.values.Kind(i) {
	case sqlite.Integer:
		return sqltext.Value{Type: sqltext.Integer, Int: r.values.Int64(i)}
	case sqlite.Real:
		return sqltext.Value{Type: sqltext.Real, Real: r.values.Float64(i)}
	case sqlite.Text:
		return sqltext.Value{Type: sqltext.Text, Bytes: r.values.Data(i)}
	case sqlite.Blob:
		return sqltext.Value{Type: sqltext.Blob, Bytes: r.values.Data(i)}
	}
	return sqltext.Value{}
}

// Rows are handed over when they are this many, or have so many bytes.
const (
	mostRows  = 1200
	mostBytes = 256 << 10
)

func (r *Rows) isFull() bool { return len(r.positions) >= mostRows || r.values.Size() >= mostBytes }

func (r *Rows) reset() {
	r.Lead = r.Lead[:0]
	r.values.Reset()
	r.positions = r.positions[:0]
}

// begin makes the rows those of an INSERT, whose words they are all to have.
func (r *Rows) begin(in *sqltext.Insert, lead []byte, width int) {
	r.Lead = append(r.Lead, lead...)
	r.Table, r.Columns = in.Table, in.Columns
	r.words = words{string(in.Head()), string(in.Tail), width}
}

// like makes the rows those that are to follow others.
func (r *Rows) like(before *Rows, width int) {
	r.Table, r.Columns, r.words = before.Table, before.Columns, before.words
	r.width = width
}

// fits reports whether a row of the INSERT can join the others.
func (r *Rows) fits(in *sqltext.Insert, width int) bool {
	return r.width == width && r.head == string(in.Head()) && r.tail == string(in.Tail)
}

func (r *Rows) add(position sqltext.Position, values []sqltext.Value) {
	r.positions = append(r.positions, position)
	for _, v := range values {
		switch v.Type {
		case sqltext.Integer:
			r.values.AppendInt(v.Int)
		case sqltext.Real:
			r.values.AppendFloat(v.Real)
		case sqltext.Text:
			r.values.AppendText(v.Bytes)
		case sqltext.Blob:
			r.values.AppendBlob(v.Bytes)
		default:
			r.values.AppendNull()
		}
	}
}

// Digest writes what tells these rows from others, their words and values, to a
// hash, or whatever takes all that it is given.
func (r *Rows) Digest(w io.Writer) {
	io.WriteString(w, r.head)
	io.WriteString(w, r.tail)
	r.values.Digest(w)
}
