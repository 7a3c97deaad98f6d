package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/seed"
)

// Rewinder is a writer that can take back all that it was given. [Write]
// streams a script straight into one; where w is none, it keeps what it makes
// in a temporary file until it is known to be whole.
type Rewinder interface {
	io.Writer
	// Rewind takes back what was written. Where that is impossible it is an
	// error, also if nothing was written yet.
	Rewind() error
}

// stream is the fast way of [Write] for a script that is to become an INSERT
// a row. Where it is done, w was given what the replay's way would have given
// it. Else nothing was written to w, whether because something is wrong with
// the script or because only a replay can tell what it gives: the replay's way
// is to say.
//
// Without a proof no row is put into a database, so that three things go unnoticed
// which the replay refuses: a key that two rows share, a row that a CHECK is
// against, and one for which an index over an expression, or a generated
// column, has no value. The database that the INSERTs are for refuses them
// then, if it has such a constraint, index or column.
func stream(ctx context.Context, w io.Writer, source string, opts Options) (report Report, done bool, err error) {
	again, ok := opts.streams(source)
	switch {
	case !ok:
		return Report{}, false, nil
	case !opts.NoProof:
		return streamProven(ctx, w, source, opts, again)
	}
	err = errReorder
	if rewinder, ok := w.(Rewinder); ok && rewinder.Rewind() == nil {
		report, err = streamTo(ctx, straight{w}, source, opts)
		if err == nil {
			return report, true, nil
		}
		if err := errors.Join(rewinder.Rewind(), again()); err != nil {
			return Report{}, false, err
		}
	}
	if errors.Is(err, errReorder) {
		kept := &keeper{w: w}
		defer kept.discard()
		if report, err = streamTo(ctx, kept, source, opts); err == nil {
			return report, true, nil
		}
	}
	if errors.Is(err, errAskSQLite) {
		return Report{}, false, again()
	}
	return Report{}, false, err
}

// streams reports whether the source is a script, and can be read again, and
// the options are those that a stream can do. The function goes back to the
// start.
func (o Options) streams(source string) (again func() error, ok bool) {
	if !o.areStreamable() {
		return nil, false
	}
	if o.Script == nil {
		script, err := seed.Source{Path: source}.IsScript()
		return func() error { return nil }, script && err == nil
	}
	seeker, ok := o.Script.(io.Seeker)
	if !ok {
		return nil, false
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	return func() error {
		_, err := seeker.Seek(start, io.SeekStart)
		return err
	}, err == nil
}

func (o Options) areStreamable() bool {
	return o.tool() == "" && o.Baseline == "" && o.RowsPerInsert <= 1 && o.MaxStatementBytes == 0 &&
		(o.OnConflict == "" || o.OnConflict == Abort) && (o.Keys == "" || o.Keys == Literal)
}

// errReorder says that rows do not stand in the script as they should in the
// result.
var errReorder = errors.New("the rows are to be in another order")

// destination is where a streamer's rows go.
type destination interface {
	open() (io.Writer, error)
	// finish makes the result whole, of which all but the last buffer of s
	// is written.
	finish(r *run, s *streamer) error
}

// streamTo streams a script. An error that is errAskSQLite came before the
// destination was to be made whole.
func streamTo(ctx context.Context, d destination, source string, opts Options) (Report, error) {
	r := &run{ctx: ctx, opts: opts, keys: naturalKeys{}}
	defer r.close()
	s := &streamer{ctx: ctx, targets: map[string]*target{}, out: outbox{open: d.open}}
	s.copier.inserts.reset()
	var err error
	r.seed, err = seed.Open(ctx, seed.Source{Path: source, Script: opts.Script, Schema: r.schemaOf(opts.Schema), Rows: s})
	if closed := s.close(); err == nil {
		err = closed
	}
	if err == nil {
		err = r.chooseTables()
	}
	if err == nil && len(r.leftParents()) > 0 {
		err = errors.New("rows are given")
	}
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", errAskSQLite, err)
	}
	report, err := r.reportStreamed(s)
	if err != nil {
		return Report{}, err
	}
	return report, d.finish(r, s)
}

func (r *run) reportStreamed(s *streamer) (report Report, err error) {
	for _, t := range r.tables {
		if rows := s.rowsOf(t.Name); rows > 0 {
			report.Tables = append(report.Tables, TableReport{Table: t.Name, Rows: rows})
		}
	}
	report.Sample = r.seed.Sample && len(report.Tables) > 0
	report.Secrets = r.secrets(report.Tables)
	report.LeftOut, err = r.leftOut()
	return report, err
}

// straight writes to a writer that can take back what turns out to be in the
// wrong order.
type straight struct{ w io.Writer }

func (d straight) open() (io.Writer, error) { return d.w, nil }

func (d straight) finish(r *run, s *streamer) error {
	var tables []string
	for _, t := range r.tables {
		tables = append(tables, t.Name)
	}
	if !s.inOrder(tables) || len(s.extents) > 0 && (r.cyclic || r.seed.Sample) {
		return errReorder
	}
	if _, err := s.copier.inserts.writeTo(d.w); err != nil {
		return err
	}
	out := newScript(d.w, r.cyclic, r.seed.Sample)
	if err := r.raiseCounters(out, s.reached); err != nil {
		return err
	}
	return out.Close()
}

// keeper keeps rows in a temporary file, or in memory if they are few.
type keeper struct {
	w     io.Writer
	spool *spool
}

func (d *keeper) open() (w io.Writer, err error) {
	d.spool, err = newSpool()
	return d.spool, err
}

func (d *keeper) discard() {
	if d.spool != nil {
		d.spool.discard()
	}
}

func (d *keeper) finish(r *run, s *streamer) error {
	var written io.ReaderAt = bytes.NewReader(s.copier.inserts.buf)
	if d.spool != nil {
		if _, err := s.copier.inserts.writeTo(d.spool); err != nil {
			return err
		}
		written = d.spool.f
	}
	out := newScript(d.w, r.cyclic, r.seed.Sample)
	for _, t := range r.tables {
		if s.rowsOf(t.Name) == 0 {
			continue
		}
		out.begin()
		if err := s.copyTable(out, written, t.Name); err != nil {
			return err
		}
	}
	if err := r.raiseCounters(out, s.reached); err != nil {
		return err
	}
	return out.Close()
}
