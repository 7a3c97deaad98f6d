package scan

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Value is a value of a row, in the form that it has in a record
// (https://sqlite.org/fileformat2.html#record_format). It is a view that is valid as long as the
// row is. The zero Value is NULL.
type Value struct {
	serial uint64 // its serial type
	body   []byte
}

// Serial types. The types from 1 to 9, except serialReal, are integers. From serialBlob on, an even
// type is a blob and an odd type is text.
const (
	serialInt64 = 6
	serialReal  = 7
	serialOne   = 9
	serialBlob  = 12
)

// The sizes and kinds of values whose serial type is below serialBlob. SQLite reserves the last two
// types, and reads them as NULL in a file.
var (
	sizes = [serialBlob]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}
	kinds = [serialBlob]sqlite.Kind{
		sqlite.Null, sqlite.Integer, sqlite.Integer, sqlite.Integer, sqlite.Integer, sqlite.Integer,
		sqlite.Integer, sqlite.Real, sqlite.Integer, sqlite.Integer, sqlite.Null, sqlite.Null,
	}
)

// Kind returns the storage class of the value. It calls a NaN a real. SQLite reads NaN as NULL and
// never writes it.
func (v *Value) Kind() sqlite.Kind {
	if v.serial < serialBlob {
		return kinds[v.serial]
	}
	if v.serial%2 == 0 {
		return sqlite.Blob
	}
	return sqlite.Text
}

// Data returns the bytes of a blob or a text. Text is UTF-8.
func (v *Value) Data() []byte { return v.body }

// Int64 returns the value of an integer.
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

// Float64 returns the value of a real.
func (v *Value) Float64() float64 { return math.Float64frombits(binary.BigEndian.Uint64(v.body)) }

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

// AppendKey appends an encoding of the value that is unique and not a prefix of the encoding of
// another value.
func (v *Value) AppendKey(dst []byte) []byte {
	kind := v.Kind()
	dst = append(dst, byte(kind))
	switch kind {
	case sqlite.Integer:
		return binary.BigEndian.AppendUint64(dst, uint64(v.Int64()))
	case sqlite.Real:
		return append(dst, v.body...)
	case sqlite.Text, sqlite.Blob:
		dst = binary.AppendUvarint(dst, uint64(len(v.body)))
		return append(dst, v.body...)
	}
	return dst
}

// ValueOf returns the same value, valid without limit.
func ValueOf(v sqlite.Value) Value {
	switch v.Kind() {
	case sqlite.Integer:
		return int64Value(make([]byte, 8), v.Int64())
	case sqlite.Real:
		return float64Value(make([]byte, 8), v.Float64())
	case sqlite.Text:
		return textValue(v.View())
	case sqlite.Blob:
		return blobValue(v.View())
	}
	return Value{}
}

// int64Value and float64Value encode a number in eight bytes.
func int64Value(body []byte, i int64) Value {
	binary.BigEndian.PutUint64(body, uint64(i))
	return Value{serialInt64, body}
}

func float64Value(body []byte, f float64) Value {
	binary.BigEndian.PutUint64(body, math.Float64bits(f))
	return Value{serialReal, body}
}

func blobValue(b []byte) Value { return Value{serialBlob + 2*uint64(len(b)), b} }

func textValue(b []byte) Value { return Value{serialBlob + 1 + 2*uint64(len(b)), b} }

// equal reports whether two values have the same storage class and the same bytes. An integer has
// more than one encoding.
func equal(a, b *Value) bool {
	if a.serial == b.serial {
		return bytes.Equal(a.body, b.body)
	}
	kind := a.Kind()
	return kind == b.Kind() &&
		(kind == sqlite.Null || kind == sqlite.Integer && a.Int64() == b.Int64())
}
