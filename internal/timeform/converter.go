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
	last    []looked // of the last row, what is to be noted
	changed bool
}

// column is one whose times are converted, or looked at.
type column struct {
	at       int // in a row
	name     string
	declared bool   // to hold times
	given    Form   // of all values; zero if only defaults are converted
	defaults Form   // of defaults, where given is zero
	unclear  bool   // the rows there are not of one form
	integers Form   // of the seed's own integers; zero if they do not tell
	why      string // it is that form, or unclear

	// The last default, and what it became: most rows have the same.
	lastDefault, converted sqlite.Value
}

// found is a form that values of a column have, and what becomes of them.
type found struct {
	column int // in columns
	from   Form
	kept   bool
}

type counts struct{ values, inexact int64 }

type looked struct {
	found
	result outcome
}

// Note says what became of the seed's times in a column, those aside that had
// the form already and those that a default gave.
type Note struct {
	Table, Column string
	From, To      string // forms; From is "" for no times, To where the rows there are not of one
	Values        int64  // with that form
	Inexact       int64  // of these, were converted and lost a part of the time
	Kept          bool   // they were left as they are
	Why           string // To is what it is, in a few words
}

// Changed reports whether a value was converted.
func (c *Converter) Changed() bool { return c != nil && c.changed }

// Convert returns a row of the table's stored columns with its times
// converted, and the row as it was; that is nil if nothing had to be converted.
// unsaid tells which of the values a default gave; nil means none. A nil
// Converter converts nothing.
func (c *Converter) Convert(row []sqlite.Value, unsaid []bool) (after, before []sqlite.Value) {
	if c == nil || row == nil {
		return row, nil
	}
	c.last = c.last[:0]
	after = row
	for i := range c.columns {
		column := &c.columns[i]
		v := row[column.at]
		switch {
		case v.IsNull():
		case unsaid != nil && unsaid[column.at]:
			v = column.convertDefault(v)
		case column.unclear:
			if _, from, ok := Parse(v); ok {
				c.look(i, from, impossible)
			}
		case column.given != (Form{}):
			v = c.convertGiven(i, v)
		}
		if v == row[column.at] {
			continue
		}
		if before == nil {
			after, before, c.changed = slices.Clone(row), row, true
		}
		after[column.at] = v
	}
	return after, before
}

func (c *column) convertDefault(v sqlite.Value) sqlite.Value {
	if v != c.lastDefault {
		c.lastDefault, c.converted = v, c.defaultAs(v)
	}
	return c.converted
}

// defaultAs returns a default in the form that it is to have.
func (c *column) defaultAs(v sqlite.Value) sqlite.Value {
	to := c.given
	if to == (Form{}) {
		to = c.defaults
	}
	_, from, ok := Parse(v)
	if to == (Form{}) || !ok || isDoubtful(v) {
		return v
	}
	v, _ = convert(v, from, to)
	return v
}

func (c *Converter) convertGiven(i int, v sqlite.Value) sqlite.Value {
	column := &c.columns[i]
	_, from, ok := Parse(v)
	if !ok {
		if column.declared {
			c.look(i, Form{}, impossible)
		}
		return v
	}
	if from.isInteger() {
		if from, ok = column.integerForm(v, from); !ok {
			return v
		}
	}
	if !column.declared && (!from.isWhole() || from.isInteger() && !isNamed(column.name)) {
		return v
	}
	v, result := convert(v, from, column.given)
	if result != same {
		c.look(i, from, result)
	}
	return v
}

// integerForm returns the form of an integer of the seed's: that of the
// column's others, where they tell and that is possible, else what its size
// says. It is not ok if nothing tells.
func (c *column) integerForm(v sqlite.Value, bySize Form) (f Form, ok bool) {
	switch {
	case c.integers == UnixMilli, c.integers == Unix && v.Int64() <= year9999:
		return c.integers, true
	}
	return bySize, !isDoubtful(v)
}

func (c *Converter) look(column int, from Form, result outcome) {
	c.last = append(c.last, looked{found{column, from, result == impossible}, result})
}

// Count lets the row that was converted last count for the notes.
func (c *Converter) Count() {
	if c == nil {
		return
	}
	if c.notes == nil {
		c.notes = map[found]*counts{}
	}
	for _, l := range c.last {
		if c.notes[l.found] == nil {
			c.notes[l.found] = &counts{}
		}
		c.notes[l.found].values++
		if l.result == inexact {
			c.notes[l.found].inexact++
		}
	}
}

// Notes returns what became of the values of the rows that count, in the order
// of the columns.
func (c *Converter) Notes() []Note {
	if c == nil {
		return nil
	}
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
