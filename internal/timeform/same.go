package timeform

import (
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Same reports whether the value of the rows there, in the stored column at,
// is the seed's value have in another form: the same time, or what a
// conversion to the form of most rows there makes of it. A form that most rows
// there had before others joined them may not be chosen any more, and the rows
// that were converted to it are still the seed's. A nil Converter knows no
// forms.
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

// Usual returns a row that [Converter.Convert] has returned with the times of
// the other columns, too, in the form of most rows there; nil if that changes
// nothing. A column whose rows were of that form until others joined them has
// rows of the seed that were converted to it.
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

// columnAt returns the column at that place in a row, nil if its values stay as
// they are.
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
