package sqltext

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
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
	if portableASCII(text) == len(text) {
		dst = append(append(dst, '\''), text...)
		return append(dst, '\'')
	}
	form := PortableFormOf(text)
	return form.AppendEnd(form.AppendPiece(form.AppendBegin(dst), text))
}

// AppendPortableReal appends f as [AppendReal] does, but for negative zero,
// which keeps its sign.
func AppendPortableReal(dst []byte, f float64) []byte {
	if f == 0 && math.Signbit(f) {
		dst = append(dst, '-')
	}
	return AppendReal(dst, f)
}

// PortableForm is the form that [AppendPortableText] gives a text. Text that is
// too long to be appended at once can be appended in pieces, cut anywhere:
// begin, pieces, end.
type PortableForm struct {
	cast     bool
	controls uint32      // the set of control characters that are escaped
	lengths  [0x20]uint8 // of their escape sequences
}

// PortableFormOf returns the form for a text.
func PortableFormOf(text []byte) (f PortableForm) {
	f.controls = controlsIn(text)
	f.cast = !f.findEscapes(text) || !utf8.Valid(text)
	return f
}

// AppendBegin appends what is before the first piece.
func (f *PortableForm) AppendBegin(dst []byte) []byte {
	if f.cast {
		return append(dst, "CAST(x'"...)
	}
	for range bits.OnesCount32(f.controls) {
		dst = append(dst, "replace("...)
	}
	return append(dst, '\'')
}

// AppendPiece appends a piece of the text.
func (f *PortableForm) AppendPiece(dst, piece []byte) []byte {
	if f.cast {
		return hex.AppendEncode(dst, piece)
	}
	return f.appendEscaped(dst, piece, "''")
}

// appendRaw appends a piece of a text that is no CAST, in which quotes are
// doubled.
func (f *PortableForm) appendRaw(dst, piece []byte) []byte { return f.appendEscaped(dst, piece, "'") }

func (f *PortableForm) appendEscaped(dst, piece []byte, quote string) []byte {
	plain := 0 // the piece up to here is in dst
	for i := 0; ; i++ {
		if i += portableRun(piece[i:]); i == len(piece) {
			return append(dst, piece[plain:]...)
		}
		switch c := piece[i]; {
		case c == '\'':
			dst = append(append(dst, piece[plain:i]...), quote...)
			plain = i + 1
		case c < 0x20 && c != '\t':
			dst = append(append(dst, piece[plain:i]...), longestEscapes[c][:f.lengths[c]]...)
			plain = i + 1
		}
	}
}

// AppendEnd appends what is behind the last piece.
func (f *PortableForm) AppendEnd(dst []byte) []byte {
	if f.cast {
		return append(dst, "' AS TEXT)"...)
	}
	dst = append(dst, '\'')
	for controls := f.controls; controls != 0; controls &= controls - 1 {
		c := bits.TrailingZeros32(controls)
		dst = append(append(append(dst, ",'"...), longestEscapes[c][:f.lengths[c]]...), "',char("...)
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

// findEscapes finds what may stand for each of the control characters, and
// reports whether that is better than a CAST.
//
// No two sequences start alike, and none holds a second backslash, so that
// one can neither begin in the text before it nor be part of another.
func (f *PortableForm) findEscapes(text []byte) bool {
	if f.controls&1 != 0 || bits.OnesCount32(f.controls) > maxEscapes {
		return false
	}
	for controls := f.controls; controls != 0; controls &= controls - 1 {
		c := bits.TrailingZeros32(controls)
		n := len(longestEscapes[c]) - maxRepeat + 1
		for n <= len(longestEscapes[c]) && bytes.Contains(text, longestEscapes[c][:n]) {
			n++
		}
		if n > len(longestEscapes[c]) {
			return false
		}
		f.lengths[c] = uint8(n)
	}
	return true
}

// longestEscapes are, for each control character, \n, \r or, say, \x1b, with
// the last byte maxRepeat times. Of that, a text has the last byte once more
// than anywhere in it.
var longestEscapes = func() (all [0x20][]byte) {
	for c := range all {
		escape := fmt.Appendf(nil, `\x%02x`, c)
		switch c {
		case '\n':
			escape = []byte(`\n`)
		case '\r':
			escape = []byte(`\r`)
		}
		last := escape[len(escape)-1:]
		all[c] = append(escape, bytes.Repeat(last, maxRepeat-1)...)
	}
	return all
}()
