package timeform

import (
	"cmp"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Converter converts the times of a table's rows.
type Converter struct {
	table   string
	columns []column
	notes   map[found]*counts
	changed bool
}

// column is one whose times are converted, or looked at.
type column struct {
	at       int // in a row
	name     string
	declared bool   // to hold times
	given    Form   // of all values; zero if only defaults are converted
	defaults Form   // of defaults, where given is zero
	unclear  bool   // the rows there are of several forms
	integers Form   // of the seed's own integers; zero if they do not tell
	why      string // it is that form
}

// found is a form that values of a column have, and what becomes of them.
type found struct {
	column int // in columns
	from   Form
	kept   bool
}

type counts struct{ values, inexact int64 }

// Note says what became of the seed's times in a column, those aside that had
// the form already and those that a default gave.
type Note struct {
	Table, Column string
	From, To      string // forms; From is "" for values that are no times, To where the rows there are of several
	Values        int64  // with that form
	Inexact       int64  // of these, were converted and lost a part of the time
	Kept          bool   // they were left as they are
	Why           string // To is what it is
}

// Reset forgets what was converted before.
func (c *Converter) Reset() { c.notes, c.changed = nil, false }

// Changed reports whether a value was converted since the last Reset.
func (c *Converter) Changed() bool { return c.changed }

// Convert converts the times of a row of the table's stored columns, in place.
// unsaid tells which of them a default gave; nil means that none was.
func (c *Converter) Convert(row []sqlite.Value, unsaid []bool) {
	for i := range c.columns {
		column := &c.columns[i]
		v := &row[column.at]
		switch {
		case v.IsNull():
		case unsaid != nil && unsaid[column.at]:
			c.convertDefault(column, v)
		case column.unclear:
			if _, from, ok := Parse(*v); ok {
				c.note(i, from, true, same)
			}
		case column.given != (Form{}):
			c.convertGiven(i, v)
		}
	}
}

func (c *Converter) convertDefault(column *column, v *sqlite.Value) {
	to := column.given
	if to == (Form{}) {
		to = column.defaults
	}
	_, from, ok := Parse(*v)
	if to == (Form{}) || !ok || from.isInteger() && -small < v.Int64() && v.Int64() < small {
		return
	}
	out, result := convert(*v, from, to)
	if result == exact || result == inexact {
		*v, c.changed = out, true
	}
}

func (c *Converter) convertGiven(i int, v *sqlite.Value) {
	column := &c.columns[i]
	_, from, ok := Parse(*v)
	if !ok {
		if column.declared {
			c.note(i, Form{}, true, impossible)
		}
		return
	}
	if from.isInteger() {
		if from, ok = column.integerForm(v.Int64(), from); !ok {
			return
		}
	}
	if !column.declared && (!from.isWhole() || from.isInteger() && !isNamed(column.name)) {
		return
	}
	out, result := convert(*v, from, column.given)
	if result == same {
		return
	}
	c.note(i, from, result == impossible, result)
	if result != impossible {
		*v, c.changed = out, true
	}
}

// integerForm returns the form of an integer of the seed's: what its size
// says, but the seconds of 1973 are the milliseconds of 1970 to the size, so
// that the other integers of the column decide where they can. It is not ok
// if nothing tells.
func (c *column) integerForm(i int64, bySize Form) (f Form, ok bool) {
	switch {
	case bySize == UnixMilli:
		return bySize, true
	case c.integers != (Form{}):
		return c.integers, true
	}
	return bySize, i <= -small || i >= small
}

func (c *Converter) note(column int, from Form, kept bool, result outcome) {
	key := found{column, from, kept}
	if c.notes == nil {
		c.notes = map[found]*counts{}
	}
	if c.notes[key] == nil {
		c.notes[key] = &counts{}
	}
	c.notes[key].values++
	if result == inexact {
		c.notes[key].inexact++
	}
}

// Notes returns what became of the values since the last Reset, in the order
// of the columns.
func (c *Converter) Notes() []Note {
	var notes []Note
	for key, n := range c.notes {
		column := c.columns[key.column]
		notes = append(notes, Note{
			Table: c.table, Column: column.name, From: key.from.String(), To: column.given.String(),
			Values: n.values, Inexact: n.inexact, Kept: key.kept, Why: column.why,
		})
	}
	at := func(n Note) int {
		return slices.IndexFunc(c.columns, func(column column) bool { return column.name == n.Column })
	}
	slices.SortFunc(notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.From, b.From))
	})
	return notes
}
