package dump

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// Values are written as the shell does (qrfRenderValue in its shell.c.in), but
// for the two that it would lose: infinity, and text that holds a NUL.

func (s *script) null() { s.buf = append(s.buf, "NULL"...) }

func (s *script) integer(i int64) { s.buf = sqltext.AppendInt(s.buf, i) }

func (s *script) real(f float64) { s.buf = sqltext.AppendReal(s.buf, f) }

// text writes text as printf's %#Q does (https://sqlite.org/printf.html): as a
// string, or in unistr('…') if it has control characters.
func (s *script) text(text []byte) {
	control, quote := scan(text)
	switch {
	case !control && !quote:
		s.literal("'", text, appendBytes, "'")
	case !control:
		s.literal("'", text, appendQuoted, "'")
	case bytes.IndexByte(text, 0) >= 0:
		s.literal("CAST(x'", text, hex.AppendEncode, "' AS TEXT)")
	default:
		s.literal("unistr('", text, appendEscaped, "')")
	}
}

func (s *script) blob(b []byte) { s.literal("x'", b, hex.AppendEncode, "'") }

// literal writes a literal between what begins and ends it, in pieces: a value
// may be as long as memory has room for, and its literal is longer.
func (s *script) literal(begin string, value []byte, appendPiece func(dst, piece []byte) []byte, end string) {
	s.buf = append(s.buf, begin...)
	for len(value) > flushAt {
		s.buf = appendPiece(s.buf, value[:flushAt])
		value = value[flushAt:]
		s.flushIfFull()
	}
	s.buf = appendPiece(s.buf, value)
	s.buf = append(s.buf, end...)
}

func appendBytes(dst, text []byte) []byte { return append(dst, text...) }

// appendQuoted doubles quotes.
func appendQuoted(dst, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '\'')
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(append(dst, text[:i+1]...), '\'')
		text = text[i+1:]
	}
}

// appendEscaped doubles quotes and backslashes, and escapes control characters
// for unistr().
func appendEscaped(dst, text []byte) []byte {
	plain := 0 // text up to here is in dst
	for i, c := range text {
		if c >= ' ' && c != '\'' && c != '\\' {
			continue
		}
		dst = append(dst, text[plain:i]...)
		if plain = i + 1; c >= ' ' {
			dst = append(dst, c, c)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', "01"[c>>4], "0123456789abcdef"[c&0xf])
		}
	}
	return append(dst, text[plain:]...)
}

// scan reports whether text has a control character, that is a byte less than
// 0x20, and whether it has a quote. It looks at eight bytes at a time: to
// subtract from each sets the top bit of one that is too small, and of no
// other that had it not and follows none (Bit Twiddling Hacks, "Determine if a
// word has a byte less than n").
func scan(text []byte) (control, quote bool) {
	const each = 0x0101010101010101
	var controls, quotes uint64
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		controls |= (word - ' '*each) &^ word
		unlike := word ^ '\''*each
		quotes |= (unlike - each) &^ unlike
	}
	control, quote = controls&(0x80*each) != 0, quotes&(0x80*each) != 0
	for _, c := range text {
		control = control || c < ' '
		quote = quote || c == '\''
	}
	return control, quote
}
