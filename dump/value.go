package dump

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// appendInsert appends one INSERT. insert is its text up to the first value.
func appendInsert(s *scan.Buffer, insert []byte, row []scan.Value) {
	s.Bytes = append(s.Bytes, insert...)
	for i := range row {
		if i > 0 {
			s.Bytes = append(s.Bytes, ',')
		}
		appendValue(s, &row[i])
	}
	s.Bytes = append(s.Bytes, ");\n"...)
}

// appendValue appends a value like the shell (qrfRenderValue in its shell.c.in), except for two
// kinds of value that the shell would lose: infinity, and text that contains a NUL.
func appendValue(s *scan.Buffer, v *scan.Value) {
	switch v.Kind() {
	case sqlite.Integer:
		s.Bytes = sqltext.AppendInt(s.Bytes, v.Int64())
	case sqlite.Real:
		s.Bytes = sqltext.AppendReal(s.Bytes, v.Float64())
	case sqlite.Text:
		appendText(s, v.Data())
	case sqlite.Blob:
		appendLiteral(s, "x'", v.Data(), hex.AppendEncode, "'")
	default:
		s.Bytes = append(s.Bytes, "NULL"...)
	}
	s.Spill()
}

// appendText appends text like printf's %#Q (https://sqlite.org/printf.html): as a string, or as
// unistr('…') if it has control characters.
func appendText(s *scan.Buffer, text []byte) {
	control, quote := look(text)
	switch {
	case !control && !quote:
		appendLiteral(s, "'", text, appendBytes, "'")
	case !control:
		appendLiteral(s, "'", text, appendQuoted, "'")
	case bytes.IndexByte(text, 0) >= 0:
		appendLiteral(s, "CAST(x'", text, hex.AppendEncode, "' AS TEXT)")
	default:
		appendLiteral(s, "unistr('", text, appendEscaped, "')")
	}
}

// appendLiteral appends a literal with its beginning and its end.
func appendLiteral(
	s *scan.Buffer, begin string, value []byte,
	appendPiece func(dst, piece []byte) []byte, end string,
) {
	s.Bytes = append(s.Bytes, begin...)
	s.AppendPieces(value, appendPiece)
	s.Bytes = append(s.Bytes, end...)
}

func appendBytes(dst, text []byte) []byte { return append(dst, text...) }

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

// appendEscaped doubles quotes and backslashes, and escapes control characters for unistr().
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

// look reports whether text has a control character, which is a byte below 0x20, and whether it has
// a quote. It tests eight bytes at a time. Subtracting n from every byte sets the top bit of a byte
// less than n. Other bytes get a new top bit only after such a byte (Bit Twiddling Hacks,
// "Determine if a word has a byte less than n").
func look(text []byte) (control, quote bool) {
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
