package sqltext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// PortableStringLen is the length of the string that sql starts with, if it
// is as [AppendPortableText] would write it, so that a copy will do; else 0.
// It is 0, too, where nothing follows the string: the next byte might be
// another quote.
func PortableStringLen(sql []byte) int {
	if at(sql, 0) != '\'' {
		return 0
	}
	ascii := true
	for i := 1; ; {
		n := portableRun(sql[i:], ascii)
		i += n
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

// portableRun is the number of bytes before the first quote or control
// character; with ascii, before the first byte outside of ASCII, too. Eight
// bytes are looked at together: a byte of m has its high bit set where that of
// the text is one of those, and the lowest such bit is never wrong.
func portableRun(text []byte, ascii bool) int {
	const (
		each   = 0x0101010101010101
		high   = 0x80 * each
		quotes = '\'' * each
		blanks = ' ' * each
	)
	var outside uint64
	if ascii {
		outside = high
	}
	i := 0
	for ; i+8 <= len(text); i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		q := x ^ quotes
		if m := ((q-each)&^q | (x-blanks)&^x | x&outside) & high; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '\'' && !(ascii && text[i] >= 0x80) {
		i++
	}
	return i
}
