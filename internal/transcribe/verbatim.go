package transcribe

import (
	"encoding/binary"
	"math/bits"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// verbatimLen returns the length of the literal at the beginning of sql if SQLite would print the
// same literal for the value that the column stores. Otherwise it returns 0.
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
		n, kind := numberLen(sql)
		if column.takes.has(kind) && column.stores.number(sql[:n], kind) {
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

// numberLen returns the length of the number at the beginning of sql, and whether it is an Integer
// or a Real. It returns 0 unless the number is certainly written as SQLite prints it.
func numberLen(sql []byte) (int, sqltext.Type) {
	const most = 18 // the number of digits that always fit into 64 bits
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
	each = 0x0101010101010101 // one in each of the eight bytes of a word
	high = 0x80 * each
)

// digitsLen returns the number of digits at the beginning of text.
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

// blobLen returns the length of the blob literal at the beginning of sql if its digits are in lower
// case. Otherwise it returns 0.
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

// areHex reports whether each of eight bytes is a hexadecimal digit in lower case. Each sum sets
// the high bit of a byte if the byte is at least the character in the sum.
func areHex(bytes uint64) bool {
	digits := (bytes + (0x80-'0')*each) &^ (bytes + (0x80-'9'-1)*each)
	letters := (bytes + (0x80-'a')*each) &^ (bytes + (0x80-'f'-1)*each)
	return (digits|letters)&^bytes&high == high
}

func followsValue(c byte) bool { return c == ',' || c == ')' || c == ' ' }
