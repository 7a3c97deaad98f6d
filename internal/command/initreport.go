package command

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seedkit/seedkit/internal/starter"
)

// reportInit prints what was written, and the line by which the app's tool generates the seed.
func (t *terminal) reportInit(ctx context.Context, opts initOptions, report startReport) error {
	for _, left := range report.leftOut {
		t.warnf("table %s has no fixtures, because gen cannot fill it: %s", left.Table, left.Why)
	}
	for _, r := range report.refusals {
		from := cmp.Or(opts.from, opts.schema)
		if r.rows == 1 {
			t.warnf("left out a row of %s: %s", from, r.first)
			continue
		}
		t.warnf("left out %d rows of %s in %s: %s", r.rows, r.table, from, r.first)
	}
	t.warnOfPassedOver(opts.from, report)
	if t.quiet {
		return nil
	}
	var rows [][]string
	for _, taken := range report.Taken {
		rows = append(rows, []string{taken.Table, fmt.Sprint(taken.Rows)})
	}
	if len(rows) > 0 {
		if err := writeTable(t.err, []string{"TABLE", "ROWS"}, rows); err != nil {
			return err
		}
		t.sayf("")
	}
	if lines := withoutParents(report.PassedOver); len(lines) > 0 {
		t.sayf("left out, because of references to rows that are left out: %s",
			listed("and", lines))
	}
	t.sayf("wrote %s", listed("and", report.Files))
	if len(report.Taken) > 0 {
		t.sayf("the files have rows of %s: read them before you commit them", opts.from)
	}
	if len(report.Secrets) > 0 {
		t.sayf("left out, so that gen makes up values: %s", listed("and", report.Secrets))
	}
	line, err := opts.seedLine(ctx)
	if err != nil {
		return err
	}
	if line != "" {
		t.sayf("%s", line)
	}
	t.sayf("next: %s", opts.next())
	return nil
}

// warnOfPassedOver names the rows of the database that no fixture can be, and the references that
// the fixtures leave out. That rows refer to rows beyond the limit is no reason for a warning.
func (t *terminal) warnOfPassedOver(from string, report startReport) {
	for _, p := range report.PassedOver {
		switch p.Why {
		case starter.ParentMissing:
			t.warnf("left out %s of %s, because of references to rows of %s that %s does not have",
				countRows(p.Rows), p.Table, p.Parent, from)
		case starter.NotText:
			t.warnf("left out %s of %s with a text that is not UTF-8", countRows(p.Rows), p.Table)
		}
	}
	for _, e := range report.Emptied {
		t.warnf("%s is NULL in %s, because of references to rows that are left out", e.Column,
			countRows(e.Rows))
	}
}

// emptiedReferences returns the references that became NULL, by the names of their columns.
func emptiedReferences(start starter.Start) (all []emptiedReference) {
	for _, column := range slices.Sorted(maps.Keys(start.Emptied)) {
		all = append(all, emptiedReference{column, start.Emptied[column]})
	}
	return all
}

// withoutParents returns the numbers of rows that refer to rows that are left out, by table.
func withoutParents(all []starter.PassedOver) (lines []string) {
	rows := map[string]int64{}
	var tables []string
	for _, p := range all {
		if p.Why != starter.ParentLeftOut {
			continue
		}
		if rows[p.Table] == 0 {
			tables = append(tables, p.Table)
		}
		rows[p.Table] += p.Rows
	}
	for _, table := range tables {
		lines = append(lines, fmt.Sprintf("%s of %s", countRows(rows[table]), table))
	}
	return lines
}
