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
	// Before holds the values from which Values were converted. A row of the other database that
	// has them is equal too. Nil means that nothing was converted.
	Before []sqlite.Value
}

func (g Given) isUnsaid(at int) bool { return g.Unsaid != nil && g.Unsaid[at] }

// unconverted returns the row as it was before the conversion.
func (g Given) unconverted() Given {
	g.Values, g.Before = g.Before, nil
	return g
}

// forms returns the row in each of the forms in which the other database may have it.
func (g Given) forms() []Given {
	if g.saidOtherwise() {
		return []Given{g.unconverted(), g}
	}
	return []Given{g}
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
