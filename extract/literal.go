package extract

import (
	"encoding/hex"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// appendLiterals appends values as literals, separated by commas.
func appendLiterals(dst []byte, values []sqlite.Value) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendLiteral(dst, v)
	}
	return dst
}

// appendLiteral appends a value as formatLiteral does.
func appendLiteral(dst []byte, v sqlite.Value) []byte {
	text, value := scan.Buffer{Bytes: dst}, scan.ValueOf(v)
	formatLiteral(&text, &value)
	return text.Bytes
}

// formatLiteral appends a value as a literal that any SQLite reads, without a
// line end in it.
func formatLiteral(text *scan.Buffer, v *scan.Value) {
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
