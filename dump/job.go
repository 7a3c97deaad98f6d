package dump

import (
	"context"

	"github.com/seedkit/seedkit/internal/btree"
)

// A job is a chunk on its way through a pipeline.
type job struct {
	chunk   btree.Chunk
	text    script
	parts   chan part
	written chan struct{} // a part that is not the last
	quit    chan struct{}
}

// part is some of the text of a job.
type part struct {
	text []byte
	last bool
	rows int64 // of the job, in its last part
	err  error // that ended the job
}

// fullJob is how many bytes of text a job gathers before it waits for them to
// be written: more than a chunk makes unless its rows are all INSERT and no
// value, or one is large.
const fullJob = 8 * flushAt

// newJobs returns as many as keep all goroutines busy. After a pipeline has come
// to its end the next one may have them.
func newJobs() []*job {
	jobs := make([]*job, formatters()+4)
	for i := range jobs {
		j := &job{parts: make(chan part, 1), written: make(chan struct{})}
		j.text = script{buf: make([]byte, 0, 4*flushAt), flushAt: fullJob, write: j.giveAway}
		jobs[i] = j
	}
	return jobs
}

// format makes the chunk's text. It returns fields, which it uses, for the
// next.
func (j *job) format(p *pipeline, fields []btree.Value) []btree.Value {
	last := part{last: true}
	for _, row := range j.chunk.Rows {
		if fields, last.err = row.Values(fields[:0], p.layout.fields); last.err != nil {
			break
		}
		j.text.record(p.insert, p.layout.columns, row.ID, fields)
		last.rows++
	}
	last.text = j.text.buf
	j.text.buf = j.text.buf[:0]
	j.give(last)
	return fields
}

// giveAway has text written before the job is done.
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
