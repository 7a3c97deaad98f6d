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
	// maxEscapes is the largest number of different control characters that are escaped with a
	// replace() each. A text with more is rarely readable. Older versions of SQLite parse at most
	// about 30 nested functions.
	maxEscapes = 8

	// maxRepeat is the largest number of times that an escape sequence repeats its last byte to
	// differ from the text.
	maxRepeat = 8
)

// AppendPortableText appends a literal that yields text, byte for byte, in every SQLite since
// 3.7.16, in Cloudflare D1 and in libSQL, where unistr() may be missing. The literal contains no
// byte below 0x20 except the tab, so tools that read lines can neither split nor change it.
//
// Control characters become escape sequences that do not occur in the text:
//
//	replace(replace('a\r\nb','\n',char(10)),'\r',char(13))
//
// Text with a NUL, text that is not UTF-8 and text with many different control characters becomes
// CAST(x'…' AS TEXT).
func AppendPortableText(dst, text []byte) []byte {
	if portableASCII(text) == len(text) {
		dst = append(append(dst, '\''), text...)
		return append(dst, '\'')
	}
	form := PortableFormOf(text)
	return form.AppendEnd(form.AppendPiece(form.AppendBegin(dst), text))
}

// AppendPortableReal appends f like [AppendReal], but keeps the sign of negative zero.
func AppendPortableReal(dst []byte, f float64) []byte {
	if f == 0 && math.Signbit(f) {
		dst = append(dst, '-')
	}
	return AppendReal(dst, f)
}

// PortableForm is the form that [AppendPortableText] gives a text. A caller can append a long text
// in pieces, cut anywhere: AppendBegin, then AppendPiece for every piece, then AppendEnd.
type PortableForm struct {
	cast     bool
	controls uint32      // the set of escaped control characters
	lengths  [0x20]uint8 // the lengths of their escape sequences
}

// PortableFormOf returns the form for a text.
func PortableFormOf(text []byte) (f PortableForm) {
	f.controls = controlsIn(text)
	f.cast = !f.findEscapes(text) || !utf8.Valid(text)
	return f
}

// AppendBegin appends the part of the literal before the first piece.
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
	plain := 0 // the piece up to here is in dst
	for i := 0; ; i++ {
		if i += portableRun(piece[i:]); i == len(piece) {
			return append(dst, piece[plain:]...)
		}
		switch c := piece[i]; {
		case c == '\'':
			dst = append(append(dst, piece[plain:i]...), "''"...)
			plain = i + 1
		case c < 0x20 && c != '\t':
			dst = append(append(dst, piece[plain:i]...), longestEscapes[c][:f.lengths[c]]...)
			plain = i + 1
		}
	}
}

// AppendEnd appends the part of the literal after the last piece.
func (f *PortableForm) AppendEnd(dst []byte) []byte {
	if f.cast {
		return append(dst, "' AS TEXT)"...)
	}
	dst = append(dst, '\'')
	for controls := f.controls; controls != 0; controls &= controls - 1 {
		c := bits.TrailingZeros32(controls)
		dst = append(append(dst, ",'"...), longestEscapes[c][:f.lengths[c]]...)
		dst = append(dst, "',char("...)
		dst = append(strconv.AppendInt(dst, int64(c), 10), "))"...)
	}
	return dst
}

// controlsIn returns the set of control characters in text, except the tab.
func controlsIn(text []byte) uint32 {
	var set uint32
	for i := portableRun(text); i < len(text); i += 1 + portableRun(text[i+1:]) {
		if c := text[i]; c < 0x20 {
			set |= 1 << c
		}
	}
	return set &^ (1 << '\t')
}

// findEscapes chooses an escape sequence for every control character. It reports whether the
// sequences are better than a CAST.
//
// No two sequences start alike, and none contains a second backslash. Therefore no sequence can
// begin in the text before it or be part of another sequence.
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

// longestEscapes holds, for every control character, \n, \r or for example \x1b, with the last byte
// repeated maxRepeat times. The sequence for a text repeats that byte only until the text does not
// contain the sequence.
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
