package generate

import (
	"fmt"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// engine turns declarations into rows of one database.
type engine struct {
	c      *sqlite.Conn
	schema *schema.Schema
	seed   string
	now    time.Time
	ids    idShape

	rows    []*row // in the order of declaration
	byPath  map[string]*row
	byTable map[string][]*row
	checked map[*declaration]*schema.Table // nil for a declaration that is wrong
	errs    []error

	stream   stream            // of the cell that is being generated
	words    *gofakeit.Faker   // over stream
	hashes   map[string]string // of passwords
	defaults map[[2]string]sqlite.Value
	report   Report
}

// row is a row to be inserted.
type row struct {
	table    *schema.Table
	path     string
	declared map[string]any // by the column's name in the schema
	at       position
	number   int
	parent   *row
	fixed    map[string]reference // foreign keys that parts set
	children map[string]int       // how many rows of a table are part of this one

	hash    uint64
	attempt int // how often SQLite refused the generated values
	cells   map[string]sqlite.Value
	drawn   map[string]bool // cells that another attempt may change
	busy    map[string]bool // cells that are being generated
	adopted bool
}

// reference is a cell of another row.
type reference struct {
	row    *row
	column string
}

func newEngine(c *sqlite.Conn, format migration.Format, sets []Set, opts Options) (*engine, error) {
	e := &engine{
		c: c, seed: opts.Seed, now: opts.Now,
		byPath: map[string]*row{}, byTable: map[string][]*row{}, checked: map[*declaration]*schema.Table{},
		hashes: map[string]string{}, defaults: map[[2]string]sqlite.Value{},
	}
	e.words = gofakeit.NewCustom(&e.stream)
	if e.now.IsZero() {
		e.now = DefaultNow
	}
	for _, set := range sets {
		e.report.Sets = append(e.report.Sets, set.Name)
		e.report.Sample = e.report.Sample || set.Sample
	}
	var err error
	if e.schema, err = schema.Read(c); err != nil {
		return nil, err
	}
	if e.ids, err = detectIDs(c, e.schema); err != nil {
		return nil, err
	}
	return e, e.chooseDatetime(format, opts)
}

func (e *engine) chooseDatetime(format migration.Format, opts Options) error {
	if opts.Datetime != "" && opts.Datetime != Auto {
		e.report.Datetime, e.report.DatetimeWhy = opts.Datetime, "as asked"
		return nil
	}
	found, where, err := detectDatetime(e.c, e.schema)
	switch {
	case err != nil:
		return err
	case found != "":
		e.report.Datetime, e.report.DatetimeWhy = found, "as "+where+" has it"
	case opts.DatetimeDefault != "":
		e.report.Datetime, e.report.DatetimeWhy = opts.DatetimeDefault, "as the fixtures' app writes it"
	case format == migration.Prisma:
		e.report.Datetime, e.report.DatetimeWhy = UnixMilli, "as Prisma's engine writes it"
	default:
		e.report.Datetime, e.report.DatetimeWhy = ISO, "no row tells otherwise"
	}
	return nil
}

// run generates all rows, or reports what is wrong with the fixtures.
func (e *engine) run(sets []Set) error {
	baseline, err := e.countRows()
	if err != nil {
		return err
	}
	e.expand(sets)
	if err := e.mistakes(); err != nil {
		return err
	}
	if err := e.insertAll(); err != nil {
		return err
	}
	return e.count(baseline)
}

func (e *engine) countRows() (map[string]int, error) {
	counts := map[string]int{}
	for _, t := range e.schema.Tables {
		n, err := e.c.Int64("SELECT count(*) FROM " + quote(t.Name))
		if err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", t.Name, err)
		}
		counts[t.Name] = int(n)
	}
	return counts, nil
}

func (e *engine) count(baseline map[string]int) error {
	counts, err := e.countRows()
	if err != nil {
		return err
	}
	for _, t := range e.schema.Tables {
		report := TableReport{Table: t.Name, Rows: counts[t.Name], Baseline: baseline[t.Name]}
		for _, r := range e.byTable[t.Name] {
			if r.adopted {
				report.Adopted++
			}
		}
		e.report.Tables = append(e.report.Tables, report)
	}
	return nil
}

// bcrypt hashes each distinct password once.
func (e *engine) bcrypt(password string) string {
	if hash, ok := e.hashes[password]; ok {
		return hash
	}
	var salt [16]byte
	for i := range salt {
		salt[i] = byte(entropy(e.seed, "bcrypt", password, string(rune('a'+i))))
	}
	hash, err := bcryptHash(password, salt)
	if err != nil {
		panic(abort{err.Error()})
	}
	e.hashes[password] = hash
	return hash
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
