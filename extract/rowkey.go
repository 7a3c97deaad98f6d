package extract

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
)

// rowKey is where a table keeps a row: its rowid, or the primary key in a
// WITHOUT ROWID table. Keys compare as their bytes do. A table that gives its
// rows numbers in the order in which they come has none.
type rowKey struct {
	parts [][]byte // of the row that is looked at, as literals
	first []byte   // of the first row, empty before that
	last  []byte   // of the row before
	next  []byte
}

// begin makes the key one of so many parts, before the first row.
func (k *rowKey) begin(parts int) {
	k.parts = slices.Grow(k.parts[:0], parts)[:parts]
	k.first, k.last = k.first[:0], k.last[:0]
}

// join goes on behind rows that were looked at by themselves, if these are
// known to be above those before.
func (k *rowKey) join(next *rowKey) bool {
	if len(k.parts) > 0 && bytes.Compare(next.first, k.last) <= 0 {
		return false
	}
	k.last = append(k.last[:0], next.last...)
	return true
}

// advance takes the key of a row, and reports whether it is known to be above
// those before it: then rows come in the order in which a table keeps them.
func (k *rowKey) advance() bool {
	switch len(k.parts) {
	case 0:
		return true
	case 1:
		if i, ok := digits(k.parts[0]); ok && len(k.last) == integerKey && k.last[0] == integers {
			return k.advanceInteger(i)
		}
	}
	k.next = k.next[:0]
	for _, literal := range k.parts {
		var ok bool
		if k.next, ok = appendKeyPart(k.next, literal); !ok {
			return false
		}
	}
	if bytes.Compare(k.next, k.last) <= 0 {
		return false
	}
	if len(k.last) == 0 {
		k.first = append(k.first[:0], k.next...)
	}
	k.last, k.next = k.next, k.last
	return true
}

// advanceInteger is advance where the key is one integer after another. Most
// are.
func (k *rowKey) advanceInteger(i uint64) bool {
	i ^= 1 << 63
	if i <= binary.BigEndian.Uint64(k.last[1:]) {
		return false
	}
	binary.BigEndian.PutUint64(k.last[1:], i)
	return true
}

// digits returns the integer that is written in few digits and without a sign.
func digits(literal []byte) (i uint64, ok bool) {
	const most = 18
	if len(literal) > most {
		return 0, false
	}
	for _, c := range literal {
		if c -= '0'; c > 9 {
			return 0, false
		}
		i = i*10 + uint64(c)
	}
	return i, true
}

// lastInteger returns the last key, which is an integer by itself; 0 before
// the first.
func (k *rowKey) lastInteger() int64 {
	if len(k.last) == 0 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k.last[1:]) ^ 1<<63)
}

// An integer in a key begins so, and has that length.
const (
	integers   = 1
	integerKey = 1 + 8
)

// appendKeyPart appends the value of a literal as bytes that sort as values do
// (https://sqlite.org/datatype3.html#sort_order): integers before texts before
// blobs. A quote that is doubled, and a blob's hexadecimal digits, sort as what
// they stand for. It gives up on reals, which sort among the integers, and on
// text that is written as an expression.
func appendKeyPart(key, literal []byte) ([]byte, bool) {
	const texts, blobs, end = 2, 3, 0 // text as a literal holds nothing below a tab
	switch literal[0] {
	case '\'':
		return append(append(append(key, texts), literal[1:len(literal)-1]...), end), true
	case 'x':
		return append(append(append(key, blobs), literal[len("x'"):len(literal)-1]...), end), true
	}
	i, err := strconv.ParseInt(string(literal), 10, 64)
	return binary.BigEndian.AppendUint64(append(key, integers), uint64(i)^1<<63), err == nil
}
