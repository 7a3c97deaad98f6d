package indexes

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// exact is the integer up to which every integer is a real, too.
const exact = 1 << 53

// appendKey appends an encoding of the value. Values that differ for SQLite's BINARY collation have
// different encodings, and no encoding is a prefix of another. SQLite may store a whole real as an
// integer in an index, so both have the same encoding.
func appendKey(dst []byte, v *scan.Value) []byte {
	if v.Kind() == sqlite.Real {
		if f := v.Float64(); f == math.Trunc(f) && math.Abs(f) <= exact {
			dst = append(dst, byte(sqlite.Integer))
			return binary.BigEndian.AppendUint64(dst, uint64(int64(f)))
		}
	}
	return v.AppendKey(dst)
}

// follows reports whether an entry is allowed to come right after last: its key is greater, or
// equal with a greater rowid. It returns false also if the order is not known.
func (x index) follows(entry, last []scan.Value) bool {
	hasNull := false
	for i, c := range x.columns {
		order, ok := compare(&last[i], &entry[i], c.noCase)
		if !ok {
			return false
		}
		if c.descending {
			order = -order
		}
		if order != 0 {
			return order < 0
		}
		hasNull = hasNull || entry[i].Kind() == sqlite.Null
	}
	if x.unique && !hasNull {
		return false
	}
	a, b := &last[len(x.columns)], &entry[len(x.columns)]
	return a.Kind() == sqlite.Integer && b.Kind() == sqlite.Integer && a.Int64() < b.Int64()
}

// compare orders two values as SQLite does
// (https://sqlite.org/datatype3.html#sort_order). It returns false if it does not know the order.
func compare(a, b *scan.Value, noCase bool) (order int, ok bool) {
	kinds := [2]sqlite.Kind{a.Kind(), b.Kind()}
	if order := cmp.Compare(rank(kinds[0]), rank(kinds[1])); order != 0 {
		return order, true
	}
	switch {
	case kinds[0] == sqlite.Null:
		return 0, true
	case kinds == [2]sqlite.Kind{sqlite.Integer, sqlite.Integer}:
		return cmp.Compare(a.Int64(), b.Int64()), true
	case rank(kinds[0]) == rank(sqlite.Integer):
		x, okX := number(a)
		y, okY := number(b)
		return cmp.Compare(x, y), okX && okY
	case kinds[0] == sqlite.Text && noCase:
		return compareNoCase(a.Data(), b.Data())
	}
	return bytes.Compare(a.Data(), b.Data()), true
}

// rank orders the storage classes. Integers and reals are in one order.
func rank(k sqlite.Kind) int {
	switch k {
	case sqlite.Null:
		return 0
	case sqlite.Integer, sqlite.Real:
		return 1
	case sqlite.Text:
		return 2
	}
	return 3
}

// number returns a number as a real, or false if the real is not exact.
func number(v *scan.Value) (float64, bool) {
	if v.Kind() == sqlite.Real {
		f := v.Float64()
		return f, !math.IsNaN(f)
	}
	i := v.Int64()
	return float64(i), -exact <= i && i <= exact
}

// compareNoCase is the collation NOCASE, which folds ASCII letters
// (https://sqlite.org/datatype3.html#collating_sequences). SQLite compares no further than a zero
// byte. Such texts are not compared here.
func compareNoCase(a, b []byte) (order int, ok bool) {
	for i := range min(len(a), len(b)) {
		x, y := lower(a[i]), lower(b[i])
		if x == 0 || y == 0 {
			return 0, false
		}
		if x != y {
			return cmp.Compare(x, y), true
		}
	}
	return cmp.Compare(len(a), len(b)), true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
