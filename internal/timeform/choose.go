package timeform

import (
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
)

// Question asks which forms the times of one table of the seed must have.
type Question struct {
	Seed Rows
	// There holds the rows in the databases that the seed's rows will join. For each column, the
	// first database whose rows show a form decides.
	There []Rows
	// Asked is the form of every column that is declared to hold a day and a time of day, whatever
	// form the existing rows have. The zero Form asks for nothing.
	Asked Form
	// Default is the form for times that come from a column's default if neither the existing rows
	// nor the seed's rows show a form. The zero Form leaves such times as they are.
	Default Form
	// Ignored is the form that only defaults write, never the app. The zero Form means that there
	// is none.
	Ignored Form
	// Fixed lists columns whose values stay as they are.
	Fixed []string
}

// Choose returns a Converter for the rows of the table, or nil if every column stays as it is. From
// each database Choose reads a fixed number of first and last rows, however large the table is.
func Choose(q Question) (*Converter, error) {
	t := q.Seed.Table
	stored := t.Stored()
	var there []map[string]*tally
	for _, rows := range q.There {
		tallies, err := rows.sample(stored)
		if err != nil {
			return nil, err
		}
		there = append(there, tallies)
	}
	own, err := q.Seed.sample(stored)
	if err != nil {
		return nil, err
	}
	c := &Converter{table: t.Name}
	for i, name := range stored {
		declared, _ := t.Column(name)
		if name == t.RowidAlias || slices.Contains(q.Fixed, name) {
			continue
		}
		known := column{at: i, name: name, declared: IsDeclared(declared.Type)}
		known.integers, known.usual = own[name].integers(), q.usual(name, there)
		chosen := known
		if q.choose(&chosen, declared, there, own[name]) {
			known = chosen
			known.chosen = true
		}
		c.columns = append(c.columns, known)
	}
	if len(c.columns) == 0 {
		return nil, nil
	}
	return c, nil
}

// Tell reports whether the rows show the form of some column, or show that a column mixes forms.
func (r Rows) Tell() (bool, error) {
	tallies, err := r.sample(r.Table.Stored())
	for name, found := range tallies {
		declared, _ := r.Table.Column(name)
		form, sure := found.verdict(Form{})
		isTime := sure == clear && form.isWhole() && found.other == 0
		if isTime || sure != unknown && IsDeclared(declared.Type) {
			return true, err
		}
	}
	return false, err
}

// choose chooses the form of a column. It reports whether the column must be converted or warned
// about.
func (q Question) choose(
	c *column, declared schema.Column, there []map[string]*tally, own *tally,
) bool {
	if q.Asked != (Form{}) {
		c.given, c.why = q.Asked, "as asked"
		return q.Asked.suits(declared.Type)
	}
	named := isNamed(c.name) && !c.usual.isInteger()
	for i, tallies := range there {
		found, rows := tallies[c.name], "the rows of "+q.There[i].Name
		if found == nil {
			continue
		}
		form, sure := found.verdict(q.Ignored)
		switch {
		case sure == clear && found.shows(form, c.declared, named):
			c.given, c.why = form, "as "+rows+" have it"
			return true
		case sure == mixed && (c.declared || named && c.usual.isWhole()):
			c.unclear, c.why = true, "since "+rows+" are not of one form that is known"
			return true
		case sure != unknown:
			return false
		}
	}
	if !c.declared {
		return false
	}
	c.defaults = q.Default
	if form, sure := own.verdict(SQL); sure == clear && form.isWhole() {
		c.defaults = form
	}
	return c.defaults.isWhole() && c.defaults.suits(declared.Type)
}

// usual returns the form of most values of a column in the first of the existing rows that have
// such a form.
func (q Question) usual(name string, there []map[string]*tally) Form {
	for _, tallies := range there {
		if found := tallies[name]; found != nil {
			if form := found.usual(q.Ignored); form != (Form{}) {
				return form
			}
		}
	}
	return Form{}
}

// suits reports whether a column of the declared type can hold values of the form, and is declared
// to hold both the day and the time of day.
func (f Form) suits(declared string) bool {
	text := schema.AffinityOf(declared) == schema.TextAffinity
	return isDeclaredWhole(declared) && !(f.isInteger() && text)
}
