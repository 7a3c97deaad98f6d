package generate

import (
	"cmp"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// times says in which form each column stores times.
type times struct {
	byColumn map[*model.Column]*columnTime
	// others has the forms for a time in a column that holds no times, the best first.
	others  []columnTime
	created map[*model.Table]*model.Column // with the time of a row's creation
	updated map[*model.Table]*model.Column // with the time of a row's last change
	layers  map[*model.Table]int           // how many tables a table's rows come after
	layer   int                            // one more than the largest of layers
}

// columnTime describes a column of times.
type columnTime struct {
	form timeform.Form
	why  string // what told the form, in a few words
	role timeform.Role
	// onlyClock says that the column holds times of day, although its form holds a day, too. Rails
	// writes 2000-01-01.
	onlyClock bool
	declared  bool // the type says that the column holds times
}

// of returns how a column stores times, or nil if it holds none.
func (ts *times) of(c *model.Column) *columnTime { return ts.byColumn[c] }

// form returns the form in which a column stores a time that a fixture gives.
func (ts *times) form(c *model.Column) timeform.Form {
	if t := ts.of(c); t != nil {
		return t.form
	}
	for _, other := range ts.others {
		if other.form.Fits(c.Type) {
			return other.form
		}
	}
	return timeform.Basic(c.Name, c.Type)
}

// read returns the time that a column's value means.
func (ts *times) read(c *model.Column, v sqlite.Value) (time.Time, bool) {
	return ts.form(c).Read(v)
}

// timesReader finds out how the columns store times.
type timesReader struct {
	asked     timeform.Form // the form that the user wants
	framework timeform.Framework
	evidence  []evidence
	written   map[*model.Column]columnTime // what defaults and triggers write
}

// readTimes chooses the form of each column that holds times.
func (tr *timesReader) readTimes(m *model.Model) (*times, error) {
	ts := &times{
		byColumn: map[*model.Column]*columnTime{}, created: map[*model.Table]*model.Column{},
		updated: map[*model.Table]*model.Column{}, layers: map[*model.Table]int{},
	}
	shown := map[*model.Column]columnTime{}
	for _, t := range m.Tables {
		if err := tr.readRows(t, shown); err != nil {
			return nil, err
		}
	}
	common := slices.Concat(most(m, shown), tr.usual(), most(m, tr.written))
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			at := tr.choose(t, c, shown[c], common)
			if at.form == (timeform.Form{}) {
				continue
			}
			ts.add(t, c, at)
		}
	}
	if tr.asked != (timeform.Form{}) {
		ts.others = append(ts.others, columnTime{form: tr.asked, why: "as asked"})
	}
	ts.others = append(ts.others, common...)
	ts.readLayers(m)
	return ts, nil
}

func (ts *times) add(t *model.Table, c *model.Column, at columnTime) {
	at.role = timeform.RoleOf(c.Name)
	at.declared = timeform.IsDeclared(c.Type)
	at.onlyClock = timeform.Part(c.Name, c.Type) == timeform.Clock && at.form.IsWhole()
	ts.byColumn[c] = &at
	switch {
	case at.role == timeform.Created && ts.created[t] == nil:
		ts.created[t] = c
	case at.role == timeform.Updated && ts.updated[t] == nil:
		ts.updated[t] = c
	}
}

// readRows finds the forms that the rows of a table show. The first database that shows a column's
// form decides.
func (tr *timesReader) readRows(t *model.Table, shown map[*model.Column]columnTime) error {
	for _, e := range tr.evidence {
		rows, ok := e.rows(t.Name)
		if !ok {
			continue
		}
		forms, err := rows.Shown(tr.framework.Ignored)
		if err != nil {
			return err
		}
		for _, c := range t.Columns {
			form, ok := forms[c.Name]
			if _, known := shown[c]; ok && !known && c.Key == nil && !c.ID {
				shown[c] = columnTime{form: form, why: "as in " + e.column(t.Name, c.Name)}
			}
		}
	}
	return nil
}

// choose returns the form of a column and the reason. The form is zero if the column holds no
// times. common has the forms of other columns and of the framework, the best first.
func (tr *timesReader) choose(
	t *model.Table, c *model.Column, shown columnTime, common []columnTime,
) columnTime {
	written, isWritten := tr.written[c]
	isWritten = isWritten && written.form != tr.framework.Ignored
	isShown := shown.form != timeform.Form{}
	part := timeform.Part(c.Name, c.Type)
	whole := part == (timeform.Form{}) || shown.form.IsWhole()
	switch {
	case c.Key != nil || !c.Datetime && !isShown && !isWritten:
		return columnTime{}
	case whole && tr.asked != (timeform.Form{}) && tr.asked.Fits(c.Type):
		return columnTime{form: tr.asked, why: "as asked"}
	case isShown:
		return shown
	case isWritten:
		return written
	case part == timeform.Clock && tr.framework.Clock != (timeform.Form{}):
		return columnTime{form: tr.framework.Clock, why: tr.framework.Why}
	case part != (timeform.Form{}):
		return columnTime{form: part, why: "as " + t.Name + "." + c.Name + " is declared"}
	}
	for _, other := range common {
		if other.form.IsWhole() && other.form != timeform.Julian && other.form.Fits(c.Type) {
			return other
		}
	}
	const why = "because no row shows another form"
	return columnTime{form: timeform.Basic(c.Name, c.Type), why: why}
}

// usual returns the forms of the framework.
func (tr *timesReader) usual() (forms []columnTime) {
	for _, form := range []timeform.Form{tr.framework.Whole, tr.framework.Integer} {
		if form != (timeform.Form{}) {
			forms = append(forms, columnTime{form: form, why: tr.framework.Why})
		}
	}
	return forms
}

// most returns the forms of columns, the most frequent first.
func most(m *model.Model, columns map[*model.Column]columnTime) (forms []columnTime) {
	counts := map[timeform.Form]int{}
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			at, ok := columns[c]
			if !ok {
				continue
			}
			if counts[at.form]++; counts[at.form] == 1 {
				forms = append(forms, at)
			}
		}
	}
	slices.SortStableFunc(forms, func(a, b columnTime) int {
		return cmp.Compare(counts[b.form], counts[a.form])
	})
	return forms
}

// readLayers counts, for each table, the longest chain of tables that its rows refer to. References
// in a cycle count in one direction only.
func (ts *times) readLayers(m *model.Model) {
	done := map[*model.Table]bool{}
	for _, t := range m.ParentsFirst() {
		for _, fk := range t.Keys {
			if done[fk.Parent] {
				ts.layers[t] = max(ts.layers[t], ts.layers[fk.Parent]+1)
			}
		}
		done[t] = true
		ts.layer = max(ts.layer, ts.layers[t]+1)
	}
}
