package rowdiff

import (
	"iter"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Given is a row to be compared.
type Given struct {
	Values []sqlite.Value
	// Unsaid marks the columns in which the row may differ, because nobody has said their values;
	// nil means none. A unique key with such a column counts only if no other key finds a row.
	Unsaid []bool
	// Theirs marks the columns whose values come from the other database; nil means none. They are
	// compared like all others.
	Theirs []bool
	// Source holds the row as its source has it, or is nil. Moved says that the row has another key
	// in Values than its source gives it. Neither takes part in the comparison.
	Source []sqlite.Value
	Moved  bool
	// Before holds the values from which Values were converted. A row of the other database that
	// has them is equal too. Nil means that nothing was converted.
	Before []sqlite.Value
	// Usual holds the values in a form that an earlier insertion may have given them. A row of the
	// other database that has them is equal too. Nil means that there is no such form.
	Usual []sqlite.Value
	// Same, if not nil, reports whether the value there of the other database says the same as the
	// value have of the column at, which differs from it. Unique keys and rows that no unique key
	// finds are compared without Same.
	Same func(at int, have, there sqlite.Value) bool
}

func (g Given) isUnsaid(at int) bool { return g.Unsaid != nil && g.Unsaid[at] }

// with returns the row in another form.
func (g Given) with(values []sqlite.Value) Given {
	g.Values, g.Before, g.Usual = values, nil, nil
	return g
}

// forms returns the row in each of the forms in which the other database may have it, as given
// last.
func (g Given) forms() []Given {
	var forms []Given
	if g.saidOtherwise() {
		forms = append(forms, g.with(g.Before))
	}
	if g.Usual != nil {
		forms = append(forms, g.with(g.Usual))
	}
	return append(forms, g)
}

// differs reports whether the row's value of a column and the other database's differ.
func (g Given) differs(at int, there sqlite.Value) bool {
	have := g.Values[at]
	return have != there && !g.isUnsaid(at) && (g.Same == nil || !g.Same(at, have, there))
}

// saidOtherwise reports whether the conversion has changed a value that the row says.
func (g Given) saidOtherwise() bool {
	for i, v := range g.Before {
		if v != g.Values[i] && !g.isUnsaid(i) {
			return true
		}
	}
	return false
}

// leavesOut reports whether one of the columns is unsaid.
func (g Given) leavesOut(columns []int) bool {
	for _, at := range columns {
		if g.isUnsaid(at) {
			return true
		}
	}
	return false
}

// whole yields rows that leave no column unsaid.
func whole(rows iter.Seq2[[]sqlite.Value, error]) iter.Seq2[Given, error] {
	return func(yield func(Given, error) bool) {
		for values, err := range rows {
			if !yield(Given{Values: values}, err) {
				return
			}
		}
	}
}

// Compare does what [CompareGiven] does for rows that leave no column unsaid.
func Compare(
	rows iter.Seq2[[]sqlite.Value, error], columns []string,
	other *sqlite.Conn, there *schema.Table,
) iter.Seq2[Row, error] {
	return CompareGiven(whole(rows), columns, nil, other, there)
}
