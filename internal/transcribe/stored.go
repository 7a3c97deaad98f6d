package transcribe

import (
	"bytes"
	"math"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// stores tells what a column with an affinity stores for a value
// (https://sqlite.org/datatype3.html#type_affinity). Its methods return false if the value alone
// does not show that.
type stores struct{ schema.Affinity }

func (s stores) isNumeric() bool {
	return s.Affinity == schema.NumericAffinity || s.Affinity == schema.IntegerAffinity
}

// allText reports whether the column stores every text unchanged.
func (s stores) allText() bool {
	return s.Affinity == schema.NoAffinity || s.Affinity == schema.TextAffinity
}

// text reports whether the column stores the text unchanged.
func (s stores) text(text []byte) bool { return s.allText() || !mayBeNumber(text) }

// number reports whether SQLite prints the literal again for the Integer or Real that the column
// stores for it. The literal must be one that SQLite prints.
func (s stores) number(literal []byte, kind sqltext.Type) bool {
	switch {
	case s.Affinity == schema.NoAffinity:
		return true
	case s.Affinity == schema.RealAffinity:
		return kind == sqltext.Real
	case !s.isNumeric():
		return false
	}
	return kind == sqltext.Integer || !bytes.HasSuffix(literal, []byte(".0"))
}

// mayBeNumber reports whether text can be a decimal number with white space around it.
func mayBeNumber(text []byte) bool {
	const space = " \t\n\v\f\r"
	text = bytes.TrimLeft(text, space)
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9', c == '.':
		case c == 0: // a zero byte ends the number, and anything may follow
			return true
		case i == 0:
			return false
		case c == 'e', c == 'E':
		case (c == '-' || c == '+') && text[i-1]|0x20 == 'e':
		case strings.IndexByte(space, c) >= 0:
		default:
			return false
		}
	}
	return len(text) > 0
}

// exact is the greatest integer up to which every integer is also a real.
const exact = 1 << 53

// append appends the literal of the value that the column stores for v.
func (s stores) append(dst []byte, v sqltext.Value) ([]byte, bool) {
	switch v.Type {
	case sqltext.Text:
		return sqltext.AppendPortableText(dst, v.Bytes), s.text(v.Bytes)
	case sqltext.Blob:
		return sqltext.AppendBlob(dst, v.Bytes), true
	case sqltext.Integer:
		return s.appendInteger(dst, v.Int)
	case sqltext.Real:
		if s.Affinity == schema.NoAffinity {
			return sqltext.AppendPortableReal(dst, v.Real), true
		}
		whole := v.Real == math.Trunc(v.Real)
		ok := s.Affinity == schema.RealAffinity || s.isNumeric() && !whole
		return sqltext.AppendReal(dst, v.Real), ok
	}
	return append(dst, "NULL"...), true
}

func (s stores) appendInteger(dst []byte, i int64) ([]byte, bool) {
	switch s.Affinity {
	case schema.TextAffinity:
		return append(sqltext.AppendInt(append(dst, '\''), i), '\''), true
	case schema.RealAffinity:
		return sqltext.AppendReal(dst, float64(i)), -exact <= i && i <= exact
	}
	return sqltext.AppendInt(dst, i), true
}

// as reports whether the column stores v as the value in the database. Negative zero, which SQLite
// prints as 0.0, differs from 0.0.
func (s stores) as(v sqltext.Value, there *scan.Value) bool {
	switch v.Type {
	case sqltext.Text:
		return s.text(v.Bytes) && there.Kind() == sqlite.Text && bytes.Equal(v.Bytes, there.Data())
	case sqltext.Blob:
		return there.Kind() == sqlite.Blob && bytes.Equal(v.Bytes, there.Data())
	case sqltext.Integer:
		return s.integerAs(v.Int, there)
	case sqltext.Real:
		return s.Affinity != schema.TextAffinity && there.Kind() == sqlite.Real &&
			math.Float64bits(there.Float64()) == math.Float64bits(v.Real)
	}
	return there.Kind() == sqlite.Null
}

func (s stores) integerAs(i int64, there *scan.Value) bool {
	switch s.Affinity {
	case schema.TextAffinity:
		var digits [20]byte
		return there.Kind() == sqlite.Text &&
			bytes.Equal(sqltext.AppendInt(digits[:0], i), there.Data())
	case schema.RealAffinity:
		return there.Kind() == sqlite.Real && -exact <= i && i <= exact &&
			there.Float64() == float64(i)
	}
	return there.Kind() == sqlite.Integer && there.Int64() == i
}
