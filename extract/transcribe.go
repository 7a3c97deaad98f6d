package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/tempfile"
	"github.com/seedkit/seedkit/internal/timeform"
	"github.com/seedkit/seedkit/internal/transcribe"
)

// Rewinder is a writer that can remove what was written to it. Without a proof, [Write] writes
// straight to a Rewinder. If w is not a Rewinder, Write keeps the result in a temporary file until
// the result is complete.
type Rewinder interface {
	io.Writer
	// Rewind removes what was written. If that is impossible, it returns an error, even if nothing
	// was written.
	Rewind() error
}

// canTranscribe reports whether each row of the script becomes one INSERT with the script's values.
// No option may remove rows, put several rows into one INSERT, cut rows or change values.
func (o Options) canTranscribe() bool {
	return o.tool() == "" && o.Baseline == "" && !o.asksForm() &&
		o.RowsPerInsert <= 1 && o.MaxStatementBytes == 0 &&
		(o.OnConflict == "" || o.OnConflict == Abort) && (o.Keys == "" || o.Keys == Literal)
}

// writeTranscript is [Write] for a script, without a database of the seed's rows. The error is
// [transcribe.ErrCannot] if only a replay of the script can tell what the script gives, or which
// error it has. Then w has received nothing, and the script is at its old position.
func writeTranscript(
	ctx context.Context, w io.Writer, source string, script io.ReadSeeker, opts Options,
) (Report, error) {
	start, err := script.Seek(0, io.SeekCurrent)
	if err != nil {
		return Report{}, err
	}
	again := func() error {
		_, err := script.Seek(start, io.SeekStart)
		return err
	}
	out, straight := w.(Rewinder)
	straight = straight && opts.NoProof && out.Rewind() == nil
	var file tempfile.File
	if !straight {
		if file, err = tempfile.New(); err != nil {
			return Report{}, err
		}
		defer file.Close()
		out = file
	}
	r := &run{ctx: ctx, opts: opts, keys: naturalKeys{}}
	defer r.close()
	if r.times.choice, err = timeform.ParseChoice(opts.Datetime); err != nil {
		return Report{}, err
	}
	rows := transcribe.New(ctx, out, seed.BeginComment+"\n", r.tellTimes)
	report, err := r.transcribe(rows, out, seed.Source{
		Path: source, Script: script, Schema: r.scriptSchema(), StandIn: true,
		NotUTF8: opts.NotUTF8,
	})
	if err == nil && !opts.NoProof {
		if err = again(); err == nil {
			err = r.proveTranscript(rows, file, load.Script(script, source))
		}
		report.Proven, report.Without = err == nil && r.hasContent(report), r.without
	}
	switch {
	case errors.Is(err, transcribe.ErrCannot):
		return Report{}, errors.Join(err, out.Rewind(), again())
	case err != nil:
		return Report{}, err
	case straight:
		return report, nil
	}
	return report, file.CopyTo(w)
}

// transcribe writes the rows of the script to w, and the statements that raise counters.
func (r *run) transcribe(
	rows *transcribe.Transcript, w io.Writer, script seed.Source,
) (report Report, err error) {
	script.Rows = rows
	r.seed, err = seed.Open(r.ctx, script)
	if finished := rows.Finish(); err == nil {
		err = finished
	}
	if err == nil {
		err = r.chooseTables()
	}
	if err == nil && (len(r.leftParents()) > 0 || !rows.InOrder(r.tables)) {
		err = errors.New("the result has other rows, or another order")
	}
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", transcribe.ErrCannot, err)
	}
	for _, t := range r.tables {
		if n := rows.Rows(t.Name); n > 0 {
			report.Tables = append(report.Tables, TableReport{Table: t.Name, Rows: n})
		}
	}
	if len(report.Tables) > 0 && (r.cyclic || r.seed.Sample) {
		return Report{}, transcribe.ErrCannot // A comment or BEGIN must come before the rows.
	}
	out := newScript(w, r.cyclic, r.seed.Sample)
	out.begun = len(report.Tables) > 0
	highest := func(t *schema.Table) (int64, error) { return rows.Highest(t.Name), nil }
	if err := r.raiseCounters(out, highest); err != nil {
		return Report{}, err
	}
	report.Secrets = r.secrets(report.Tables)
	report.LeftOut, err = r.leftOut()
	return report, errors.Join(err, out.Close())
}

// proveTranscript replays the result and compares its rows with the script, which it reads again.
// If they differ, it returns [transcribe.ErrCannot], so that the extraction with a database of the
// seed reports the difference.
func (r *run) proveTranscript(
	rows *transcribe.Transcript, result tempfile.File, script iter.Seq2[load.Part, error],
) error {
	text, err := result.Reader()
	if err != nil {
		return err
	}
	err = r.inScratch(func(c *sqlite.Conn) error {
		if err := r.prepare(c); err != nil {
			return err
		}
		if err := replay(c, r.countResult(text, result), false); err != nil {
			return err
		}
		if err := rows.Same(c, r.tables, script); err != nil {
			return err
		}
		return r.proveCounters(c)
	})
	if _, wrong := errors.AsType[*ProofError](err); wrong {
		return transcribe.ErrCannot
	}
	return err
}
