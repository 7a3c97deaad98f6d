package rowdiff

import (
	"iter"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Given is a row to be compared.
type Given struct {
	Values []sqlite.Value
	// Unsaid are the columns in which the row may differ, since nobody has
	// said what it should have there; nil means none. A unique key with such a
	// column finds a row only where no other key does.
	Unsaid []bool
	// Before are values that would do as well, if a row there has them: what
	// Values were converted from. Nil means that there are none.
	Before []sqlite.Value
}

func (g Given) isUnsaid(at int) bool { return g.Unsaid != nil && g.Unsaid[at] }

// saidOtherwise reports whether what is said of the row was something else
// before.
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

// whole yields rows all of whose columns are said.
func whole(rows iter.Seq2[[]sqlite.Value, error]) iter.Seq2[Given, error] {
	return func(yield func(Given, error) bool) {
		for values, err := range rows {
			if !yield(Given{Values: values}, err) {
				return
			}
		}
	}
}

// Compare is [CompareGiven] for rows all of whose columns are said.
func Compare(rows iter.Seq2[[]sqlite.Value, error], columns []string,
	other *sqlite.Conn, there *schema.Table) iter.Seq2[Row, error] {
	return CompareGiven(whole(rows), columns, nil, other, there)
}
