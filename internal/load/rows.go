// Package load runs scripts of INSERTs faster than SQLite reads their text. One goroutine reads the
// rows. Another binds many rows at once to statements that are compiled once.
package load

import (
	"io"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Rows are consecutive rows of a script. Every row consists of literals, and all the rows are
// inserted in the same words.
type Rows struct {
	// Lead is the text before the first row if that text holds comments, including white space.
	Lead []byte

	Table   string
	Columns []string // nil if the script does not name them

	words
	values    sqlite.Batch
	positions []sqltext.Position // of every row's statement
}

// words are what a statement and all the rows it can insert have in common.
type words struct {
	head, tail string // the INSERT through VALUES, and the text after its rows
	width      int    // the number of values in a row
}

// Len returns the number of rows.
func (r *Rows) Len() int { return len(r.positions) }

// Width returns the number of values in every row.
func (r *Rows) Width() int { return r.width }

// Position returns the position of the first row's statement.
func (r *Rows) Position() sqltext.Position { return r.positions[0] }

// Value returns one value of a row. Its bytes are valid as long as the rows are.
func (r *Rows) Value(row, column int) sqltext.Value {
	i := row*r.width + column
	v := sqltext.Value{Type: r.values.Kind(i)}
	switch v.Type {
	case sqlite.Integer:
		v.Int = r.values.Int64(i)
	case sqlite.Real:
		v.Real = r.values.Float64(i)
	case sqlite.Text, sqlite.Blob:
		v.Bytes = r.values.Data(i)
	}
	return v
}

// The reader hands rows over when they reach this number or this many bytes.
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

// begin prepares r for rows of an INSERT. All of them have the words of that INSERT.
func (r *Rows) begin(in *sqltext.Insert, lead []byte, width int) {
	r.Lead = append(r.Lead, lead...)
	r.Table, r.Columns = in.Table, in.Columns
	r.words = words{string(in.Head()), string(in.Tail), width}
}

// like prepares r for rows that follow the rows of before, in the same words.
func (r *Rows) like(before *Rows, width int) {
	r.Table, r.Columns, r.words = before.Table, before.Columns, before.words
	r.width = width
}

// fits reports whether the rows of the INSERT can join r.
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

// Digest writes the words and the values of the rows to w, which is a hash or any other writer that
// accepts every byte.
func (r *Rows) Digest(w io.Writer) {
	io.WriteString(w, r.head)
	io.WriteString(w, r.tail)
	r.values.Digest(w)
}
