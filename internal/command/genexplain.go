package command

import (
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/generate"
)

// reportExplanation prints where the values of each column come from.
func (t *terminal) reportExplanation(e generate.Explanation) error {
	t.json.give(e, nil)
	if t.json != nil {
		return nil
	}
	var rows [][]string
	for _, table := range e.Tables {
		rows = append(rows, explainTable(table)...)
	}
	t.printing = true
	return writeTable(t.out, []string{"TABLE", "COLUMN", "ROWS", "VALUES", "WHY"}, rows)
}

// explainTable returns the lines of a table: one for each origin of a column's values.
func explainTable(table generate.TableExplanation) (rows [][]string) {
	line := func(column string, n int64, what, why string) {
		rows = append(rows, []string{table.Table, column, strconv.FormatInt(n, 10), what, why})
	}
	if table.Baseline > 0 {
		line("", table.Baseline, "rows of the schema's scripts", "they stay as they are")
	}
	if table.Others > 0 {
		line("", table.Others, "rows of triggers", "gen does not change them")
	}
	if table.Why != "" {
		line("", 0, "no row can be made", table.Why)
	}
	for _, column := range table.Columns {
		for _, o := range column.Origins {
			line(column.Column, o.Rows, o.What, o.Why)
		}
		if column.Form != "" {
			rows = append(rows, []string{
				table.Table, column.Column, "", "times are " + string(column.Form), column.FormWhy,
			})
		}
		if len(column.Triggers) > 0 {
			rows = append(rows, []string{
				table.Table, column.Column, "", "a trigger may change the value",
				strings.Join(column.Triggers, ", "),
			})
		}
	}
	return rows
}
