package apply

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
)

// ErrSample reports a seed that is known to hold sample rows, such as an admin whose password is
// public.
var ErrSample = errors.New("holds sample rows, which do not belong in production")

// SchemaError reports why the target has no place for the seed's rows.
type SchemaError struct {
	Problems []string
}

func (e *SchemaError) Error() string { return strings.Join(e.Problems, "; ") }

func (e *SchemaError) addf(format string, args ...any) {
	e.Problems = append(e.Problems, fmt.Sprintf(format, args...))
}

// check adds what the target lacks for a table's rows.
func (e *SchemaError) check(t tablePlace, there *schema.Schema) {
	if t.there == nil {
		e.addf("the target has no table %s%s",
			t.seed.Name, nearest.DidYouMean(t.seed.Name, there.Names()))
		return
	}
	given := map[string]bool{}
	for _, name := range t.seed.Stored() {
		column, ok := t.there.Column(name)
		given[column.Name] = true
		switch {
		case !ok:
			e.addf("the target's table %s has no column %s%s",
				t.there.Name, name, nearest.DidYouMean(name, t.there.ColumnNames()))
		case column.Generated:
			e.addf("the target generates column %s of table %s itself", column.Name, t.there.Name)
		}
	}
	for _, column := range t.there.Columns {
		if !given[column.Name] && column.NotNull && column.Default == "" && !column.Generated {
			e.addf("the target's column %s of table %s must not be NULL, "+
				"and the seed has no such column", column.Name, t.there.Name)
		}
	}
}

// TriggersError reports triggers of the target that the seed's rows would fire without
// [Options.AllowTriggers].
type TriggersError struct{ Triggers []Trigger }

func (e *TriggersError) Error() string {
	names := make([]string, len(e.Triggers))
	for i, t := range e.Triggers {
		names[i] = fmt.Sprintf("%s (on %s)", t.Name, t.Table)
	}
	return "the rows would fire triggers of the target: " + strings.Join(names, ", ")
}

// RefusedError reports new rows that the target would refuse.
type RefusedError struct {
	// Rows are the first few refused rows. There is at least one. Total counts all refused rows.
	Rows  []*RowError
	Total int64
}

func (e *RefusedError) Error() string {
	if e.Total == 1 {
		return e.Rows[0].Error()
	}
	return fmt.Sprintf("the target refuses %d rows; the first: %v", e.Total, e.Rows[0])
}

// Unwrap returns the first row's error.
func (e *RefusedError) Unwrap() error { return e.Rows[0] }
