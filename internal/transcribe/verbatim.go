package transcribe

import (
	"encoding/binary"
	"math/bits"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// verbatimLen is the length of the literal that sql starts with, if the column
// stores what it says and SQLite would print it the same; else 0.
func verbatimLen(sql []byte, column *column) int {
	if len(sql) == 0 {
		return 0
	}
	switch first := sql[0]; {
	case first == '\'':
		n := sqltext.PortableStringLen(sql)
		if n > 0 && column.takes.has(sqltext.Text) && column.stores.text(sql[1:n-1]) {
			return n
		}
	case '0' <= first && first <= '9' || first == '-':
		if n, kind := numberLen(sql); column.takes.has(kind) && column.stores.number(sql[:n], kind) {
			return n
		}
	case first == 'N' && column.takes.has(sqltext.Null):
		if n := len("NULL"); len(sql) > n && string(sql[:n]) == "NULL" && followsValue(sql[n]) {
			return n
		}
	case first == 'x' && column.takes.has(sqltext.Blob):
		return blobLen(sql)
	}
	return 0
}

// numberLen is the length of the number that sql starts with, and whether it
// is an Integer or a Real, if it is without a doubt written as SQLite prints
// it; else 0.
func numberLen(sql []byte) (int, sqltext.Type) {
	const most = 18 // digits that fit into 64 bits
	first := 0
	if sql[0] == '-' {
		first = 1
	}
	i := first + digitsLen(sql[first:])
	switch {
	case i == first, i == len(sql), sql[first] == '0' && i > first+1:
		return 0, sqltext.Integer
	case sql[i] == '.':
		return sqltext.PortableRealLen(sql), sqltext.Real
	case !followsValue(sql[i]), i-first > most, sql[0] == '-' && sql[1] == '0':
		return 0, sqltext.Integer
	}
	return i, sqltext.Integer
}

const (
	each = 0x0101010101010101 // of eight bytes that are looked at together
	high = 0x80 * each
)

// digitsLen is how many digits text starts with.
func digitsLen(text []byte) int {
	i := 0
	for ; len(text)-i >= 8; i += 8 {
		x := binary.LittleEndian.Uint64(text[i:i+8]) ^ '0'*each
		if others := (x&^high + (0x80-10)*each | x) & high; others != 0 {
			return i + bits.TrailingZeros64(others)/8
		}
	}
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	return i
}

// blobLen is the length of the blob that sql starts with, if it is in lower
// case; else 0.
func blobLen(sql []byte) int {
	if len(sql) < len("x''") || sql[1] != '\'' {
		return 0
	}
	i := len("x'")
	for len(sql)-i >= 8 && areHex(binary.LittleEndian.Uint64(sql[i:i+8])) {
		i += 8
	}
	for i < len(sql) && ('0' <= sql[i] && sql[i] <= '9' || 'a' <= sql[i] && sql[i] <= 'f') {
		i++
	}
	if i == len(sql) || sql[i] != '\'' || i%2 != 0 {
		return 0
	}
	return i + 1
}

// areHex reports whether each of eight bytes is a hexadecimal digit, in lower
// case. What is added to a byte sets its high bit from the named one on.
func areHex(bytes uint64) bool {
	digits := (bytes + (0x80-'0')*each) &^ (bytes + (0x80-'9'-1)*each)
	letters := (bytes + (0x80-'a')*each) &^ (bytes + (0x80-'f'-1)*each)
	return (digits|letters)&^bytes&high == high
}

func followsValue(c byte) bool { return c == ',' || c == ')' || c == ' ' }
