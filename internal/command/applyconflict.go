package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/seedkit/seedkit/apply"
)

// mostDiffering is the maximum number of columns that are shown of a row in conflict.
const mostDiffering = 8

// outcomes are the outcomes of conflicts, in the order in which they are shown, and their names.
var outcomes = []struct {
	outcome apply.Outcome
	name    string
	total   func(apply.Plan) int64
}{
	{apply.Stopped, "in conflict",
		func(p apply.Plan) int64 { return p.Conflicting() - p.Skipped() }},
	{apply.Skipped, "skipped", apply.Plan.Skipped},
	{apply.Adopted, "adopted", apply.Plan.Adopted},
	{apply.Updated, "updated", apply.Plan.Updated},
	{apply.Renumbered, "renumbered", apply.Plan.Renumbered},
}

// showConflicts prints the first rows in conflict, by outcome.
func (t *terminal) showConflicts(plan apply.Plan) {
	for _, o := range outcomes {
		shown := 0
		for _, c := range slices.Concat(plan.Conflicts, plan.Settled) {
			if c.Outcome == o.outcome {
				t.showConflict(o.name, c)
				shown++
			}
		}
		if shown > 0 {
			t.sayHidden(o.name, o.total(plan), shown)
		}
	}
}

// sayHidden says how many rows of a kind are not shown.
func (t *terminal) sayHidden(kind string, total int64, shown int) {
	if hidden := total - int64(shown); hidden > 0 {
		t.sayf("%s: and %s more", kind, countRows(hidden))
	}
}

// showConflict prints a row in conflict, with both values of each column that differs, and why the
// policy of its table does not help.
func (t *terminal) showConflict(kind string, c apply.Conflict) {
	t.sayf("%s: %s", kind, printable(c.Row()))
	width := 0
	for _, d := range c.Differ {
		width = max(width, uniseg.StringWidth(printable(d.Column)))
	}
	for i, d := range c.Differ {
		if i == mostDiffering {
			t.sayf("  and %s more", count(int64(len(c.Differ)-i), "column"))
			break
		}
		name := printable(d.Column)
		name += strings.Repeat(" ", width-uniseg.StringWidth(name))
		text := "differs; its values are not shown"
		if !d.Hidden {
			text = fmt.Sprintf("seed %s, target %s", printable(d.Seed), printable(d.Target))
		}
		if d.Kept {
			text += ", which stays"
		}
		t.sayf("  %s  %s", name, text)
	}
	if c.Why != "" {
		t.sayf("  not settled by the policy: %s", printable(c.Why))
	}
}
