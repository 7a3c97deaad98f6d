package dump

import (
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
