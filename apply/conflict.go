package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Conflict is a row of the seed with a unique key that the target has, too, with other values.
type Conflict struct {
	Table string `json:"table"`
	// Columns are the columns of the unique key.
	Columns []string `json:"columns"`
	// Values are the values of the key in the seed's row, written as in [Differing].
	Values []string `json:"values"`
	// Differ lists each column in which the seed's row and the target's row differ.
	Differ []Differing `json:"differ"`
	// Same reports whether both rows are the same entity: they agree in every unique key of the
	// target that has no NULL in either row. Otherwise the target's row is another entity, and rows
	// of the seed must not refer to it.
	Same bool `json:"same"`
	// Outcome is what happens to the row.
	Outcome Outcome `json:"outcome"`
	// Why says why the table's policy does not help. It is empty unless the policy is [Update],
	// [Adopt] or [Renumber], and Outcome is [Stopped].
	Why string `json:"why,omitempty"`
}

// Outcome is what happens to a row of the seed that is in conflict.
type Outcome string

// The outcomes.
const (
	// Stopped reports that the conflict ends the run.
	Stopped Outcome = "stopped"
	// Skipped reports that the target's row stays, and no reference of the seed follows to it.
	Skipped Outcome = "skipped"
	// Adopted reports that the target's row stays, and the seed's references follow to its keys.
	Adopted Outcome = "adopted"
	// Updated reports that the target's row gets the seed's values.
	Updated Outcome = "updated"
	// Renumbered reports that the row is inserted under another id.
	Renumbered Outcome = "renumbered"
)

// Differing is a column in which two rows differ. Seed and Target are the values as text: numbers
// and NULL as in SQL, blobs as x'00ff', texts in double quotes. "…" marks where a long value is
// cut.
type Differing struct {
	Column string `json:"column"`
	Seed   string `json:"seed"`
	Target string `json:"target"`
	// Kept reports that the target's value stays although the row is updated: it is part of the
	// row's key, and the seed's references follow to it.
	Kept bool `json:"kept,omitempty"`
	// Hidden reports that the column's name suggests a secret. Seed and Target are then empty.
	Hidden bool `json:"hidden,omitempty"`
}

// outcome names the fate of a row in conflict.
func (d decision) outcome() Outcome {
	switch d.fate {
	case insert:
		return Renumbered
	case adopt:
		return Adopted
	case leaveOut:
		return Skipped
	case update:
		return Updated
	}
	return Stopped
}

// newConflict describes a row that is in conflict, or that has another key in the target.
func newConflict(t tablePlace, d decision) Conflict {
	c := Conflict{Table: t.there.Name, Outcome: d.outcome(), Why: d.why, Same: true}
	if clash := d.Clash; clash != nil {
		c.Columns, c.Same = clash.Columns, clash.Same
		c.Values = keyTexts(clash.Columns, clash.Values)
	}
	if d.Moved {
		c.Columns, c.Values = foundBy(t, d.Row)
		for i, column := range t.seed.Stored() {
			if d.Source[i] != d.Values[i] && contains(d.movable, column) {
				kept := newDiffering(rowdiff.Difference{
					Column: column, Have: d.Source[i], There: d.Values[i],
				})
				kept.Kept = d.fate == update
				c.Differ = append(c.Differ, kept)
			}
		}
	}
	if d.Clash != nil {
		for _, d := range d.Clash.Differ {
			c.Differ = append(c.Differ, newDiffering(d))
		}
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

// String names the row by its key, and the columns that differ.
func (c Conflict) String() string {
	names := make([]string, len(c.Differ))
	for i, d := range c.Differ {
		names[i] = d.Column
	}
	return fmt.Sprintf("%s is there with another %s", c.Row(), strings.Join(names, ", "))
}

// Row names the seed's row by the key that the target has, too: `User with id = 7`.
func (c Conflict) Row() string {
	return fmt.Sprintf("%s with %s", c.Table, assignments(c.Columns, c.Values))
}

// ConflictsError reports rows of the seed that are in conflict with rows of the target.
type ConflictsError struct {
	// Conflicts are the first few conflicts. Total counts all conflicts.
	Conflicts []Conflict
	Total     int64
	// CanSkip and Help are the plan's.
	CanSkip bool
	Help    []Choice
}

func (e *ConflictsError) Error() string {
	rows := "1 row is"
	if e.Total != 1 {
		rows = fmt.Sprintf("%d rows are", e.Total)
	}
	return fmt.Sprintf("%s in conflict with rows of the target; the first: %s",
		rows, e.Conflicts[0])
}

// assignments formats columns and their values: "a = 1, b = 2".
func assignments(columns, values []string) string {
	out := make([]string, len(columns))
	for i := range columns {
		out[i] = columns[i] + " = " + values[i]
	}
	return strings.Join(out, ", ")
}

// keyTexts formats the values of a key's columns, and hides the values that may be secret.
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

// uniqueText names a row by the columns of all unique keys of the target's table, each column once.
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

// rowKey names a row by a key of the target's table, or else by a key of the seed's table. It
// returns "" if neither table has a key.
func rowKey(t tablePlace, row []sqlite.Value) string {
	for _, columns := range [][]string{t.there.Key(), t.seed.Key()} {
		if at, ok := schema.Positions(t.seed.Stored(), columns); ok && len(at) > 0 {
			return assignments(columns, keyTexts(columns, sqlite.Pick(row, at)))
		}
	}
	return ""
}
