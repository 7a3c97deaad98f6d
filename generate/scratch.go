package generate

import (
	"context"
	"fmt"
	"time"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// scratch is the private database that Write fills, with everything that SQL sees besides its
// tables: a fixed clock and random numbers. scratch records what SQL asks for.
type scratch struct {
	c      *sqlite.Conn
	now    time.Time
	chance chance.Stream // the random numbers of SQL, after the schema's scripts

	scripts          func() uint64 // the random numbers of the schema's scripts; nil after them
	askedClock, drew bool
}

func openScratch(ctx context.Context, now time.Time) (*scratch, error) {
	world := seed.World(now)
	s := &scratch{now: now, scripts: world.Random}
	var err error
	s.c, err = sqlite.OpenReproducible(ctx, sqlite.World{
		Now:    func() time.Time { s.askedClock = true; return s.now },
		Random: s.random,
		Script: world.Script,
	})
	if err != nil {
		return nil, err
	}
	// Nobody needs the database after a crash. The threads sort the keys of an index.
	const settings = "PRAGMA cache_size = -16000; PRAGMA journal_mode = MEMORY; PRAGMA threads = 2"
	if err := s.c.ExecScript(settings); err != nil {
		s.c.Close()
		return nil, err
	}
	return s, nil
}

func (s *scratch) random() uint64 {
	s.drew = true
	if s.scripts != nil {
		return s.scripts()
	}
	return s.chance.Uint64()
}

// apply runs the schema's scripts.
func (s *scratch) apply(source schema.Source) error {
	err := source.Apply(s.c)
	s.scripts = nil
	return err
}

// record writes a migration tool's record that the folder's migrations have run, if there is a
// folder.
func (s *scratch) record(folder migration.Folder, now time.Time) (*Recorded, error) {
	if len(folder.Migrations) == 0 {
		return nil, nil
	}
	table, err := folder.RecordApplied(s.c, now)
	if table == "" || err != nil {
		return nil, err
	}
	rows, err := s.c.Int64("SELECT count(*) FROM " + quote(table))
	return &Recorded{table, rows}, err
}

// mark identifies the database as made by seedkit.
func (s *scratch) mark(sample bool) error {
	id := seed.ApplicationID
	if sample {
		id = seed.SampleApplicationID
	}
	return s.c.Exec(fmt.Sprintf("PRAGMA application_id = %d", id))
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
