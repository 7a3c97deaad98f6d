package generate

import (
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// writtenForm returns the form of the times that SQL computes from the clock, or the zero Form. It
// sets the clock to a time that looks different in every form.
func (s *scratch) writtenForm(compute func() (sqlite.Value, error)) timeform.Form {
	now := s.now
	s.now = DefaultNow
	defer func() { s.now = now }()
	v, err := compute()
	form, ok := timeform.Written(v)
	if err != nil || !ok {
		return timeform.Form{}
	}
	return form
}

// written returns the forms in which the defaults of the columns write times.
func (d *defaults) written(m *model.Model) map[*model.Column]columnTime {
	written := map[*model.Column]columnTime{}
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			if form := d.byColumn[c].form; form != (timeform.Form{}) {
				written[c] = columnTime{
					form: form, why: "as the default of " + t.Name + "." + c.Name + " writes it",
				}
			}
		}
	}
	return written
}

// clockDefault returns the value of a default that is a time which depends on the clock, and
// whether another attempt may change it. Of several rows of one declaration, each has its own time,
// as the app would have made them one after another. If it is the time of the clock, a form with a
// finer fraction than the default's has the whole fraction.
func (d *drawer) clockDefault(
	r *row, c *model.Column, def columnDefault,
) (v sqlite.Value, random bool) {
	at, ok := def.form.Read(def.value)
	if !ok {
		return def.value, c.Unique || c.Varied
	}
	if now, _ := def.form.Format(d.now); now == def.value {
		of := d.times.of(c)
		if of != nil && r.template.isSeveral() && of.isPast() && (c.NotNull || of.always()) {
			return d.draw(r, c, func(f *Fake) any { return guess(f, c) }), true
		}
		at = d.now
		if d.times.created[r.table] == c {
			at = d.latest(r)
		}
	}
	v, _ = d.times.form(c).Format(at)
	return v, c.Unique || c.Varied
}
