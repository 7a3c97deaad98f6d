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
	last    []looked // What to note about the last row.
	changed bool
}

// column describes a column whose times are converted or noted.
type column struct {
	at       int // The position in a row.
	name     string
	declared bool   // The column's type says that it holds times.
	chosen   bool   // The column has a form to convert to, or to warn about.
	given    Form   // The form for all values; zero if only defaults are converted.
	defaults Form   // The form for defaults if given is zero.
	unclear  bool   // The existing rows mix forms.
	usual    Form   // The form of most existing values; zero if there is none.
	integers Form   // The form of the seed's integers; zero if they do not show it.
	why      string // Why the form is given or unclear.

	// The last default and its converted value: most rows have the same default.
	lastDefault, converted sqlite.Value
}

// found names a form that values of a column have, and says whether these values stay as they are.
type found struct {
	column int // The position in Converter.columns.
	from   Form
	kept   bool
}

type counts struct{ values, inexact int64 }

type looked struct {
	found
	result outcome
}

// Note says what became of the seed's times of one form in a column. Notes do not count values that
// had the form already, nor values that a default gave.
type Note struct {
	Table  string `json:"table"`
	Column string `json:"column"`
	// From is the form in the seed: unix, unix-ms, or a pattern such as YYYY-MM-DD HH:MM:SS. It is
	// empty for values that are no times.
	From string `json:"from"`
	// To is the column's form. It is empty if the existing rows mix forms.
	To string `json:"to"`
	// Values counts the values with the form From.
	Values int64 `json:"values"`
	// Inexact counts those of Values that lose a part of their time, such as its milliseconds.
	Inexact int64 `json:"inexact"`
	// Kept says that the values stay as they are. Otherwise they are converted.
	Kept bool `json:"kept"`
	// Why says in a few words why the column has the form To.
	Why string `json:"why"`
}

// Idle reports whether Convert leaves every row as it is and notes nothing.
func (c *Converter) Idle() bool {
	chosen := func(column column) bool { return column.chosen }
	return c == nil || !slices.ContainsFunc(c.columns, chosen)
}

// Changed reports whether the Converter has converted a value.
func (c *Converter) Changed() bool { return c != nil && c.changed }

// Convert takes a row of the table's stored columns. It returns the row with its times converted,
// and the original row if that differs, else nil. unsaid tells which values a default gave; nil
// means none. A nil Converter converts nothing.
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
			if from := column.formOf(v); from != (Form{}) || column.usual != (Form{}) {
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

// defaultAs returns a default's value in the form that the column must have.
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
	from := column.formOf(v)
	if !column.converts(from) {
		// An integer that may be of two forms is as good as of the column's own.
		if column.holdsTimes() && !(isDoubtful(v) && column.given.isInteger()) {
			c.look(i, from, impossible)
		}
		return v
	}
	v, result := convert(v, from, column.given)
	if result != same {
		c.look(i, from, result)
	}
	return v
}

// formOf returns the form of one of the seed's values, or the zero Form if the form is not known.
func (c *column) formOf(v sqlite.Value) Form {
	_, from, ok := Parse(v)
	if ok && from.isInteger() {
		from, ok = c.integerForm(v, from)
	}
	if !ok {
		return Form{}
	}
	return from
}

// converts reports whether the column's values of a form are converted. If only the existing rows
// show that the column holds times, the value must show it, too.
func (c *column) converts(from Form) bool {
	if c.declared {
		return from != Form{}
	}
	return from.isWhole() && (!from.isInteger() || isNamed(c.name))
}

// holdsTimes reports whether the column holds times only, so that a value that stays as it is
// deserves a note. Integers alone do not show that.
func (c *column) holdsTimes() bool {
	return c.declared || isNamed(c.name) || !c.given.isInteger()
}

// integerForm returns the form of one of the seed's integers. It is the form of the column's other
// integers if they show one and the value allows it. Otherwise the size of the integer decides. The
// result is not ok if neither decides.
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

// Noted reports whether there is anything to note about the row that was converted last.
func (c *Converter) Noted() bool { return c != nil && len(c.last) > 0 }

// Forget drops the notes about all rows.
func (c *Converter) Forget() {
	if c != nil {
		c.notes = nil
	}
}

// Count adds the row that was converted last to the notes.
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

// Notes returns what became of the values in the counted rows, ordered by column.
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
		return slices.IndexFunc(c.columns,
			func(column column) bool { return column.name == n.Column })
	}
	slices.SortFunc(notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a.From, b.From))
	})
	return notes
}
