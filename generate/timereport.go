package generate

import (
	"cmp"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/timeform"
)

// describe reports in which forms the columns of times store them.
func (r *Report) describe(ts *times, m *model.Model) {
	at := map[timeform.Form]*TimeReport{}
	var forms []timeform.Form
	for _, t := range appTables(m) {
		for _, c := range t.Columns {
			column := ts.of(c)
			if column == nil {
				continue
			}
			if at[column.form] == nil {
				forms = append(forms, column.form)
				at[column.form] = &TimeReport{
					Form: Datetime(column.form.Name()), Why: column.why,
				}
			}
			at[column.form].Columns = append(at[column.form].Columns, t.Name+"."+c.Name)
		}
	}
	slices.SortStableFunc(forms, func(a, b timeform.Form) int {
		switch {
		case a.IsWhole() && !b.IsWhole():
			return -1
		case b.IsWhole() && !a.IsWhole():
			return 1
		}
		return cmp.Compare(len(at[b].Columns), len(at[a].Columns))
	})
	for _, form := range forms {
		r.Times = append(r.Times, *at[form])
	}
	r.Datetime, r.DatetimeWhy = ISO, "because no row shows another form"
	switch {
	case len(r.Times) > 0:
		r.Datetime, r.DatetimeWhy = r.Times[0].Form, r.Times[0].Why
	case len(ts.others) > 0:
		r.Datetime, r.DatetimeWhy = Datetime(ts.others[0].form.Name()), ts.others[0].why
	}
}
