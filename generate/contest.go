package generate

import (
	"slices"

	"github.com/seedkit/seedkit/internal/model"
)

// contest is a unique key for which the rows of a template compete: chance chooses its values among
// a limited number, or a function of the fixture draws them. See [matches].
type contest struct {
	unique  *model.Unique
	factors []factor // in the order of their choice; none if only functions draw
	// soft reports whether a row without a free value may be right: SQLite decides.
	soft bool
}

// factor chooses the columns of a key together: an open reference, or a column with a few values.
type factor struct {
	fk     *model.ForeignKey // nil for a column with a few values
	column *model.Column     // the first column
}

// leftToSQLite reports whether SQLite refuses the same values as the contest, which only matters if
// a value happens to be drawn twice.
func (c *contest) leftToSQLite(of *model.Table) bool {
	u := c.unique
	return len(c.factors) == 0 && !u.Nulls && !u.Folds && u.Within == "" && u != of.Pair
}

// settle decides for each unique key what makes its values different: a contest, with a column
// whose guesses hardly ever repeat if there is one. If every value is given or a default, the last
// default is not used. Smaller keys are first, because what decides them decides larger ones, too.
func (t *template) settle(d *defaults) {
	t.distinct = make([]bool, len(t.sources))
	t.contest = make([]*contest, len(t.sources))
	var keys []*model.Unique
	for i := range t.table.Uniques {
		keys = append(keys, &t.table.Uniques[i])
	}
	slices.SortStableFunc(keys, func(a, b *model.Unique) int {
		return len(a.Columns) - len(b.Columns)
	})
	if t.table.Pair != nil {
		keys = append(keys, t.table.Pair)
	}
	for _, u := range keys {
		t.settleKey(u, d)
	}
}

// settleKey decides what makes the values of one unique key different.
func (t *template) settleKey(u *model.Unique, d *defaults) {
	c := &contest{unique: u, soft: u.Nulls || u.Within != "" || u == t.table.Pair}
	free, constant, varies, draws := -1, -1, false, false
	for _, i := range u.Columns {
		column := t.table.Columns[i]
		switch kind := t.sources[i].kind; {
		case kind == lazy:
			c.soft, draws = true, true
		case kind != absent:
			varies = varies || kind == inherited && !t.numbered
		case t.contest[i] != nil: // a smaller key decides
		case column.Default != "":
			constant = i
			varies = varies || d.byColumn[column].draw != nil
		case column.Key != nil && column.Key.Parent == t.table && !column.NotNull:
			varies = true // it is NULL
		case column.Key != nil:
			c.add(factor{column.Key, column})
		case len(column.Choices) > 0:
			c.add(factor{nil, column})
		case free < 0, variety(column) > variety(t.table.Columns[free]):
			free = i
		}
	}
	switch {
	case free >= 0 && !draws:
		t.distinct[free] = true
		if !countsUp(t.table.Columns[free]) { // two rows may draw the same, if by a rare chance
			t.compete(&contest{unique: u, soft: true})
		}
	case free >= 0 || len(c.factors) > 0 || draws:
		t.compete(c)
	case constant >= 0 && !varies && len(t.table.Columns[constant].Choices) > 0:
		c.add(factor{nil, t.table.Columns[constant]})
		t.compete(c)
	case constant >= 0 && !varies:
		t.distinct[constant] = true
	}
}

// add adds a factor, a reference only once.
func (c *contest) add(f factor) {
	same := func(other factor) bool { return f.fk != nil && other.fk == f.fk }
	if !slices.ContainsFunc(c.factors, same) {
		c.factors = append(c.factors, f)
	}
}

// compete adds a contest. A reference that determines only some of its columns comes after those
// that determine the others.
func (t *template) compete(c *contest) {
	t.contests = append(t.contests, c)
	shares := func(f factor) int {
		if f.fk == nil {
			return -1
		}
		n := 0
		for _, i := range f.fk.Columns {
			if t.table.Columns[i].Key != f.fk {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(c.factors, func(a, b factor) int { return shares(a) - shares(b) })
	for _, f := range c.factors {
		for _, i := range t.chosenBy(f) {
			t.contest[i] = c
		}
	}
}

// chosenBy returns the columns that a factor chooses.
func (t *template) chosenBy(f factor) (columns []int) {
	if f.fk == nil {
		return []int{f.column.Index}
	}
	for _, i := range f.fk.Columns {
		c := t.table.Columns[i]
		if t.sources[i].kind == absent && c.Default == "" && c.Key == f.fk {
			columns = append(columns, i)
		}
	}
	return columns
}
