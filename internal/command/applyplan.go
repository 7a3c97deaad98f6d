package command

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/seedkit/seedkit/apply"
)

// showPlan prints for each table how many of the seed's rows the target lacks, has, or has with
// other values, and what the plan refuses or leaves out. err is the error that will be reported
// after the plan, or nil.
func (t *terminal) showPlan(plan apply.Plan, err error) error {
	for _, note := range plan.Times {
		t.warnf("%s", timeNote(note))
	}
	if t.quiet || len(plan.Tables) == 0 {
		return nil
	}
	if err := t.tableOfPlan(plan); err != nil {
		return err
	}
	for _, e := range plan.Edits {
		t.sayf("%s", printable(e.String()))
	}
	if hidden := plan.Updated() + plan.Deleted() - int64(len(plan.Edits)); hidden > 0 {
		t.sayf("updated or deleted: and %s more", countRows(hidden))
	}
	for _, c := range plan.Conflicts {
		t.showConflict(c)
	}
	if hidden := plan.Conflicting() - int64(len(plan.Conflicts)); hidden > 0 {
		t.sayf("in conflict: and %s more", countRows(hidden))
	}
	if !saysAll(plan, err) {
		t.showRefused(plan)
	}
	for _, c := range plan.Counters {
		t.sayf("counter raised: %s, from %d to %d", printable(c.Table), c.From, c.To)
	}
	for _, left := range plan.LeftOut {
		t.sayf("left out: %s, %s", printable(left.Table), left.Why)
	}
	if len(plan.Triggers) > 0 {
		var names []string
		for _, trigger := range plan.Triggers {
			names = append(names, trigger.Name)
		}
		t.sayf("triggers that will fire: %s", printable(strings.Join(names, ", ")))
	}
	t.sayPosition(plan.LiteFSPosition)
	return nil
}

// showRefused lists what cannot be inserted.
func (t *terminal) showRefused(plan apply.Plan) {
	for _, s := range plan.Strangers {
		t.sayf("refused: %s", printable(s.String()))
	}
	for _, row := range plan.Refused {
		t.sayf("refused: %s", printable(row.Error()))
	}
	if hidden := plan.RefusedRows - int64(len(plan.Refused)); hidden > 0 {
		t.sayf("refused: and %s more", countRows(hidden))
	}
}

// tableOfPlan prints a row for each table and, if there are several tables, a row of totals. It has
// columns for edits only if there are edits.
func (t *terminal) tableOfPlan(plan apply.Plan) error {
	header := []string{"TABLE", "NEW", "IDENTICAL", "IN CONFLICT"}
	edits := plan.Updated()+plan.Deleted() > 0
	if edits {
		header = append(header, "UPDATED", "DELETED")
	}
	total := apply.TablePlan{
		Table: "total", New: plan.New(), Identical: plan.Identical(),
		Conflicting: plan.Conflicting(), Updated: plan.Updated(), Deleted: plan.Deleted(),
	}
	tables := plan.Tables
	if len(tables) > 1 {
		tables = append(slices.Clone(tables), total)
	}
	var rows [][]string
	for _, table := range tables {
		counts := []int64{table.New, table.Identical, table.Conflicting}
		if edits {
			counts = append(counts, table.Updated, table.Deleted)
		}
		row := []string{table.Table}
		for _, n := range counts {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	return writeTable(t.err, header, rows)
}

// mostDiffering is the maximum number of columns that are shown of a row in conflict.
const mostDiffering = 8

// showConflict prints a row in conflict, with both values of each column that differs.
func (t *terminal) showConflict(c apply.Conflict) {
	t.sayf("in conflict: %s", printable(c.Row()))
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
		if d.Hidden {
			t.sayf("  %s  differs; its values are not shown", name)
		} else {
			t.sayf("  %s  seed %s, target %s", name, printable(d.Seed), printable(d.Target))
		}
	}
}
