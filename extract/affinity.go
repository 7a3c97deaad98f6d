package extract

import (
	"bytes"
	"math"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// affinity is what a column makes of the values that it is given.
type affinity schema.Affinity

const (
	noAffinity      = affinity(schema.NoAffinity)
	textAffinity    = affinity(schema.TextAffinity)
	numericAffinity = affinity(schema.NumericAffinity)
	realAffinity    = affinity(schema.RealAffinity)
)

// keepsText reports whether a column stores the text as it is. What might be
// a number is for SQLite to decide.
func (a affinity) keepsText(text []byte) bool {
	return a.keepsAllText() || !mayBeNumber(text)
}

func (a affinity) keepsAllText() bool { return a == noAffinity || a == textAffinity }

// keepsNumber reports whether a column stores an Integer or a Real that is
// written as SQLite prints it, and prints it so again.
func (a affinity) keepsNumber(literal []byte, kind sqltext.Type) bool {
	switch {
	case a == noAffinity, a == realAffinity && kind == sqltext.Real:
		return true
	case a != numericAffinity:
		return false
	}
	return kind == sqltext.Integer || !bytes.HasSuffix(literal, []byte(".0"))
}

// mayBeNumber reports whether all of text could be a decimal number, with
// white space around it.
func mayBeNumber(text []byte) bool {
	const space = " \t\n\v\f\r"
	text = bytes.TrimLeft(text, space)
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		text = text[1:]
	}
	for i, c := range text {
		switch {
		case '0' <= c && c <= '9', c == '.':
		case c == 0: // which ends the number, and what follows may be anything
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

// appendStored appends the literal of what a column of that affinity stores
// for v, unless that takes more than a look to know.
func (a affinity) appendStored(dst []byte, v sqltext.Value) ([]byte, bool) {
	switch v.Type {
	case sqltext.Text:
		return sqltext.AppendPortableText(dst, v.Bytes), a.keepsText(v.Bytes)
	case sqltext.Blob:
		return sqltext.AppendBlob(dst, v.Bytes), true
	case sqltext.Integer:
		return a.appendInteger(dst, v.Int)
	case sqltext.Real:
		if a == noAffinity {
			return sqltext.AppendPortableReal(dst, v.Real), true
		}
		whole := v.Real == math.Trunc(v.Real)
		return sqltext.AppendReal(dst, v.Real), a == realAffinity || a == numericAffinity && !whole
	}
	return append(dst, "NULL"...), true
}

// stores reports whether a column of that affinity is known to store v as the
// value that is there, negative zero too, which SQLite prints as 0.0.
func (a affinity) stores(v sqltext.Value, there *scan.Value) bool {
	switch v.Type {
	case sqltext.Text:
		return a.keepsText(v.Bytes) && there.Kind() == sqlite.Text && bytes.Equal(v.Bytes, there.Data())
	case sqltext.Blob:
		return there.Kind() == sqlite.Blob && bytes.Equal(v.Bytes, there.Data())
	case sqltext.Integer:
		return a.storesInteger(v.Int, there)
	case sqltext.Real:
		return a != textAffinity && there.Kind() == sqlite.Real && math.Float64bits(there.Float64()) == math.Float64bits(v.Real)
	}
	return there.Kind() == sqlite.Null
}

func (a affinity) storesInteger(i int64, there *scan.Value) bool {
	switch a {
	case textAffinity:
		var digits [20]byte
		return there.Kind() == sqlite.Text && bytes.Equal(sqltext.AppendInt(digits[:0], i), there.Data())
	case realAffinity:
		return there.Kind() == sqlite.Real && -exact <= i && i <= exact && there.Float64() == float64(i)
	}
	return there.Kind() == sqlite.Integer && there.Int64() == i
}

// exact is the integer up to which every one is a real, too.
const exact = 1 << 53

func (a affinity) appendInteger(dst []byte, i int64) ([]byte, bool) {
	switch {
	case a == textAffinity:
		return append(sqltext.AppendInt(append(dst, '\''), i), '\''), true
	case a == realAffinity:
		return sqltext.AppendReal(dst, float64(i)), -exact <= i && i <= exact
	}
	return sqltext.AppendInt(dst, i), true
}
