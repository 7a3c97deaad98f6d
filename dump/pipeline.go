package dump

import (
	"context"
	"runtime"
	"sync"

	"github.com/seedkit/seedkit/internal/btree"
)

// A pipeline formats the rows of one table: one goroutine walks through the
// b-tree, several format the chunks of rows that it finds, and the caller's
// writes their text in the order of the walk.
type pipeline struct {
	walk   *btree.Walk
	layout layout
	insert []byte // up to the first value

	jobs    int
	idle    chan *job     // without a chunk
	todo    chan *job     // whose chunk is to be formatted
	ordered chan *job     // the same, in the order of their rows
	quit    chan struct{} // closed when nothing more is wanted
	err     error         // of the walk
}

// newPipeline returns a pipeline through which the jobs go.
func newPipeline(jobs []*job, walk *btree.Walk, l layout, insert []byte) *pipeline {
	p := &pipeline{
		walk: walk, layout: l, insert: insert,
		jobs: len(jobs),
		idle: make(chan *job, len(jobs)), todo: make(chan *job, len(jobs)), ordered: make(chan *job, len(jobs)),
		quit: make(chan struct{}),
	}
	for _, j := range jobs {
		j.quit = p.quit
		p.idle <- j
	}
	return p
}

// formatters is how many goroutines format. The one that writes has no use for
// more than a few.
func formatters() int { return min(runtime.GOMAXPROCS(0), 4) }

// run writes the table's rows: their text, and how many end with it.
func (p *pipeline) run(write func(text []byte, rows int64) error) error {
	var group sync.WaitGroup
	group.Go(p.read)
	for range formatters() {
		group.Go(p.format)
	}
	err := p.collect(write)
	close(p.quit)
	group.Wait()
	if err == nil {
		err = p.err
	}
	return err
}

// read gives each job a chunk.
func (p *pipeline) read() {
	defer close(p.ordered)
	defer close(p.todo)
	for {
		j := p.take()
		if j == nil {
			return
		}
		more, err := p.walk.Next(&j.chunk)
		if err != nil || !more {
			p.err = err
			return
		}
		p.todo <- j
		p.ordered <- j
		if j.chunk.IsLarge() && !p.settle() {
			return
		}
	}
}

// take returns an idle job; nil when nothing more is wanted.
func (p *pipeline) take() *job {
	select {
	case j := <-p.idle:
		return j
	case <-p.quit:
		return nil
	}
}

// settle waits until all jobs are idle. It reports false when nothing more is
// wanted.
func (p *pipeline) settle() bool {
	jobs := make([]*job, p.jobs)
	for i := range jobs {
		if jobs[i] = p.take(); jobs[i] == nil {
			return false
		}
	}
	for _, j := range jobs {
		p.idle <- j
	}
	return true
}

func (p *pipeline) format() {
	var fields []btree.Value
	for j := range p.todo {
		fields = j.format(p, fields)
		clear(fields[:cap(fields)]) // of what may be the memory of a large record
	}
}

// collect writes the text of the jobs.
func (p *pipeline) collect(write func(text []byte, rows int64) error) error {
	for j := range p.ordered {
		for last := false; !last; {
			part := <-j.parts
			if err := write(part.text, part.rows); err != nil {
				return err
			}
			if part.err != nil {
				return part.err
			}
			if last = part.last; !last {
				j.written <- struct{}{}
			}
		}
		p.idle <- j
	}
	return nil
}

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
