package generate

import (
	"cmp"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/timeform"
)

// commonTimes has the forms to use for a column if nothing shows the form of that column. They are
// in groups, the best first.
type commonTimes [][]commonTime

// commonTime is the form of another column, or of the framework.
type commonTime struct {
	form     timeform.Form
	why      string
	table    *model.Table // of the other column; nil for a form of the framework
	affinity schema.Affinity
}

// common returns the forms that rows show, those of the framework, and those that defaults and
// triggers write.
func (tr *timesReader) common(
	tables []*model.Table, shown map[*model.Column]columnTime,
) commonTimes {
	return commonTimes{columnsOf(tables, shown), tr.usual(), columnsOf(tables, tr.written)}
}

func columnsOf(tables []*model.Table, columns map[*model.Column]columnTime) (all []commonTime) {
	for _, t := range tables {
		for _, c := range t.Columns {
			if at, ok := columns[c]; ok {
				all = append(all, commonTime{at.form, at.why, t, schema.AffinityOf(c.Type)})
			}
		}
	}
	return all
}

// usual returns the forms of the framework.
func (tr *timesReader) usual() (all []commonTime) {
	f := tr.framework
	if f.Whole != (timeform.Form{}) {
		all = append(all, commonTime{form: f.Whole, why: f.Why})
	}
	if f.Integer != (timeform.Form{}) {
		integer := schema.IntegerAffinity
		all = append(all, commonTime{form: f.Integer, why: f.Why, affinity: integer})
	}
	return all
}

// find returns the form for a column: from the first group that has one, the most frequent form in
// columns of the same table and affinity, or else of the same affinity, or else of any.
func (ct commonTimes) find(t *model.Table, c *model.Column) (found commonTime, ok bool) {
	affinity := schema.AffinityOf(c.Type)
	for _, group := range ct {
		for _, near := range []func(commonTime) bool{
			func(o commonTime) bool { return o.table == t && o.affinity == affinity },
			func(o commonTime) bool { return o.affinity == affinity },
			func(commonTime) bool { return true },
		} {
			if found, ok = mostFrequent(group, func(o commonTime) bool {
				return o.suits(c) && near(o)
			}); ok {
				return found, true
			}
		}
	}
	return found, false
}

// suits reports whether the form may be that of a column. A column for integers tells nothing of
// columns of other types, and a framework's form for these nothing of columns for integers.
func (o commonTime) suits(c *model.Column) bool {
	isInteger := schema.AffinityOf(c.Type) == schema.IntegerAffinity
	of := o.affinity == schema.IntegerAffinity
	return o.form.IsWhole() && o.form != timeform.Julian && o.form.Fits(c.Type) &&
		(of == isInteger || !of && o.table != nil)
}

// mostFrequent returns the most frequent form of the others that count, with the first reason.
func mostFrequent(others []commonTime, counts func(commonTime) bool) (best commonTime, ok bool) {
	n := map[timeform.Form]int{}
	var first []commonTime
	for _, o := range others {
		if !counts(o) {
			continue
		}
		if n[o.form]++; n[o.form] == 1 {
			first = append(first, o)
		}
	}
	if len(first) == 0 {
		return best, false
	}
	return slices.MaxFunc(first, func(a, b commonTime) int {
		return cmp.Compare(n[a.form], n[b.form])
	}), true
}
