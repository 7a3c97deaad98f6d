package sqltext

import (
	"bytes"
	"unicode/utf8"
)

// appendUnescaped appends the result of SQLite's unistr() for text
// (https://www.sqlite.org/lang_corefunc.html#unistr), and reports whether all escapes are valid:
// \XXXX, \uXXXX, \+XXXXXX, \UXXXXXXXX and \\. As in SQLite, a number that is not a character, such
// as half of a surrogate pair, becomes the bytes that UTF-8 would use for it.
func appendUnescaped(dst, text []byte) ([]byte, bool) {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(dst, text...), true
		}
		dst = append(dst, text[:i]...)
		text = text[i+1:]
		if at(text, 0) == '\\' {
			dst, text = append(dst, '\\'), text[1:]
			continue
		}
		skip, digits := escapeForm(at(text, 0))
		if len(text) < skip+digits {
			return dst, false
		}
		v, ok := hexNumber(text[skip : skip+digits])
		if !ok || digits == 0 {
			return dst, false
		}
		dst, text = appendUTF8(dst, v), text[skip+digits:]
	}
}

// escapeForm tells from the byte after a backslash how many bytes to skip and how many hexadecimal
// digits follow. 0 digits means that the byte begins no escape.
func escapeForm(c byte) (skip, digits int) {
	switch {
	case isHex(c):
		return 0, 4
	case c == '+':
		return 1, 6
	case c == 'u':
		return 1, 4
	case c == 'U':
		return 1, 8
	}
	return 0, 0
}

func hexNumber(digits []byte) (uint32, bool) {
	var v uint32
	for _, c := range digits {
		if !isHex(c) {
			return 0, false
		}
		v = v<<4 | uint32(hexDigit[c])
	}
	return v, true
}

// appendChar appends the character with a number, like SQLite's char()
// (https://www.sqlite.org/lang_corefunc.html#char).
func appendChar(dst []byte, i int64) []byte {
	if i < 0 || i > utf8.MaxRune {
		i = utf8.RuneError
	}
	return appendUTF8(dst, uint32(i))
}

// appendUTF8 is sqlite3AppendOneUtf8Character of SQLite's utf.c, which accepts any number.
func appendUTF8(dst []byte, v uint32) []byte {
	switch {
	case v < 0x80:
		return append(dst, byte(v))
	case v < 0x800:
		return append(dst, 0xc0|byte(v>>6), continuation(v))
	case v < 0x10000:
		return append(dst, 0xe0|byte(v>>12), continuation(v>>6), continuation(v))
	}
	return append(dst, 0xf0|byte(v>>18)&0x07, continuation(v>>12), continuation(v>>6),
		continuation(v))
}

func continuation(v uint32) byte { return 0x80 | byte(v)&0x3f }
