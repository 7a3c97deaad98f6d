package extract

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// rowKey is where a table keeps a row: its rowid, or the primary key in a
// WITHOUT ROWID table. Keys compare as their bytes do. A table that gives its
// rows numbers in the order in which they come has none.
type rowKey struct {
	parts [][]byte // of the row that is looked at, as literals
	last  []byte   // of the row before, empty before the first
	next  []byte
}

// advance takes the key of a row, and reports whether it is known to be above
// those before it: then rows come in the order in which a table keeps them.
func (k *rowKey) advance() bool {
	if len(k.parts) == 0 {
		return true
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
	k.last, k.next = k.next, k.last
	return true
}

// lastInteger returns the last key, which is an integer by itself; 0 before
// the first.
func (k *rowKey) lastInteger() int64 {
	if len(k.last) == 0 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k.last[1:]) ^ 1<<63)
}

// appendKeyPart appends the value of a literal as bytes that sort as values do
// (https://sqlite.org/datatype3.html#sort_order): integers before texts before
// blobs. A quote that is doubled, and a blob's hexadecimal digits, sort as what
// they stand for. It gives up on reals, which sort among the integers, and on
// text that is written as an expression.
func appendKeyPart(key, literal []byte) ([]byte, bool) {
	const integers, texts, blobs, end = 1, 2, 3, 0 // text as a literal holds nothing below a tab
	switch literal[0] {
	case '\'':
		return append(append(append(key, texts), literal[1:len(literal)-1]...), end), true
	case 'x':
		return append(append(append(key, blobs), literal[len("x'"):len(literal)-1]...), end), true
	}
	i, err := strconv.ParseInt(string(literal), 10, 64)
	return binary.BigEndian.AppendUint64(append(key, integers), uint64(i)^1<<63), err == nil
}
