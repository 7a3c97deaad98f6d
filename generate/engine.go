package generate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// engine turns declarations into the rows of a database.
type engine struct {
	c    *sqlite.Conn
	seed string
	now  time.Time
	sql  sqlWorld

	tables []*table          // in the order of the schema
	byName map[string]*table // by the names in the schema
	schema *schema.Schema

	byPath map[string]*row // the rows that fixtures declare
	// mistaken has the paths of wrong declarations. References to them are not mistakes.
	mistaken map[string]bool
	errs     []error

	stream     chance.Stream               // the stream of the cell that is being generated
	words      *gofakeit.Faker             // uses stream
	hashes     map[string]string           // the hashes of passwords
	candidates map[ringKey]map[string]ring // for references that fixtures leave open
	report     Report
	progress   progress
}

// sqlWorld is everything that SQL sees besides its tables: a fixed clock and random numbers. The
// random numbers come first from the world of the schema's scripts and then from the engine.
// sqlWorld records what SQL asks for.
type sqlWorld struct {
	random            func() uint64
	chance            chance.Stream
	askedClock, drawn bool
}

func newEngine(ctx context.Context, opts Options) (*engine, error) {
	e := &engine{
		seed: opts.Seed, now: opts.Now, progress: progress{tell: opts.Progress},
		byName: map[string]*table{}, byPath: map[string]*row{}, mistaken: map[string]bool{},
		hashes: map[string]string{}, candidates: map[ringKey]map[string]ring{},
	}
	e.words = gofakeit.NewCustom(&e.stream)
	if e.now.IsZero() {
		e.now = DefaultNow
	}
	world := seed.World(e.now)
	e.sql.random = world.Random
	var err error
	e.c, err = sqlite.OpenReproducible(ctx, sqlite.World{
		Now:    func() time.Time { e.sql.askedClock = true; return e.now },
		Random: func() uint64 { e.sql.drawn = true; return e.sql.random() },
		Script: world.Script,
	})
	if err != nil {
		return nil, err
	}
	const cache = "PRAGMA cache_size = -65536" // KiB; random keys use pages all over an index
	if err := e.c.Exec(cache); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

func (e *engine) close() {
	for _, t := range e.tables {
		for _, c := range t.columns {
			c.def.close()
		}
	}
	e.c.Close()
}

// run fills the database, or reports the mistakes in the fixtures.
func (e *engine) run(ctx context.Context, source schema.Source, sets []Set, opts Options) error {
	if err := source.Apply(e.c); err != nil {
		return fmt.Errorf("apply the schema: %w", err)
	}
	e.sql.random = e.sql.chance.Uint64
	if err := e.readTables(); err != nil {
		return err
	}
	if err := e.chooseDatetime(source.Format, opts); err != nil {
		return err
	}
	e.declare(sets)
	if err := errors.Join(e.errs...); err != nil {
		return err
	}
	if err := e.insertAll(ctx); err != nil {
		return err
	}
	if err := e.count(); err != nil {
		return err
	}
	return e.mark()
}

func (e *engine) chooseDatetime(format migration.Format, opts Options) error {
	choose := func(d Datetime, why string) { e.report.Datetime, e.report.DatetimeWhy = d, why }
	if opts.Datetime != "" && opts.Datetime != Auto {
		choose(opts.Datetime, "as asked")
		return nil
	}
	found, where, err := detectDatetime(e.c, e.schema)
	switch {
	case err != nil:
		return err
	case found != "":
		choose(found, "as in "+where)
	case opts.DatetimeDefault != "" && opts.DatetimeDefault != Auto:
		choose(opts.DatetimeDefault, "as the fixtures' app writes them")
	case format == migration.Prisma && migration.PrismaAdapter(opts.SchemaPath):
		choose(ISO, "as Prisma's driver adapters write it")
	case format == migration.Prisma:
		choose(UnixMilli, "as Prisma's engine writes them")
	default:
		choose(ISO, "because no row shows another form")
	}
	return nil
}

func (e *engine) count() error {
	for _, t := range e.tables {
		n, err := e.c.Int64("SELECT count(*) FROM " + quote(t.Name))
		if err != nil {
			return fmt.Errorf("count the rows of %s: %w", t.Name, err)
		}
		e.report.Tables = append(e.report.Tables, TableReport{
			Table: t.Name, Rows: n, Baseline: int64(t.baseline), Adopted: int64(len(t.adopted)),
		})
	}
	return nil
}

// mark identifies the database as made by seedkit.
func (e *engine) mark() error {
	id := seed.ApplicationID
	if e.report.Sample {
		id = seed.SampleApplicationID
	}
	return e.c.Exec(fmt.Sprintf("PRAGMA application_id = %d", id))
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
