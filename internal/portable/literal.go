// Package portable writes values and rows as SQL that SQLite from 3.7.16 on, Cloudflare D1 and
// libSQL read. No value contains a line end.
package portable

import (
	"encoding/hex"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// AppendList appends values as literals, separated by commas.
func AppendList(dst []byte, values []sqlite.Value) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = Append(dst, v)
	}
	return dst
}

// Append appends a value as [Format] does.
func Append(dst []byte, v sqlite.Value) []byte {
	text, value := scan.Buffer{Bytes: dst}, scan.ValueOf(v)
	Format(&text, &value)
	return text.Bytes
}

// AppendCast appends text in hexadecimal digits, as CAST(x'…' AS TEXT), so that the text itself is
// not readable in a script.
func AppendCast(dst []byte, text string) []byte {
	dst = append(dst, "CAST("...)
	return append(sqltext.AppendBlob(dst, []byte(text)), " AS TEXT)"...)
}

// Format appends a value as a literal.
func Format(text *scan.Buffer, v *scan.Value) {
	switch v.Kind() {
	case sqlite.Integer:
		text.Bytes = sqltext.AppendInt(text.Bytes, v.Int64())
	case sqlite.Real:
		text.Bytes = sqltext.AppendPortableReal(text.Bytes, v.Float64())
	case sqlite.Text:
		formatText(text, v.Data())
	case sqlite.Blob:
		text.Bytes = append(text.Bytes, "x'"...)
		text.AppendPieces(v.Data(), hex.AppendEncode)
		text.Bytes = append(text.Bytes, '\'')
	default:
		text.Bytes = append(text.Bytes, "NULL"...)
	}
	text.Spill()
}

func formatText(text *scan.Buffer, s []byte) {
	if len(s) <= scan.PieceSize {
		text.Bytes = sqltext.AppendPortableText(text.Bytes, s)
		return
	}
	form := sqltext.PortableFormOf(s)
	text.Bytes = form.AppendBegin(text.Bytes)
	text.AppendPieces(s, form.AppendPiece)
	text.Bytes = form.AppendEnd(text.Bytes)
}
