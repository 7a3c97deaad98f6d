package sqltext

import (
	"bytes"
	"encoding/hex"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

const (
	// maxEscapes is how many different control characters get a replace()
	// each; a text with more is hardly one to read. Older versions of SQLite
	// parse no more than about 30 functions within each other.
	maxEscapes = 8

	// maxRepeat is how long an escape sequence may become to differ from all
	// that the text holds.
	maxRepeat = 8
)

// AppendPortableText appends a literal that gives back text, byte for byte, in
// any SQLite from 3.7.16 on, in Cloudflare D1 and in libSQL, where unistr()
// may be missing. It never holds a byte below 0x20 but the tab, so that tools
// that go by lines can neither split nor change it.
//
// Control characters become escape sequences that do not occur in the text:
//
//	replace(replace('a\r\nb','\n',char(10)),'\r',char(13))
//
// Text with a NUL, text that is not UTF-8 and text with many different control
// characters becomes CAST(x'…' AS TEXT).
func AppendPortableText(dst, text []byte) []byte {
	controls := controlsIn(text)
	if controls == 0 && utf8.Valid(text) {
		return appendQuoted(dst, text)
	}
	escapes, ok := escapesFor(controls, text)
	if !ok || !utf8.Valid(text) {
		return appendCast(dst, text)
	}
	for range bits.OnesCount32(controls) {
		dst = append(dst, "replace("...)
	}
	dst = appendEscaped(dst, text, &escapes)
	for ; controls != 0; controls &= controls - 1 {
		c := bits.TrailingZeros32(controls)
		dst = append(append(append(dst, ",'"...), escapes[c]...), "',char("...)
		dst = append(strconv.AppendInt(dst, int64(c), 10), "))"...)
	}
	return dst
}

// controlsIn returns the set of control characters but the tab.
func controlsIn(text []byte) uint32 {
	var set uint32
	for i := portableRun(text); i < len(text); i += 1 + portableRun(text[i+1:]) {
		if c := text[i]; c < 0x20 {
			set |= 1 << c
		}
	}
	return set &^ (1 << '\t')
}

// escapesFor returns what may stand for each of the control characters, and
// whether that is better than a CAST.
//
// No two sequences start alike, and none holds a second backslash, so that
// one can neither begin in the text before it nor be part of another.
func escapesFor(controls uint32, text []byte) (escapes [0x20][]byte, ok bool) {
	if controls&1 != 0 || bits.OnesCount32(controls) > maxEscapes {
		return escapes, false
	}
	for ; controls != 0; controls &= controls - 1 {
		c := bits.TrailingZeros32(controls)
		if escapes[c] = escapeFor(byte(c), text); escapes[c] == nil {
			return escapes, false
		}
	}
	return escapes, true
}

// escapeFor returns \n, \r or, say, \x1b, with its last byte repeated once
// more than anywhere in text; nil if that gets long.
func escapeFor(c byte, text []byte) []byte {
	var escape []byte
	switch c {
	case '\n':
		escape = []byte(`\n`)
	case '\r':
		escape = []byte(`\r`)
	default:
		escape = hex.AppendEncode([]byte(`\x`), []byte{c})
	}
	last := escape[len(escape)-1]
	for range maxRepeat {
		if !bytes.Contains(text, escape) {
			return escape
		}
		escape = append(escape, last)
	}
	return nil
}

func appendEscaped(dst, text []byte, escapes *[0x20][]byte) []byte {
	dst = append(dst, '\'')
	for {
		i := portableRun(text)
		dst = append(dst, text[:i]...)
		if i == len(text) {
			return append(dst, '\'')
		}
		switch c := text[i]; c {
		case '\'':
			dst = append(dst, "''"...)
		case '\t':
			dst = append(dst, c)
		default:
			dst = append(dst, escapes[c]...)
		}
		text = text[i+1:]
	}
}
