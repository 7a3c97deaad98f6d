package transcribe

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// rowKey is where a table keeps a row: the rowid, or the primary key of a
// WITHOUT ROWID table, as bytes that compare as keys do. It has no parts for a
// table that numbers its rows in the order in which they come.
type rowKey struct {
	parts [][]byte // of the row that is being copied, as literals
	last  []byte   // the key of the row before; empty before the first
	next  []byte
}

// advance takes the key of a row. It reports whether the key is known to be
// above the key of the row before: the table keeps such rows in their order.
func (k *rowKey) advance() bool {
	switch len(k.parts) {
	case 0:
		return true
	case 1:
		i, ok := digits(k.parts[0])
		if ok && len(k.last) == integerKey && k.last[0] == integers {
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
	k.last, k.next = k.next, k.last
	return true
}

// advanceInteger is advance for one integer after another, as most keys are.
func (k *rowKey) advanceInteger(i uint64) bool {
	i ^= 1 << 63
	if i <= binary.BigEndian.Uint64(k.last[1:]) {
		return false
	}
	binary.BigEndian.PutUint64(k.last[1:], i)
	return true
}

// digits returns an integer of few digits and no sign.
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

// lastInteger returns the last key if it is one integer; else, and before the
// first row, 0.
func (k *rowKey) lastInteger() int64 {
	if len(k.last) != integerKey || k.last[0] != integers {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k.last[1:]) ^ 1<<63)
}

// An integer in a key begins with integers and has this length.
const (
	integers   = 1
	integerKey = 1 + 8
)

// appendKeyPart appends the value of a literal as bytes that sort as values do
// (https://sqlite.org/datatype3.html#sort_order): integers before texts before
// blobs. A doubled quote sorts as one quote does, and a hexadecimal digit as its
// value. It reports false for a real, which sorts among the integers, and for
// text that is written as an expression.
func appendKeyPart(key, literal []byte) ([]byte, bool) {
	const texts, blobs, end = 2, 3, 0 // a text literal holds nothing below a tab
	switch literal[0] {
	case '\'':
		return append(append(append(key, texts), literal[1:len(literal)-1]...), end), true
	case 'x':
		return append(append(append(key, blobs), literal[len("x'"):len(literal)-1]...), end), true
	}
	i, err := strconv.ParseInt(string(literal), 10, 64)
	return binary.BigEndian.AppendUint64(append(key, integers), uint64(i)^1<<63), err == nil
}
