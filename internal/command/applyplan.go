package command

import (
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/apply"
)

// showPlan prints for each table how many of the seed's rows the target lacks, has, or has with
// other values, and what the plan refuses or leaves out. err is the error that will be reported
// after the plan, or nil.
func (t *terminal) showPlan(plan apply.Plan, err error) error {
	for _, note := range plan.Times {
		t.warnf("%s", timeNote(note))
	}
	for _, table := range plan.Numbered {
		t.warnf("the script gives rows of %s no id; they have the ids 1, 2, and so on, as in an "+
			"empty table", printable(table))
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
	if len(plan.Edits) > 0 {
		t.sayHidden("updated or deleted", plan.Updated()+plan.Deleted(), len(plan.Edits))
	}
	t.showConflicts(plan)
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
	if err == nil && plan.Changes() > 0 && !plan.Creates {
		t.sayBackup(plan)
	}
	t.sayPosition(plan.LiteFSPosition)
	return nil
}

// sayBackup says how large the backup will be, and about how long it will take.
func (t *terminal) sayBackup(plan apply.Plan) {
	took := ""
	switch n := plan.BackupSeconds; {
	case n >= 120:
		took = ", about " + count((n+30)/60, "minute")
	case n > 0:
		took = ", about " + count(n, "second")
	}
	t.sayf("backup: %s%s", byteCount(plan.BackupBytes), took)
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
// a column for what policies and edits do only if they do anything.
func (t *terminal) tableOfPlan(plan apply.Plan) error {
	edits := len(plan.Edits) > 0
	columns := []struct {
		title  string
		always bool
		count  func(apply.TablePlan) int64
		total  int64
	}{
		{"NEW", true, func(t apply.TablePlan) int64 { return t.New }, plan.New()},
		{"IDENTICAL", true, func(t apply.TablePlan) int64 { return t.Identical },
			plan.Identical()},
		{"IN CONFLICT", true, func(t apply.TablePlan) int64 { return t.Conflicting },
			plan.Conflicting()},
		{"ADOPTED", false, func(t apply.TablePlan) int64 { return t.Adopted }, plan.Adopted()},
		{"RENUMBERED", false, func(t apply.TablePlan) int64 { return t.Renumbered },
			plan.Renumbered()},
		{"UPDATED", edits, func(t apply.TablePlan) int64 { return t.Updated }, plan.Updated()},
		{"DELETED", edits, func(t apply.TablePlan) int64 { return t.Deleted }, plan.Deleted()},
	}
	header := []string{"TABLE"}
	rows := make([][]string, len(plan.Tables), len(plan.Tables)+1)
	for i, table := range plan.Tables {
		rows[i] = []string{table.Table}
	}
	total := []string{"total"}
	for _, c := range columns {
		if !c.always && c.total == 0 {
			continue
		}
		header = append(header, c.title)
		for i, table := range plan.Tables {
			rows[i] = append(rows[i], strconv.FormatInt(c.count(table), 10))
		}
		total = append(total, strconv.FormatInt(c.total, 10))
	}
	if len(rows) > 1 {
		rows = append(rows, total)
	}
	return writeTable(t.err, header, rows)
}
