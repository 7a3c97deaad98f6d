package scan

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Value is a value of a row, in the form that it has in a record
// (https://sqlite.org/fileformat2.html#record_format). It is not copied, and
// good as long as the row is. The zero Value is NULL.
type Value struct {
	serial uint64 // its serial type
	body   []byte
}

// Serial types. Those from 1 to 9 but for serialReal are integers, any from
// serialBlob on is a blob if it is even, else text.
const (
	serialInt64 = 6
	serialReal  = 7
	serialOne   = 9
	serialBlob  = 12
)

// sizes and kinds of the values of the serial types below serialBlob. The last
// two are SQLite's own, and NULL to it in a file.
var (
	sizes = [serialBlob]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
	kinds = [serialBlob]sqlite.Kind{
		sqlite.Null, sqlite.Integer, sqlite.Integer, sqlite.Integer, sqlite.Integer, sqlite.Integer,
		sqlite.Integer, sqlite.Real, sqlite.Integer, sqlite.Integer, sqlite.Null, sqlite.Null,
	}
)

// Kind returns the value's storage class. It calls a NaN a real, which SQLite
// reads as NULL and never writes.
func (v *Value) Kind() sqlite.Kind {
	if v.serial < serialBlob {
		return kinds[v.serial]
	}
	if v.serial%2 == 0 {
		return sqlite.Blob
	}
	return sqlite.Text
}

// Data returns the bytes of a blob, or of text in UTF-8.
func (v *Value) Data() []byte { return v.body }

// Int64 returns an integer's value.
func (v *Value) Int64() int64 {
	switch d := v.body; len(d) {
	case 1:
		return int64(int8(d[0]))
	case 2:
		return int64(int16(binary.BigEndian.Uint16(d)))
	case 3:
		return int64(int8(d[0]))<<16 | int64(binary.BigEndian.Uint16(d[1:]))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(d)))
	case 6:
		return int64(int16(binary.BigEndian.Uint16(d)))<<32 | int64(binary.BigEndian.Uint32(d[2:]))
	case 8:
		return int64(binary.BigEndian.Uint64(d))
	}
	if v.serial == serialOne {
		return 1
	}
	return 0
}

// Float64 returns a real's value.
func (v *Value) Float64() float64 { return math.Float64frombits(binary.BigEndian.Uint64(v.body)) }

// Copy returns a copy.
func (v *Value) Copy() sqlite.Value {
	switch v.Kind() {
	case sqlite.Integer:
		return sqlite.Int(v.Int64())
	case sqlite.Real:
		return sqlite.Float(v.Float64())
	case sqlite.Text:
		return sqlite.String(string(v.body))
	case sqlite.Blob:
		return sqlite.Bytes(v.body)
	}
	return sqlite.Value{}
}

// ValueOf returns a value that is good for ever.
func ValueOf(v sqlite.Value) Value {
	switch v.Kind() {
	case sqlite.Integer:
		return Value{serialInt64, binary.BigEndian.AppendUint64(nil, uint64(v.Int64()))}
	case sqlite.Real:
		return Value{serialReal, binary.BigEndian.AppendUint64(nil, math.Float64bits(v.Float64()))}
	case sqlite.Text:
		return text([]byte(v.Data()))
	case sqlite.Blob:
		return blob([]byte(v.Data()))
	}
	return Value{}
}

func blob(b []byte) Value { return Value{serialBlob + 2*uint64(len(b)), b} }

func text(b []byte) Value { return Value{serialBlob + 1 + 2*uint64(len(b)), b} }

// equal reports whether values are of the same storage class, with the same
// bytes. An integer may be written in more than one way.
func equal(a, b *Value) bool {
	if a.serial == b.serial {
		return bytes.Equal(a.body, b.body)
	}
	kind := a.Kind()
	return kind == b.Kind() && (kind == sqlite.Null || kind == sqlite.Integer && a.Int64() == b.Int64())
}
