package extract

import (
	"errors"
	"io"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/tempfile"
)

// Progress says how far extracting is.
type Progress struct {
	Stage       Stage
	Done, Total int64 // In the stage's unit. Total is 0 if it is unknown.
}

// Stage names a stage of extracting.
type Stage string

const (
	// Reading reads a script. The unit is a byte. Extracting may read a script more than once.
	Reading Stage = "reading"
	// Writing writes the rows of the seed or leaves them out. The unit is a row.
	Writing Stage = "writing"
	// Replaying replays the result. The unit is a byte.
	Replaying Stage = "replaying"
	// Comparing compares the rows of the seed with those that the result gives. The unit is a row.
	Comparing Stage = "comparing"
)

// tally counts the rows of the seed that are done in one stage.
type tally struct {
	tell  func(Progress) // Nil if there is no Progress.
	stage Stage
	rows  map[*schema.Table]int64 // The numbers of all rows.
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

// countTotal counts the rows to extract if Progress is set. If the rows of a table cannot be
// counted, the total stays unknown. The later read of these rows reports the error.
func (r *run) countTotal() {
	r.tally.tell = r.opts.Progress
	if r.tally.tell == nil {
		return
	}
	r.tally.rows = map[*schema.Table]int64{}
	for _, t := range r.tables {
		n, err := countRows(r.seed.Conn, t)
		if err != nil {
			r.tally.total = 0
			return
		}
		r.tally.rows[t] = n
		r.tally.total += n
	}
}

// beginReplay reports that the replay of the migrations with the result begins. The length of the
// migrations is unknown.
func (r *run) beginReplay() {
	if r.opts.Progress != nil {
		r.opts.Progress(Progress{Stage: Replaying})
	}
}

// counted is a script or a result that reports how much of its text was read.
type counted struct {
	r     io.Reader
	tell  func(Progress)
	stage Stage
	at    int64 // The offset of the next read.
	done  int64
	total int64 // 0 if the length of the text is unknown.
}

// countResult makes the result report how much of it was replayed.
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

// Seek moves to another position in the script. The error is [errors.ErrUnsupported] if the script
// is a pipe. After a move to the start, the text counts again. After any other move, text that was
// read before does not count again.
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
