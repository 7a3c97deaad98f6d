package apply

import (
	"iter"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/timeform"
)

// TimeNote says what becomes of times of the seed in a column whose rows in
// the target have them in another form.
type TimeNote struct {
	Table, Column string
	// From and To are forms: unix, unix-ms, or a pattern such as YYYY-MM-DD
	// HH:MM:SS. From is empty for values that are no times, To where the rows
	// of the target are of several forms.
	From, To string
	Values   int64  // how many values have the form From
	Inexact  int64  // how many of them lose a part of the time, such as its milliseconds
	Kept     bool   // the values stay as they are; else they are converted
	Why      string // To is what it is, in a few words
}

// Datetimes lists the values of [Options.Datetime].
func Datetimes() []string { return timeform.Choices() }

// times is what the run knows of the forms in which times are stored.
type times struct {
	choice     timeform.Choice
	prisma     bool          // the target is an app's of Prisma
	byDefault  timeform.Form // of a default where no row tells
	converters map[*schema.Table]*timeform.Converter
}

func newTimes(choice timeform.Choice) times {
	return times{choice: choice, converters: map[*schema.Table]*timeform.Converter{}}
}

// findTimes looks at what the target as a whole says of its times.
func (r *run) findTimes(there *schema.Schema) (err error) {
	r.times.prisma = there.Table("_prisma_migrations") != nil
	if !r.times.prisma {
		return nil
	}
	// Prisma's client gives a default itself, in one form everywhere.
	r.times.byDefault, err = timeform.Overall(r.dst, there, timeform.SQL)
	if r.times.byDefault == (timeform.Form{}) {
		r.times.byDefault = timeform.UnixMilli
		if migration.PrismaAdapter(filepath.Dir(r.path)) {
			r.times.byDefault = timeform.ISO
		}
	}
	return err
}

// chooseTimes chooses the forms of a table's times by the target's rows.
func (r *run) chooseTimes(t tablePlace) error {
	if r.times.choice.Keep {
		return nil
	}
	question := timeform.Question{
		Seed:  timeform.Rows{Conn: r.seed.Conn, Table: t.seed},
		There: []timeform.Rows{{Conn: r.dst, Table: t.there}},
		Asked: r.times.choice.Asked,
		Fixed: r.seed.Schema.Linked(t.seed),
	}
	if r.times.prisma {
		question.Ignored = timeform.SQL
	}
	if r.seed.HasUnsaid(t.seed) {
		question.Default = r.times.byDefault
	}
	converter, err := timeform.Choose(question)
	if converter != nil {
		r.times.converters[t.seed] = converter
	}
	return err
}

// given yields a table's rows as they are to be in the target.
func (r *run) given(t *schema.Table) iter.Seq2[rowdiff.Given, error] {
	converter := r.times.converters[t]
	return func(yield func(rowdiff.Given, error) bool) {
		for row, err := range r.seedRows(t) {
			if err == nil && converter != nil {
				converter.Convert(row.Values, row.Unsaid)
			}
			if !yield(rowdiff.Given(row), err) {
				return
			}
		}
	}
}

func (r *run) seedRows(t *schema.Table) iter.Seq2[seed.Row, error] {
	if r.seed.HasUnsaid(t) {
		return r.seed.Rows(t)
	}
	return func(yield func(seed.Row, error) bool) {
		for values, err := range rowdiff.Scan(r.seed.Conn, t) {
			if !yield(seed.Row{Values: values}, err) {
				return
			}
		}
	}
}

// noteTimes adds to the plan what became of a table's times.
func (r *run) noteTimes(t *schema.Table) {
	if converter := r.times.converters[t]; converter != nil {
		for _, note := range converter.Notes() {
			r.plan.Times = append(r.plan.Times, TimeNote(note))
		}
	}
}
