package generate

import (
	"maps"
	"time"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// times says in which form each column stores times.
type times struct {
	framework string                           // the name of the app's framework; "" if unknown
	byColumn  map[*model.Column]*columnTime    // for every column
	common    commonTimes                      // for a time in a column that holds no times
	created   map[*model.Table]*model.Column   // with the time of a row's creation
	updated   map[*model.Table]*model.Column   // with the time of a row's last change
	starts    map[*model.Table][]*model.Column // with times when something started
	// creations has all columns with the creation of something, such as version_created_at, too.
	creations map[*model.Table][]*model.Column
	ages      map[*model.Table]age
}

// columnTime says how a column stores times.
type columnTime struct {
	form    timeform.Form // also for a time that a fixture gives to a column that holds no times
	holds   bool          // the column holds times
	numeric bool          // the column is for numbers
	why     string        // what told the form, in a few words
	role    timeform.Role
	// onlyClock says that the column holds times of day, although its form holds a day, too. Rails
	// writes 2000-01-01.
	onlyClock bool
	declared  bool // the type says that the column holds times
	// noDefault says that the column's default is not used, because it is no time.
	noDefault bool
}

// of returns how a column stores times, or nil if it holds none.
func (ts *times) of(c *model.Column) *columnTime {
	if t := ts.byColumn[c]; t != nil && t.holds {
		return t
	}
	return nil
}

// form returns the form in which a column stores a time that a fixture gives.
func (ts *times) form(c *model.Column) timeform.Form { return ts.byColumn[c].form }

// other returns the form of a time in a column that holds no times.
func (ts *times) other(t *model.Table, c *model.Column) timeform.Form {
	if common, ok := ts.common.find(t, c); ok {
		return common.form
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
	maps.DeleteFunc(tr.written, func(_ *model.Column, at columnTime) bool {
		return at.form == tr.framework.Ignored
	})
	ts := &times{
		framework: tr.framework.Name,
		byColumn:  map[*model.Column]*columnTime{}, created: map[*model.Table]*model.Column{},
		updated: map[*model.Table]*model.Column{}, starts: map[*model.Table][]*model.Column{},
		creations: map[*model.Table][]*model.Column{}, ages: readAges(m),
	}
	shown := map[*model.Column]columnTime{}
	tables := appTables(m)
	for _, t := range tables {
		if err := tr.readRows(t, shown); err != nil {
			return nil, err
		}
	}
	common := tr.common(tables, shown)
	ts.common = common
	if tr.asked != (timeform.Form{}) {
		ts.common = append(commonTimes{{
			{form: tr.asked, why: "as asked"},
			{form: tr.asked, why: "as asked", affinity: schema.IntegerAffinity},
		}}, common...)
	}
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			at := tr.choose(t, c, shown[c], common)
			ts.add(t, c, at)
		}
	}
	return ts, nil
}

// add records how a column stores times. The zero form means that the column holds none.
func (ts *times) add(t *model.Table, c *model.Column, at columnTime) {
	ts.byColumn[c] = &at
	at.numeric = isNumeric(c)
	at.holds = at.form != timeform.Form{}
	if !at.holds {
		at.form = ts.other(t, c)
		return
	}
	at.role = timeform.RoleOf(c.Name)
	at.declared = timeform.IsDeclared(c.Type)
	at.onlyClock = timeform.Part(c.Name, c.Type) == timeform.Clock && at.form.IsWhole()
	if at.role == timeform.Created {
		ts.creations[t] = append(ts.creations[t], c)
	}
	switch {
	case at.role == timeform.Created && (ts.created[t] == nil ||
		len(c.Name) < len(ts.created[t].Name)):
		ts.created[t] = c
	case at.role == timeform.Updated && (ts.updated[t] == nil ||
		len(c.Name) < len(ts.updated[t].Name)):
		ts.updated[t] = c
	case at.role == timeform.Starts:
		ts.starts[t] = append(ts.starts[t], c)
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
// times.
func (tr *timesReader) choose(
	t *model.Table, c *model.Column, shown columnTime, common commonTimes,
) columnTime {
	written, isWritten := tr.written[c]
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
	case part == timeform.Date && tr.framework.Day != (timeform.Form{}) &&
		timeform.IsDeclared(c.Type):
		return columnTime{form: tr.framework.Day, why: tr.framework.Why}
	case part != (timeform.Form{}):
		return columnTime{form: part, why: "as " + t.Name + "." + c.Name + " is declared"}
	}
	if other, ok := common.find(t, c); ok {
		return columnTime{form: other.form, why: other.why}
	}
	const why = "because no row shows another form"
	return columnTime{form: timeform.Basic(c.Name, c.Type), why: why}
}

// appTables returns the tables that no migration tool keeps.
func appTables(m *model.Model) (tables []*model.Table) {
	for _, t := range m.Tables {
		if !migration.IsBookkeeping(t.Name, t.Schema.ColumnNames()) {
			tables = append(tables, t)
		}
	}
	return tables
}
