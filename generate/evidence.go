package generate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// evidence is a database whose rows show in which form the app stores its values.
type evidence struct {
	c      *sqlite.Conn
	schema *schema.Schema
	name   string // the path; "" for the rows of the schema's scripts
}

// readModel reads the model of the database that has the schema, with the defaults of its columns
// and the forms of their times.
func (o Options) readModel(
	ctx context.Context, s *scratch, source schema.Source,
) (m *model.Model, d *defaults, ts *times, err error) {
	all, err := o.openEvidence(ctx, source)
	if err != nil {
		return nil, nil, nil, err
	}
	defer func() { err = errors.Join(err, closeEvidence(all)) }()
	var like []model.Database
	for _, e := range all {
		like = append(like, model.Database{Conn: e.c, Schema: e.schema, Name: e.name})
	}
	if m, err = model.Read(s.c, like...); err != nil {
		return nil, nil, nil, err
	}
	d = readDefaults(s, m)
	written := d.written(m)
	err = readTriggers(s, m, written)
	if err == nil {
		all = append(all, evidence{c: s.c, schema: m.Schema()})
		tr := &timesReader{
			asked: o.Datetime.form(), framework: o.chooseFramework(source.Format, all),
			evidence: all, written: written,
		}
		ts, err = tr.readTimes(m)
	}
	if err != nil {
		d.close()
		return nil, nil, nil, err
	}
	ts.ignoreDefaults(d)
	return m, d, ts, nil
}

// openEvidence opens the databases that the options name: the one that the rows shall be like, and
// the one that the schema is taken from.
func (o Options) openEvidence(
	ctx context.Context, source schema.Source,
) (all []evidence, err error) {
	for _, path := range []string{o.Like, source.Database} {
		if path == "" {
			continue
		}
		c, err := sqlite.OpenSource(ctx, path)
		if err != nil {
			return nil, errors.Join(err, closeEvidence(all))
		}
		e := evidence{c: c, name: path}
		all = append(all, e)
		if all[len(all)-1].schema, err = schema.Read(c); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), closeEvidence(all))
		}
	}
	return all, nil
}

// closeEvidence closes the databases that [Options.openEvidence] has opened.
func closeEvidence(all []evidence) (err error) {
	for _, e := range all {
		if e.name != "" {
			err = errors.Join(err, e.c.Close())
		}
	}
	return err
}

// rows returns the rows of a table in the database. ok is false if it has no such table.
func (e evidence) rows(table string) (r timeform.Rows, ok bool) {
	t := e.schema.Table(table)
	return timeform.Rows{Conn: e.c, Table: t, Name: e.name}, t != nil
}

// column names a column of the database in a message.
func (e evidence) column(table, column string) string {
	name := table + "." + column
	if e.name != "" {
		name += " of " + e.name
	}
	return name
}

// chooseFramework returns the framework of the app.
func (o Options) chooseFramework(format migration.Format, all []evidence) timeform.Framework {
	if o.DatetimeDefault != "" && o.DatetimeDefault != Auto {
		return timeform.Framework{
			Why: "as the fixtures' app writes them", Whole: o.DatetimeDefault.form(),
			Ignored: timeform.SQL,
		}
	}
	isPrisma := func(e evidence) bool { return timeform.IsPrisma(e.schema) }
	if format == migration.Prisma || slices.ContainsFunc(all, isPrisma) {
		return timeform.Prisma(o.SchemaPath)
	}
	for _, e := range all {
		if f := timeform.FrameworkOf(e.schema); f.Name != "" {
			return f
		}
	}
	if format == migration.Drizzle {
		return timeform.Drizzle()
	}
	return timeform.Framework{}
}
