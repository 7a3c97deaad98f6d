package apply

import (
	"iter"
	"path/filepath"
	"slices"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/timeform"
)

// TimeNote says what becomes of the seed's times of one form in a column whose rows in the target
// have another form.
type TimeNote = timeform.Note

// Datetimes lists the values of [Options.Datetime].
func Datetimes() []string { return timeform.Choices() }

// times is what the run knows about the forms of times.
type times struct {
	choice     timeform.Choice
	converters map[*schema.Table]*timeform.Converter
}

// chooseTimes chooses the forms of each table's times by the target's rows. It chooses before any
// row is inserted.
func (r *run) chooseTimes(there *schema.Schema) (err error) {
	var usual timeform.Form // the form in which Prisma writes times
	prisma := there.Table("_prisma_migrations") != nil
	if prisma {
		usual, err = timeform.OfPrisma(r.dst, there, r.name, filepath.Dir(r.name))
		if err != nil {
			return err
		}
	}
	if r.times.choice.Keep {
		return nil
	}
	for _, t := range slices.Concat(r.tables, r.aside) {
		question := timeform.Question{
			Seed:  timeform.Rows{Conn: r.seed.Conn, Table: t.seed, Name: r.source},
			There: []timeform.Rows{{Conn: r.dst, Table: t.there, Name: r.name}},
			Asked: r.times.choice.Asked,
			Fixed: r.seed.Schema.Linked(t.seed),
		}
		if prisma {
			question.Ignored = timeform.SQL
		}
		if r.seed.HasUnsaid(t.seed) {
			question.Default = usual
		}
		if r.times.converters[t.seed], err = timeform.Choose(question); err != nil {
			return err
		}
	}
	return nil
}

// allGiven yields a table's rows as the target should have them.
func (r *run) allGiven(t *schema.Table) iter.Seq2[rowdiff.Given, error] {
	return func(yield func(rowdiff.Given, error) bool) {
		for row, err := range r.seed.Rows(t) {
			var given rowdiff.Given
			if err == nil {
				given, err = r.given(t, row)
			}
			if !yield(given, err) {
				return
			}
		}
	}
}

// given returns a table's row as the target should have it: with the keys that the target has, and
// with times in the target's form.
func (r *run) given(t *schema.Table, row seed.Row) (rowdiff.Given, error) {
	values, moved, err := r.moves.follow(t, row)
	if err != nil {
		return rowdiff.Given{}, err
	}
	converter := r.times.converters[t]
	after, before := converter.Convert(values, row.Unsaid)
	return rowdiff.Given{
		Values: after, Unsaid: row.Unsaid, Theirs: row.Theirs, Before: before,
		Usual: converter.Usual(after, row.Unsaid), Same: converter.Same,
		Source: row.Values, Moved: moved,
	}, nil
}
