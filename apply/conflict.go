package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Conflict is a row of the seed whose key is taken.
type Conflict struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"` // of the unique key that is taken
	Values  []string `json:"values"`  // of the seed's row there, as [Differing]'s values are written
	// Differ has each column in which the seed's row and the target's differ.
	Differ []Differing `json:"differ"`
	// Same says that both rows are the same entity: they agree in every
	// unique key of the target that has no NULL in either. Else the target's
	// row is another entity, to which rows of the seed must not refer.
	Same bool `json:"same"`
}

// Differing is a column in which two rows differ. Its values are written as
// text: numbers and NULL as in SQL, blobs as x'00ff', texts in double quotes;
// "…" marks where a long value is cut.
type Differing struct {
	Column string `json:"column"`
	Seed   string `json:"seed"`
	Target string `json:"target"`
	// Hidden says that the column may hold a secret, by its name: Seed and
	// Target are empty.
	Hidden bool `json:"hidden,omitempty"`
}

func newConflict(t tablePlace, row rowdiff.Row) Conflict {
	clash := row.Clash
	c := Conflict{Table: t.there.Name, Columns: clash.Columns, Values: keyTexts(clash.Columns, clash.Values), Same: clash.Same}
	for _, d := range clash.Differ {
		c.Differ = append(c.Differ, newDiffering(d))
	}
	return c
}

func newDiffering(d rowdiff.Difference) Differing {
	if schema.IsSecret(d.Column) {
		return Differing{Column: d.Column, Hidden: true}
	}
	seed, target := pairText(d.Have, d.There)
	return Differing{Column: d.Column, Seed: seed, Target: target}
}

// String names the row by its key, and what differs.
func (c Conflict) String() string {
	names := make([]string, len(c.Differ))
	for i, d := range c.Differ {
		names[i] = d.Column
	}
	return fmt.Sprintf("%s is there with another %s", c.Row(), strings.Join(names, ", "))
}

// Row names the seed's row by the key that is taken: `User with id = 7`.
func (c Conflict) Row() string {
	return fmt.Sprintf("%s with %s", c.Table, assignments(c.Columns, c.Values))
}

// ConflictsError reports rows of the seed whose keys are taken.
type ConflictsError struct {
	Conflicts []Conflict // the first few
	Total     int64
	// CanSkip says that [Skip] would go through with the same options.
	CanSkip bool
}

func (e *ConflictsError) Error() string {
	return fmt.Sprintf("%s in conflict with rows of the target; the first: %s", rows(e.Total), e.Conflicts[0])
}

// assignments prints columns and their values: "a = 1, b = 2".
func assignments(columns, values []string) string {
	out := make([]string, len(columns))
	for i := range columns {
		out[i] = columns[i] + " = " + values[i]
	}
	return strings.Join(out, ", ")
}

// keyTexts shows the values of a key's columns, but those that may be secret.
func keyTexts(columns []string, values []sqlite.Value) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "(hidden)"
		if !schema.IsSecret(columns[i]) {
			out[i] = valueText(v)
		}
	}
	return out
}

// uniqueText names a row by the columns of all its unique keys in the target,
// each column once.
func uniqueText(t tablePlace, row []sqlite.Value) string {
	var columns []string
	for _, u := range t.there.Uniques {
		if _, ok := schema.Positions(t.seed.Stored(), u.Columns); !ok {
			continue
		}
		for _, name := range u.Columns {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	at, _ := schema.Positions(t.seed.Stored(), columns)
	return assignments(columns, keyTexts(columns, sqlite.Pick(row, at)))
}

// rowKey names a row by a key of the target's table, else of the seed's; ""
// if there is none.
func rowKey(t tablePlace, row []sqlite.Value) string {
	for _, columns := range [][]string{t.there.Key(), t.seed.Key()} {
		if at, ok := schema.Positions(t.seed.Stored(), columns); ok && len(at) > 0 {
			return assignments(columns, keyTexts(columns, sqlite.Pick(row, at)))
		}
	}
	return ""
}
