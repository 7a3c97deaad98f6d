// Package extract turns a seed into INSERTs that are safe to paste into a
// migration: with column lists, parents before children, and without the rows
// of migration tools and of SQLite itself.
package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Options say what to extract.
type Options struct {
	// Script, if not nil, is read as the seed; the source's path is its name
	// in messages.
	Script io.Reader
	// Schema is a script, a database or a folder of migrations: the tables
	// that a script inserts into if it makes none itself. Empty means that
	// it has to make them, unless there is a Baseline.
	Schema string
	// Baseline is a folder of migrations or a script. Rows that it inserts
	// are left out. Empty means that there are none; for [Into], that the
	// migrations beside the one that is edited are the baseline.
	Baseline string
}

// Report says what was extracted.
type Report struct {
	Tables  []TableReport // parents first; those with rows
	LeftOut []LeftOut
	Sample  bool // rows were written that are known to be samples
}

// TableReport counts a table's rows.
type TableReport struct {
	Table    string
	Rows     int // that were written
	Baseline int // that the baseline inserts already
}

// LeftOut is a table whose rows are nobody's seed.
type LeftOut struct {
	Table string
	Rows  int // 0 for a virtual table, which nobody counts
	Why   string
}

// ConflictError says that the baseline has a row with a key of the seed's,
// but other values: the two cannot both be inserted.
type ConflictError struct {
	Table   string
	Columns []string // of the key
	Key     string   // the values there, as SQL
	Differ  []string // the columns that differ
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("table %s: the migrations insert a row with the same %s (%s), but another %s",
		e.Table, strings.Join(e.Columns, ", "), e.Key, strings.Join(e.Differ, ", "))
}

// Write extracts the seed at source, a database or a script, to w: one INSERT
// a row, in the order in which the seed keeps them. Rows of tables that refer
// to each other in a cycle can only be inserted with foreign keys deferred;
// then, and only then, a transaction that does so is around them.
func Write(ctx context.Context, w io.Writer, source string, opts Options) (Report, error) {
	r, err := open(ctx, source, "", opts)
	if err != nil {
		return Report{}, err
	}
	defer r.close()
	return r.write(w, r.cyclic)
}

// Edit is a migration as it is and as it would be with the seed in it.
type Edit struct {
	Path     string
	Old, New []byte
	Report   Report
}

// Into extracts the seed at source into the block that seedkit keeps in the
// migration at path, which must exist. Nothing is written: the edit says
// what to write. The block is a transaction of its own, since Prisma runs the
// statements of a migration one by one and would leave half of a failed one.
//
// Unless opts has a Baseline, the migrations beside the one at path are it,
// and so is what the one at path inserts outside of the block.
func Into(ctx context.Context, path, source string, opts Options) (Edit, error) {
	old, err := os.ReadFile(path)
	if err != nil {
		return Edit{}, err
	}
	if opts.Baseline == "" {
		if dir, ok := migration.FolderOf(path); ok {
			opts.Baseline = dir
		}
	}
	r, err := open(ctx, source, path, opts)
	if err != nil {
		return Edit{}, err
	}
	defer r.close()
	var block bytes.Buffer
	report, err := r.write(&block, true)
	if err != nil {
		return Edit{}, err
	}
	text, err := migration.Splice(old, block.Bytes())
	if err != nil {
		return Edit{}, fmt.Errorf("%s: %w", path, err)
	}
	return Edit{Path: path, Old: old, New: text, Report: report}, nil
}

// run is one extraction.
type run struct {
	seed     *seed.Seed
	tables   []*schema.Table // parents first
	cyclic   bool
	baseline *sqlite.Conn // nil if there is none
	there    *schema.Schema
}

// open opens the seed and the baseline. The block in the migration at into,
// if that is not empty, is no part of the baseline: it is to be replaced.
func open(ctx context.Context, source, into string, opts Options) (r *run, err error) {
	r = &run{}
	if opts.Baseline != "" {
		if err := r.openBaseline(ctx, opts.Baseline, into); err != nil {
			return nil, fmt.Errorf("read the baseline: %w", err)
		}
	}
	r.seed, err = seed.Open(ctx, seed.Source{Path: source, Script: opts.Script, Schema: r.schemaOf(ctx, opts.Schema)})
	if err != nil {
		r.close()
		return nil, err
	}
	var own []*schema.Table
	for _, t := range r.seed.Schema.Tables {
		if !migration.IsBookkeeping(t.Name) {
			own = append(own, t)
		}
	}
	r.tables, r.cyclic = schema.ParentsFirst(own)
	return r, nil
}

// schemaOf returns what makes the tables of a script that has none.
func (r *run) schemaOf(ctx context.Context, path string) func() (string, error) {
	switch {
	case path != "":
		return func() (string, error) { return readSchema(ctx, path) }
	case r.baseline != nil:
		return func() (string, error) { return schema.Statements(r.baseline) }
	}
	return nil
}

func readSchema(ctx context.Context, path string) (string, error) {
	scratch, err := applied(ctx, path, path)
	if err != nil {
		return "", err
	}
	defer scratch.Close()
	return schema.Statements(scratch)
}

func (r *run) openBaseline(ctx context.Context, path, into string) (err error) {
	if r.baseline, err = applied(ctx, path, into); err != nil {
		return err
	}
	r.there, err = schema.Read(r.baseline)
	return err
}

// applied returns a scratch database to which the scripts at path have been
// applied, but for seedkit's block in the one at into.
func applied(ctx context.Context, path, into string) (*sqlite.Conn, error) {
	source, err := schema.ReadSource(ctx, path)
	if err != nil {
		return nil, err
	}
	if into != "" {
		if source, err = source.WithoutBlocks(into); err != nil {
			return nil, err
		}
	}
	c, err := sqlite.Open(ctx, sqlite.Temporary, sqlite.Create)
	if err != nil {
		return nil, err
	}
	if err := source.Apply(c); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (r *run) close() {
	if r.seed != nil {
		r.seed.Close()
	}
	if r.baseline != nil {
		r.baseline.Close()
	}
}
