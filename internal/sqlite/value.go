package sqlite

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"

	lib "modernc.org/sqlite/lib"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// Kind is a storage class (https://sqlite.org/datatype3.html).
type Kind = sqltext.Type

// The storage classes. The zero Kind is Null.
const (
	Null    = sqltext.Null
	Integer = sqltext.Integer
	Real    = sqltext.Real
	Text    = sqltext.Text
	Blob    = sqltext.Blob
)

// kindOf returns the storage class for a code of SQLite's. Except for NULL, the codes are in the
// same order (https://sqlite.org/c3ref/c_blob.html).
func kindOf(code int32) Kind { return Kind(code % lib.SQLITE_NULL) }

// Value is a value as SQLite stores it. The zero Value is NULL. == compares storage class and
// bytes: 1 and 1.0 differ, NULL equals NULL.
type Value struct {
	kind Kind
	bits int64  // the integer, or the bits of the floating-point number
	data string // the bytes of text and blobs
}

func Int(i int64) Value { return Value{kind: Integer, bits: i} }

// Float returns a floating-point number, or NULL for NaN, because SQLite stores NaN as NULL.
func Float(f float64) Value {
	if math.IsNaN(f) {
		return Value{}
	}
	return Value{kind: Real, bits: int64(math.Float64bits(f))}
}

// String returns a text.
func String(s string) Value { return Value{kind: Text, data: s} }

// Bytes returns a blob.
func Bytes(b []byte) Value { return Value{kind: Blob, data: string(b)} }

// Kind returns the value's storage class.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether the value is NULL.
func (v Value) IsNull() bool { return v.kind == Null }

// Int64 returns the value of an integer, and 0 for other values.
func (v Value) Int64() int64 {
	if v.kind != Integer {
		return 0
	}
	return v.bits
}

// Float64 returns the value of a floating-point number, and 0 for other values.
func (v Value) Float64() float64 {
	if v.kind != Real {
		return 0
	}
	return math.Float64frombits(uint64(v.bits))
}

// Data returns the bytes of a text or a blob, and "" for other values.
func (v Value) Data() string { return v.data }

// View returns the bytes of a text or a blob without copying them. The caller must not change them.
func (v Value) View() []byte { return unsafe.Slice(unsafe.StringData(v.data), len(v.data)) }

// Any returns the value as database/sql takes it: nil, an int64, a float64, a string or a []byte.
func (v Value) Any() any {
	switch v.kind {
	case Integer:
		return v.Int64()
	case Real:
		return v.Float64()
	case Text:
		return v.data
	case Blob:
		return []byte(v.data)
	}
	return nil
}

// AppendKey appends an encoding of the value that is unique and not a prefix of the encoding of
// another value, so that rows can be compared as strings.
func (v Value) AppendKey(dst []byte) []byte {
	dst = append(dst, byte(v.kind))
	switch v.kind {
	case Integer, Real:
		return binary.BigEndian.AppendUint64(dst, uint64(v.bits))
	case Text, Blob:
		dst = binary.AppendUvarint(dst, uint64(len(v.data)))
		return append(dst, v.data...)
	}
	return dst
}

// Pick returns the values of a row at the given positions.
func Pick(row []Value, at []int) []Value {
	out := make([]Value, len(at))
	for i, n := range at {
		out[i] = row[n]
	}
	return out
}

// Args returns the values as arguments for [Stmt.Bind] and similar functions.
func Args(values []Value) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// ValueOf converts a Go value to the value that SQLite stores for it. It accepts nil, bool (0 or
// 1), int, int32, int64, float64, string, []byte and Value.
func ValueOf(a any) (Value, error) {
	switch a := a.(type) {
	case nil:
		return Value{}, nil
	case Value:
		return a, nil
	case bool:
		if a {
			return Int(1), nil
		}
		return Int(0), nil
	case int:
		return Int(int64(a)), nil
	case int32:
		return Int(int64(a)), nil
	case int64:
		return Int(a), nil
	case float64:
		return Float(a), nil
	case string:
		return String(a), nil
	case []byte:
		return Bytes(a), nil
	}
	return Value{}, fmt.Errorf("SQLite has no storage class for %T", a)
}
