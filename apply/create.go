package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ErrAllTables reports [Options] that choose tables or edits for a target that [Run] would create.
// A new database is as the seed is.
var ErrAllTables = errors.New("a new database gets all tables and rows of the seed")

// ErrNoSchema reports a script without a schema for a target that [Run] would create.
var ErrNoSchema = errors.New("a new database gets its tables from the seed")

// creation makes a target that is not there yet. The target gets everything that the seed has: its
// schema, and the rows of all tables, the record of a migration tool included.
type creation struct {
	seed   *seed.Seed
	source string
	target string
	size   int64 // about how many bytes the target takes
	opts   Options
	plan   Plan
}

// creates reports whether a run makes the target.
func (o *Options) creates(target string) bool {
	if !o.Create {
		return false
	}
	_, err := os.Stat(target)
	return errors.Is(err, fs.ErrNotExist)
}

func newCreation(ctx context.Context, source, target string, opts Options) (*creation, error) {
	if len(opts.Tables)+len(opts.Exclude) > 0 || opts.Edits != nil || opts.Check != nil {
		return nil, fmt.Errorf("make %s: %w", target, ErrAllTables)
	}
	from, err := seed.Open(ctx, seed.Source{
		Path: source, Script: opts.Script, Now: opts.Now, NotUTF8: opts.NotUTF8,
	})
	if errors.Is(err, seed.ErrNoTables) {
		err = fmt.Errorf("make %s: %w: %w", target, ErrNoSchema, err)
	}
	if err != nil {
		return nil, err
	}
	n := &creation{seed: from, source: source, target: target, opts: opts}
	n.plan.Creates, n.plan.Sample = true, from.Sample
	n.size, err = from.Conn.Int64("SELECT page_count * page_size FROM pragma_page_count, " +
		"pragma_page_size")
	if err == nil {
		err = n.countRows()
	}
	if err != nil {
		n.close()
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	if err := backup.CheckPlace(ctx, target, opts.LiteFSURL, n.size); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *creation) close() { n.seed.Close() }

func (n *creation) countRows() error {
	ordered, _ := schema.ParentsFirst(n.seed.Schema.Tables)
	for _, t := range ordered {
		rows, err := n.seed.Conn.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(t.Name))
		if err != nil {
			return err
		}
		n.plan.table(t.Name).New = rows
	}
	return nil
}

// refusal returns why the options forbid the plan. It returns nil if they allow it.
func (n *creation) refusal() error {
	if n.plan.Sample && !n.opts.AllowSample {
		return fmt.Errorf("%s %w", n.source, ErrSample)
	}
	return nil
}

// create asks, and makes the target.
func create(ctx context.Context, source, target string, opts Options) (Result, error) {
	n, err := newCreation(ctx, source, target, opts)
	if err != nil {
		return Result{}, err
	}
	defer n.close()
	result := Result{Plan: n.plan}
	if err := n.refusal(); err != nil {
		return result, err
	}
	if n.opts.Confirm != nil {
		yes, err := n.opts.Confirm(n.plan)
		if err == nil && !yes {
			err = ErrDeclined
		}
		if err != nil {
			return result, err
		}
	}
	err = backup.NewDatabase(ctx, n.target, n.opts.LiteFSURL, n.size, func(path string) error {
		return n.write(ctx, path)
	})
	if err == nil {
		result.Inserted = n.plan.New()
	}
	return result, err
}

// write copies the seed to the file at path. The copy does not have the mark of a database that
// seedkit generated, with which gen would overwrite it.
func (n *creation) write(ctx context.Context, path string) error {
	mode, err := n.seed.Conn.Value("PRAGMA journal_mode")
	if err != nil {
		return err
	}
	id, err := n.seed.Conn.Int64("PRAGMA application_id")
	if err != nil {
		return err
	}
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	// Nothing is lost if the copy breaks off: it has no name yet.
	if err := c.ExecScript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF"); err != nil {
		return err
	}
	report := reporter(n.opts.Progress)
	err = sqlite.Backup(c, n.seed.Conn, func(done, total int) {
		report.report(Inserting, int64(done), int64(total))
	})
	if err != nil {
		return err
	}
	if id == seed.ApplicationID || id == seed.SampleApplicationID {
		if err := c.Exec("PRAGMA application_id = 0"); err != nil {
			return err
		}
	}
	if mode.Data() == "wal" {
		err = c.Exec("PRAGMA journal_mode = WAL")
	}
	if closed := c.Close(); err == nil {
		err = closed
	}
	return err
}
