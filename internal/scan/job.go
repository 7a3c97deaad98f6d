package scan

import (
	"context"

	"github.com/seedkit/seedkit/internal/btree"
)

// A job is a chunk on its way through a pipeline.
type job struct {
	chunk   btree.Chunk
	text    Buffer
	parts   chan part
	written chan struct{} // answers a part that is not the last
	quit    chan struct{}
}

// part is some of the text of a job.
type part struct {
	text []byte
	last bool
	rows int64 // the number of the job's rows, in its last part
	err  error // the error that ended the job
}

// fullJob is the number of bytes of text that a job collects before it waits until they are
// written. The text of a chunk is smaller, unless the text of its rows is nearly all INSERT and
// hardly any values, or a row is large.
const fullJob = 8 * PieceSize

// newJobs returns enough jobs to keep all goroutines busy. After a pipeline has finished, the next
// one can use its jobs.
func newJobs() []*job {
	jobs := make([]*job, formatters()+4)
	for i := range jobs {
		j := &job{parts: make(chan part, 1), written: make(chan struct{})}
		j.text = Buffer{Bytes: make([]byte, 0, 4*PieceSize), full: fullJob, write: j.giveAway}
		jobs[i] = j
	}
	return jobs
}

// run formats the rows of the chunk.
func (j *job) run(rows *rowDecoder, format Format) {
	last := part{last: true}
	for i := range j.chunk.Rows {
		var values []Value
		if values, last.err = rows.decode(&j.chunk.Rows[i]); last.err != nil {
			break
		}
		format(&j.text, values)
		last.rows++
		j.text.Spill()
	}
	last.text = j.text.Bytes
	j.text.Bytes = j.text.Bytes[:0]
	j.give(last)
}

// giveAway hands over text before the job is done, and waits until it is written.
func (j *job) giveAway(text []byte) error {
	if j.give(part{text: text}) {
		select {
		case <-j.written:
			return nil
		case <-j.quit:
		}
	}
	return context.Canceled
}

func (j *job) give(p part) bool {
	select {
	case j.parts <- p:
		return true
	case <-j.quit:
		return false
	}
}
