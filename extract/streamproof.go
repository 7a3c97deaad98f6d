package extract

import (
	"context"
	"errors"
	"io"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
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
		if err := replay(c, r.countResult(result, d.spool), false); err != nil {
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
	return compareScript(r, s, c, load.Script(script, d.path))
}
