package generate

import (
	"time"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// guessTime generates the time of an event. It returns NULL for a nullable column, such as
// deleted_at, because the event may not have happened. The row's creation and last change, and a
// person's birth, always have a time. Times are after the row's creation, and not after the clock,
// except that what a row cannot be without has not expired.
func guessTime(f *Fake, c *model.Column) any {
	d := f.drawer
	at, by := d.times.of(c), theName
	if d.times.byColumn[c].declared {
		by = theType
	}
	switch {
	case !c.NotNull && !at.always() && !f.row.varies(c):
		f.as("an event that may not have happened", theName)
		return nil
	case at.onlyClock:
		f.as("a time of day", by)
		midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		return midnight.Add(time.Duration(f.stream.Between(0, int64(day)-1)).Truncate(time.Second))
	case at.role == timeform.Born:
		f.as("a day of birth", theName)
		return f.Past(18*year, 80*year).Truncate(day)
	case at.role == timeform.Expires:
		f.as("a time in the month after the clock", theName)
		return d.now.Add(time.Duration(f.stream.Between(day.Milliseconds(),
			30*day.Milliseconds())) * time.Millisecond)
	}
	if f.row.template.distinct[c.Index] {
		f.as("a time in the year before the clock", by)
		return f.Past(0, year)
	}
	since, ok := d.earliest(f.row, c)
	if !ok {
		f.as("a time in the year before the clock", by)
		return d.guessCreation(f)
	}
	f.as("a time after the row's creation", by)
	if since.After(d.now) {
		return since
	}
	return f.Past(0, d.now.Sub(since))
}

// earliest returns the time after which the time in a column is: that of the row's creation, or
// that of a start if the column has the end. ok is false if the row has neither.
func (d *drawer) earliest(r *row, c *model.Column) (since time.Time, ok bool) {
	if d.times.of(c).role == timeform.Created {
		return since, false
	}
	for _, created := range d.times.creations[r.table] {
		at, read := d.times.read(created, d.cell(r, created.Index))
		switch {
		case !read:
			return d.now, true
		case !ok || at.After(since):
			since, ok = at, true
		}
	}
	if start, isEnd := d.startOf(r, d.times.of(c)); isEnd && (!ok || start.After(since)) {
		return start, true
	}
	return since, ok
}

// startOf returns the start that belongs to an end. The first column with a start in the same form
// has it. startOf ignores a start that asks for the end.
func (d *drawer) startOf(r *row, end *columnTime) (start time.Time, ok bool) {
	if end.role != timeform.Ends {
		return start, false
	}
	for _, c := range d.times.starts[r.table] {
		if d.times.form(c) == end.form && r.cell(c.Index).state&busy == 0 {
			return d.times.read(c, d.cell(r, c.Index))
		}
	}
	return start, false
}

// always reports whether a row always has a time in the column.
func (t *columnTime) always() bool {
	return t.role == timeform.Created || t.role == timeform.Updated || t.role == timeform.Born
}

// isPast reports whether the time in the column is that of something that has happened.
func (t *columnTime) isPast() bool {
	return t.role != timeform.Expires && t.role != timeform.Ends
}

// ignoreDefaults finds the columns whose default is NULL or no time, such as the empty text or 0,
// and which always have a time.
func (ts *times) ignoreDefaults(d *defaults) {
	for c, t := range ts.byColumn {
		v, isConstant := d.byColumn[c].constant()
		if !t.holds || !t.always() || c.Default == "" || !isConstant {
			continue
		}
		_, isTime := t.form.Read(v)
		t.noDefault = !isTime || v == sqlite.Int(0)
	}
}

// guessCreation generates the time of a row's creation in the year before the clock. The row is
// younger than the rows of the tables to which it refers; see [age]. If a row that this one refers
// to is younger still, the time is between its creation and the clock.
func (d *drawer) guessCreation(f *Fake) time.Time {
	latest := d.latest(f.row)
	between := func(from, to time.Duration) time.Time {
		return f.Past(to, from).Add(latest.Sub(d.now))
	}
	at := between(d.times.ages[f.row.table].window())
	for _, parent := range d.creators(f.row) {
		since := d.createdAt(parent)
		if at.Before(since) && !since.After(latest) {
			at = between(latest.Sub(since), 0)
		}
	}
	return at
}

// latest returns the latest time at which a row can have been created: the clock, or the time of
// the row's last change that the fixture gives.
func (d *drawer) latest(r *row) time.Time {
	c := d.times.updated[r.table]
	if c == nil || r.template.sources[c.Index].kind != given {
		return d.now
	}
	at, ok := d.times.read(c, r.template.sources[c.Index].value)
	if !ok || at.After(d.now) {
		return d.now
	}
	return at
}

// createdAt returns the time of a row's creation from the column that records it, or the time of
// the clock.
func (d *drawer) createdAt(r *row) time.Time {
	c := d.times.created[r.table]
	if at, ok := d.times.read(c, d.lend(r, c.Index)); ok {
		return at
	}
	return d.now
}

// creators returns the rows to which a row refers, of tables that record the creation, unless that
// time depends on the row itself.
func (d *drawer) creators(r *row) (rows []*row) {
	for _, fk := range r.table.References() {
		created := d.times.created[fk.Parent]
		if created == nil {
			continue
		}
		for _, parent := range d.parentsOf(r, fk) {
			parent = d.same(parent)
			isLower := d.times.ages[parent.table].after < d.times.ages[r.table].after
			if parent.table == fk.Parent && (parent == r.parent || isLower) &&
				parent.cell(created.Index).state&busy == 0 {
				rows = append(rows, parent)
			}
		}
	}
	return rows
}

// parentsOf returns the rows among which is the one that a foreign key of a row refers to, as far
// as the fixture gives that row or gen chooses it.
func (d *drawer) parentsOf(r *row, fk *model.ForeignKey) []*row {
	switch s := r.template.sources[fk.Columns[0]]; s.kind {
	case inherited:
		return []*row{r.parent}
	case referred:
		return []*row{d.plot.find(*s.ref)}
	case absent:
		if d.times.ages[fk.Parent].after < d.times.ages[r.table].after {
			d.cell(r, fk.Columns[0])
		}
		return r.picked
	}
	return nil
}
