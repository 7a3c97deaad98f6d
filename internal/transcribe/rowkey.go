package transcribe

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// rowKey is the key by which a table orders its rows: the rowid, or the primary key of a WITHOUT
// ROWID table. It holds keys as bytes that compare as the keys do. It has no parts for a table that
// numbers its rows in the order of their INSERTs.
type rowKey struct {
	// parts holds the literals of the key's columns in the row that is being copied.
	parts [][]byte
	// last is the key of the row before. It is empty before the first row.
	last []byte
	next []byte
}

// advance takes the key of the next row from parts. It reports whether the key is known to be
// greater than the last key. The table then stores the rows in the script's order.
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

// advanceInteger is advance for a key of one integer after another such key, which most keys are.
func (k *rowKey) advanceInteger(i uint64) bool {
	i ^= 1 << 63
	if i <= binary.BigEndian.Uint64(k.last[1:]) {
		return false
	}
	binary.BigEndian.PutUint64(k.last[1:], i)
	return true
}

// digits returns the value of an integer literal without a sign and with at most 18 digits.
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

// lastInteger returns the last key if it is one integer. Otherwise, and before the first row, it
// returns 0.
func (k *rowKey) lastInteger() int64 {
	if len(k.last) != integerKey || k.last[0] != integers {
		return 0
	}
	return int64(binary.BigEndian.Uint64(k.last[1:]) ^ 1<<63)
}

// An integer in a key begins with the byte integers and has this length.
const (
	integers   = 1
	integerKey = 1 + 8
)

// appendKeyPart appends the value of a literal as bytes that sort as values do
// (https://sqlite.org/datatype3.html#sort_order): integers before texts before blobs. A doubled
// quote sorts as one quote does, and a hexadecimal digit as its value. It returns false for a real,
// which sorts among the integers, and for text that is written as an expression.
func appendKeyPart(key, literal []byte) ([]byte, bool) {
	const texts, blobs, end = 2, 3, 0 // no byte in a text literal is smaller than a tab
	switch literal[0] {
	case '\'':
		return append(append(append(key, texts), literal[1:len(literal)-1]...), end), true
	case 'x':
		return append(append(append(key, blobs), literal[len("x'"):len(literal)-1]...), end), true
	}
	i, err := strconv.ParseInt(string(literal), 10, 64)
	return binary.BigEndian.AppendUint64(append(key, integers), uint64(i)^1<<63), err == nil
}
