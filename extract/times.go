package extract

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// TimeNote says what became of the seed's times of one form in a column whose rows in the app's
// database have another form.
type TimeNote = timeform.Note

// Datetimes lists the values of [Options.Datetime].
func Datetimes() []string { return timeform.Choices() }

// times holds what a run knows of the forms in which times are stored.
type times struct {
	choice timeform.Choice
	// there holds the databases whose rows show forms. For a column, the first database with such
	// rows counts.
	there      []*database
	prisma     bool          // The app uses Prisma.
	byDefault  timeform.Form // The form in which Prisma's client writes defaults.
	converters map[*schema.Table]*timeform.Converter
}

// database is a database of the app.
type database struct {
	conn   *sqlite.Conn
	schema *schema.Schema
	name   string // The name in messages.
}

// add adds a database whose rows show forms.
func (t *times) add(c *sqlite.Conn, name string) error {
	s, err := schema.Read(c)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t.there = append(t.there, &database{c, s, name})
	return nil
}

// addFile adds the database at path. It ignores a database that is empty or does not exist.
func (r *run) addFile(path string) error {
	c, err := sqlite.OpenSnapshot(r.ctx, path)
	if errors.Is(err, sqlite.ErrEmpty) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.owned = append(r.owned, c)
	return r.times.add(c, path)
}

// learnSchema adds the database at path. If path is the path of a script or of migrations, it adds
// scratch, to which they were applied.
func (r *run) learnSchema(format migration.Format, path string, scratch *sqlite.Conn) error {
	if isDatabase(path) {
		return r.addFile(path)
	}
	if err := r.times.add(scratch, path); err != nil {
		return err
	}
	return r.learnPrisma(format, path, scratch)
}

// learnPrisma finds out in which form the client of a Prisma app writes times. The rows on c and
// the project that contains dir tell the form. For other apps, learnPrisma does nothing.
func (r *run) learnPrisma(format migration.Format, dir string, c *sqlite.Conn) (err error) {
	if format != migration.Prisma || r.times.prisma {
		return nil
	}
	r.times.prisma = true
	s, err := schema.Read(c)
	if err == nil {
		r.times.byDefault, err = timeform.OfPrisma(c, s, dir, dir)
	}
	return err
}

// chooseTimes chooses a converter for each table whose times may need another form.
func (r *run) chooseTimes() error {
	r.times.converters = map[*schema.Table]*timeform.Converter{}
	if r.times.choice.Keep {
		return nil
	}
	if r.opts.AppliedIn != "" {
		if err := r.addFile(r.opts.AppliedIn); err != nil {
			return err
		}
	}
	for _, t := range r.tables {
		if err := r.chooseTimesOf(t); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) chooseTimesOf(t *schema.Table) error {
	question := timeform.Question{
		Seed:  timeform.Rows{Conn: r.seed.Conn, Table: t, Name: r.path},
		There: r.times.rowsOf(t.Name),
		Asked: r.times.choice.Asked,
		Fixed: r.seed.Schema.Linked(t),
	}
	if len(question.There) == 0 && question.Asked == (timeform.Form{}) && !r.seed.HasUnsaid(t) {
		return nil
	}
	if r.opts.Keys == Natural { // Natural keys find rows by the seed's values.
		for _, u := range t.Uniques {
			question.Fixed = append(question.Fixed, u.Columns...)
		}
	}
	if r.times.prisma {
		question.Ignored = timeform.SQL
	}
	if r.seed.HasUnsaid(t) {
		question.Default = r.times.byDefault
	}
	var err error
	r.times.converters[t], err = timeform.Choose(question)
	return err
}

// rowsOf returns the app's rows in a table. They may show the forms of the table's times.
func (t *times) rowsOf(table string) []timeform.Rows {
	var all []timeform.Rows
	for _, db := range t.there {
		if there := db.schema.Table(table); there != nil {
			all = append(all, timeform.Rows{Conn: db.conn, Table: there, Name: db.name})
		}
	}
	return all
}

// seedRows yields the seed's rows of a table, with their times in the form that the result must
// have. Each row also has its values before the conversion, because the baseline may have them.
func (r *run) seedRows(t *schema.Table) iter.Seq2[rowdiff.Given, error] {
	converter := r.times.converters[t]
	return func(yield func(rowdiff.Given, error) bool) {
		for row, err := range r.seed.Rows(t) {
			after, before := converter.Convert(row.Values, row.Unsaid)
			if !yield(rowdiff.Given{Values: after, Before: before}, err) {
				return
			}
		}
	}
}

// converted yields the seed's rows of a table as the result must give them, with converted times
// unless the baseline has the unconverted row.
func (r *run) converted(t *schema.Table) iter.Seq2[[]sqlite.Value, error] {
	there := r.inBaseline(t)
	return func(yield func([]sqlite.Value, error) bool) {
		if there == nil {
			for row, err := range r.seedRows(t) {
				if !yield(row.Values, err) {
					return
				}
			}
			return
		}
		for row, err := range r.compared(t, there) {
			if !yield(row.Values, err) {
				return
			}
		}
	}
}

// notes returns what became of the times in the tables.
func (t *times) notes(tables []*schema.Table) []TimeNote {
	var notes []TimeNote
	for _, table := range tables {
		notes = append(notes, t.converters[table].Notes()...)
	}
	return notes
}

// asksForm reports whether the options ask for one form of all times.
func (o Options) asksForm() bool {
	choice, err := timeform.ParseChoice(o.Datetime)
	return err != nil || choice.Asked != timeform.Form{}
}

// tellTimes reports whether the app's rows show the form that times of the table must have.
func (r *run) tellTimes(table string) (bool, error) {
	if r.times.choice.Keep {
		return false, nil
	}
	for _, rows := range r.times.rowsOf(table) {
		if tell, err := rows.Tell(); tell || err != nil {
			return tell, err
		}
	}
	return false, nil
}

func isDatabase(path string) bool {
	script, err := seed.Source{Path: path}.IsScript()
	return err == nil && !script
}
