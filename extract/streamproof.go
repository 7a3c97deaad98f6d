package extract

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// streamProven is [stream] with a proof. The result is replayed as ever, and
// compared with the script itself, read once more, instead of with a database
// that the script was loaded into, which would take as long as the replay.
func streamProven(ctx context.Context, w io.Writer, source string, opts Options, again func() error) (report Report, done bool, err error) {
	spool, err := newSpool()
	if err != nil {
		return Report{}, false, err
	}
	defer spool.discard()
	d := &prover{straight: straight{spool}, spool: spool, w: w, path: source, script: opts.Script, again: again}
	report, err = streamTo(ctx, d, source, opts)
	switch {
	case err == nil:
		report.Proven = true
		return report, true, nil
	case errors.Is(err, errAskSQLite), errors.Is(err, errReorder):
		return Report{}, false, again()
	}
	return Report{}, false, err
}

// prover keeps what is streamed in a temporary file until it is proven.
type prover struct {
	straight
	spool  *spool
	w      io.Writer
	path   string
	script io.Reader // nil for the file at path
	again  func() error
}

func (d *prover) finish(r *run, s *streamer) error {
	if err := d.straight.finish(r, s); err != nil {
		return err
	}
	err := r.inScratch(func(c *sqlite.Conn) error {
		if err := r.prepare(c); err != nil {
			return err
		}
		result, err := d.spool.reader()
		if err != nil {
			return err
		}
		if err := replay(c, result); err != nil {
			return err
		}
		if err := d.compare(r, s, c); err != nil {
			return err
		}
		return r.proveCounters(c)
	})
	if _, wrong := errors.AsType[*ProofError](err); wrong {
		return errAskSQLite
	}
	if err != nil {
		return err
	}
	return d.spool.copyTo(d.w)
}

// compare compares the database with the script.
func (d *prover) compare(r *run, s *streamer, c *sqlite.Conn) error {
	if err := d.again(); err != nil {
		return err
	}
	script := d.script
	if script == nil {
		f, err := seed.OpenScript(r.ctx, d.path)
		if err != nil {
			return err
		}
		defer f.Close()
		script = f
	}
	check := newScriptCheck(r, s, c)
	defer func() { check.stop() }() // that of the table which it has come to
	for part, err := range load.Script(script, d.path) {
		if err == nil {
			err = check.part(part)
		}
		if err != nil {
			return err
		}
	}
	return check.end()
}

// scriptCheck compares the rows of a script with those of a database, table
// by table. What it is not sure of is errAskSQLite.
type scriptCheck struct {
	c       *sqlite.Conn
	targets map[string]*target       // by name as the script has it
	tables  map[string]*schema.Table // that are still to come
	current *target
	next    func() ([]scan.Value, error, bool)
	stop    func()
}

func newScriptCheck(r *run, s *streamer, c *sqlite.Conn) *scriptCheck {
	check := &scriptCheck{c: c, targets: s.targets, tables: map[string]*schema.Table{}, stop: func() {}}
	for _, t := range r.tables {
		check.tables[t.Name] = t
	}
	return check
}

func (s *scriptCheck) part(part load.Part) error {
	if part.Rows == nil {
		if part.Statement.Kind() == sqltext.KindInsert {
			return errAskSQLite
		}
		return nil
	}
	t := s.targets[part.Rows.Table]
	switch {
	case t == nil && migration.IsBookkeeping(part.Rows.Table):
		return nil
	case t == nil:
		return errAskSQLite
	case t != s.current:
		if err := s.begin(t); err != nil {
			return err
		}
	}
	if part.Rows.Width() != len(t.columns) || !t.hasColumns(part.Rows.Columns) {
		return errAskSQLite
	}
	for i := range part.Rows.Len() {
		if err := s.row(t, part.Rows, i); err != nil {
			return err
		}
	}
	return nil
}

// begin goes on to another table, if that is extracted.
func (s *scriptCheck) begin(t *target) error {
	if err := s.finish(); err != nil {
		return err
	}
	table := s.tables[t.name]
	if table == nil {
		return errAskSQLite // it was before, and rows come in more than one piece; or it is left out
	}
	delete(s.tables, t.name)
	s.current = t
	s.next, s.stop = iter.Pull2(scan.New(s.c, scan.DecodeLarge).Rows(rowdiff.Query(table)))
	return nil
}

func (s *scriptCheck) row(t *target, rows *load.Rows, i int) error {
	there, err, ok := s.next()
	if err != nil {
		return err
	}
	if !ok || len(there) != len(t.columns) {
		return errAskSQLite
	}
	for k := range t.columns {
		v, column := rows.Value(i, k), &t.columns[k]
		if !column.takes.has(v.Type) || !column.affinity.stores(v, &there[k]) {
			return errAskSQLite
		}
	}
	return nil
}

// finish holds that the database has no more rows of the current table.
func (s *scriptCheck) finish() error {
	if s.current == nil {
		return nil
	}
	_, err, more := s.next()
	s.stop()
	s.current, s.stop = nil, func() {}
	if more && err == nil {
		return errAskSQLite
	}
	return err
}

// end holds that the tables are empty that the script has no rows of.
func (s *scriptCheck) end() error {
	if err := s.finish(); err != nil {
		return err
	}
	for _, t := range s.tables {
		if empty, err := isEmpty(rowdiff.Scan(s.c, t)); !empty || err != nil {
			return errors.Join(err, errAskSQLite)
		}
	}
	return nil
}
