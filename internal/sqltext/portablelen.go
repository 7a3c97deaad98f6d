package sqltext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// PortableStringLen is the length of the string at the start of sql if [AppendPortableText] would
// write the string the same, so that a copy suffices. Otherwise it is 0. It is also 0 if sql ends
// with the string, because the next byte might be another quote.
func PortableStringLen(sql []byte) int {
	if len(sql) < 2 || sql[0] != '\'' {
		return 0
	}
	i, ascii := 1+portableASCII(sql[1:]), true
	if i+1 < len(sql) && sql[i] == '\'' && sql[i+1] != '\'' {
		return i + 1
	}
	for {
		if ascii {
			i += portableASCII(sql[i:])
		} else {
			i += portableRun(sql[i:])
		}
		switch c := at(sql, i); {
		case c >= 0x80:
			ascii = false
		case c == '\t':
			i++
		case c != '\'' || i+1 == len(sql):
			return 0
		case sql[i+1] == '\'':
			i += 2
		case ascii || utf8.Valid(sql[1:i]):
			return i + 1
		default:
			return 0
		}
	}
}

// The masks test eight bytes at once. A marked byte has its high bit set. Only the
// lowest mark is certain, because a borrow can mark a higher byte by mistake.
const (
	each   = 0x0101010101010101
	high   = 0x80 * each
	quotes = '\'' * each
	blanks = ' ' * each
)

// portableASCII is the number of bytes before the first quote, control character or byte outside
// ASCII.
func portableASCII(text []byte) int {
	i := 0
	for ; len(text)-i >= 32; i += 32 {
		w := (*[32]byte)(text[i:])
		m := unportable(w[:8]) | unportable(w[8:16]) | unportable(w[16:24]) | unportable(w[24:])
		if m&high != 0 {
			break
		}
	}
	for len(text)-i >= 8 {
		if m := unportable(text[i:i+8]) & high; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
		i += 8
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '\'' && text[i] < 0x80 {
		i++
	}
	return i
}

// unportable marks the bytes at which portableASCII ends.
func unportable(eight []byte) uint64 {
	x := binary.LittleEndian.Uint64(eight)
	return (x ^ quotes) - each | (x - blanks) | x
}

// portableRun is the number of bytes before the first quote or control character.
func portableRun(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		q := x ^ quotes
		if m := ((q-each)&^q | (x-blanks)&^x) & high; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '\'' {
		i++
	}
	return i
}
