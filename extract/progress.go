package extract

import (
	"errors"
	"io"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/internal/tempfile"
)

// Progress says how far extracting is.
type Progress struct {
	Stage       Stage
	Done, Total int64 // In the stage's unit. Total is 0 if it is unknown.
}

// Stage is what extracting is doing.
type Stage string

// The stages. A script may be read more than once.
const (
	Reading   Stage = "reading"   // bytes, of a script
	Writing   Stage = "writing"   // rows of the seed, written or left out
	Replaying Stage = "replaying" // bytes, of the result
	Comparing Stage = "comparing" // rows of the seed, with those that the result gives
)

// tally counts the rows of a seed in one stage.
type tally struct {
	tell  func(Progress) // Nil if there is no Progress.
	stage Stage
	rows  map[*schema.Table]int64
	done  int64
	total int64
}

func (t *tally) begin(stage Stage) {
	t.stage = stage
	t.reach(0)
}

func (t *tally) add(rows int64) { t.reach(t.done + rows) }

func (t *tally) reach(done int64) {
	t.done = done
	if t.tell != nil {
		t.tell(Progress{Stage: t.stage, Done: done, Total: t.total})
	}
}

// countRows counts the rows to extract if Progress is set. If a table cannot be counted, the total
// stays unknown; the read of the table's rows will report the error.
func (r *run) countRows() {
	r.tally.tell = r.opts.Progress
	if r.tally.tell == nil {
		return
	}
	r.tally.rows = map[*schema.Table]int64{}
	for _, t := range r.tables {
		n, err := r.seed.Conn.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(t.Name))
		if err != nil {
			r.tally.total = 0
			return
		}
		r.tally.rows[t] = n
		r.tally.total += n
	}
}

// beginReplay reports that the result is replayed together with the migrations, whose length is
// unknown.
func (r *run) beginReplay() {
	if r.opts.Progress != nil {
		r.opts.Progress(Progress{Stage: Replaying})
	}
}

// counted is a script or a result that reports how far it is read.
type counted struct {
	r           io.Reader
	tell        func(Progress)
	stage       Stage
	at          int64 // The offset of the next read.
	done, total int64 // total is 0 if it is unknown.
}

// countResult makes the result report how far it is replayed.
func (r *run) countResult(result io.Reader, from tempfile.File) io.Reader {
	if r.opts.Progress == nil {
		return result
	}
	c := &counted{r: result, tell: r.opts.Progress, stage: Replaying}
	if info, err := from.Stat(); err == nil {
		c.total = info.Size()
	}
	return c
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.at += int64(n); c.at > c.done {
		c.done = c.at
		c.tell(Progress{Stage: c.stage, Done: c.done, Total: c.total})
	}
	return n, err
}

// Seek moves to another position in the script, if it is not a pipe. After a move to the start, the
// text counts again. After any other move, text that was read before does not count again.
func (c *counted) Seek(offset int64, whence int) (int64, error) {
	seeker, ok := c.r.(io.Seeker)
	if !ok {
		return 0, errors.ErrUnsupported
	}
	at, err := seeker.Seek(offset, whence)
	if err != nil {
		return at, err
	}
	if at == 0 {
		c.done = 0
	}
	c.at = at
	return at, nil
}
