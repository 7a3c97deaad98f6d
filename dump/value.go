package dump

import (
	"bytes"
	"encoding/binary"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// row writes one INSERT, given up to its first value.
func (s *script) row(insert []byte, row *sqlite.Stmt) {
	s.buf = append(s.buf, insert...)
	for i := range row.Columns() {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.value(row, i)
	}
	s.buf = append(s.buf, ");\n"...)
	s.flushIfFull()
}

// value writes a value as the shell does (qrfRenderValue in its shell.c.in).
// Two that the shell would lose are sqltext's to write: infinity, and text that
// holds a NUL.
func (s *script) value(row *sqlite.Stmt, i int) {
	switch row.Kind(i) {
	case sqlite.Integer:
		s.buf = sqltext.AppendInt(s.buf, row.Int64(i))
	case sqlite.Real:
		s.buf = sqltext.AppendReal(s.buf, row.Float64(i))
	case sqlite.Text:
		s.buf = appendText(s.buf, row.View(i))
	case sqlite.Blob:
		s.buf = sqltext.AppendBlob(s.buf, row.View(i))
	default:
		s.buf = append(s.buf, "NULL"...)
	}
}

// appendText appends text as printf's %#Q does (https://sqlite.org/printf.html):
// as a string, or in unistr('…') if it has control characters.
func appendText(dst, text []byte) []byte {
	if !hasControl(text) || bytes.IndexByte(text, 0) >= 0 {
		return sqltext.AppendText(dst, text)
	}
	dst = append(dst, "unistr('"...)
	for _, c := range text {
		switch {
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', "01"[c>>4], "0123456789abcdef"[c&0xf])
		case c == '\'' || c == '\\':
			dst = append(dst, c, c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, "')"...)
}

// hasControl reports whether a byte of text is less than 0x20. It looks at
// eight at a time: subtracting 0x20 sets the top bit of such a byte, and of no
// other that had it not and follows none (Bit Twiddling Hacks, "Determine if a
// word has a byte less than n").
func hasControl(text []byte) bool {
	const each = 0x0101010101010101
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		if (word-0x20*each)&^word&(0x80*each) != 0 {
			return true
		}
	}
	for _, c := range text {
		if c < 0x20 {
			return true
		}
	}
	return false
}
