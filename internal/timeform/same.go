package timeform

import (
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Same reports whether the existing value there, in the stored column at, is the seed's value have
// in another form: the same time, or the result of converting have to the form of most existing
// rows. Other rows may have joined the existing rows since an earlier insertion, so that Convert
// chooses another form now. The rows that were converted then are still the seed's. A nil Converter
// knows no forms.
func (c *Converter) Same(at int, have, there sqlite.Value) bool {
	column := c.columnAt(at)
	if column == nil {
		return false
	}
	from := column.formOf(have)
	if !column.converts(from) {
		return false
	}
	_, to, ok := Parse(there)
	if ok && to.isInteger() && isDoubtful(there) {
		to, ok = column.usual, column.usual.isInteger()
	}
	if !ok || !column.declared && !to.isWhole() {
		return false
	}
	converted, how := convert(have, from, to)
	return converted == there && (how == exact || to.family() == column.usual.family())
}

// Usual takes a row that [Converter.Convert] has returned. It returns the row with the times of the
// columns that Convert leaves alone in the form of most existing rows, or nil if that changes
// nothing. If all rows of such a column had that form before others joined them, an earlier
// insertion has converted the seed's rows to it.
func (c *Converter) Usual(after []sqlite.Value, unsaid []bool) (usual []sqlite.Value) {
	if c == nil || after == nil {
		return nil
	}
	for i := range c.columns {
		column := &c.columns[i]
		isUnsaid := unsaid != nil && unsaid[column.at]
		if column.given != (Form{}) || column.usual == (Form{}) || isUnsaid {
			continue
		}
		v := after[column.at]
		from := column.formOf(v)
		if !column.converts(from) || !column.declared && !column.usual.isWhole() {
			continue
		}
		if converted, _ := convert(v, from, column.usual); converted != v {
			if usual == nil {
				usual = slices.Clone(after)
			}
			usual[column.at] = converted
		}
	}
	return usual
}

// columnAt returns the column at the given position in a row, or nil if its values stay as they
// are.
func (c *Converter) columnAt(at int) *column {
	if c == nil {
		return nil
	}
	for i := range c.columns {
		if c.columns[i].at == at {
			return &c.columns[i]
		}
	}
	return nil
}
