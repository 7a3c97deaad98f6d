package scan

import (
	"runtime"
	"sync"

	"github.com/seedkit/seedkit/internal/btree"
)

// A pipeline formats the rows of one table. One goroutine walks through the b-tree, several format
// the chunks of rows, and the caller's goroutine writes their text in the order of the walk.
type pipeline struct {
	walk   *btree.Walk
	layout *layout
	format Format

	idle    chan *job     // jobs without a chunk
	todo    chan *job     // jobs whose chunk must be formatted
	ordered chan *job     // the same jobs, in the order of their rows
	quit    chan struct{} // closed when no more rows are wanted
	err     error         // the error of the walk
}

// newPipeline returns a pipeline that uses the jobs.
func newPipeline(jobs []*job, walk *btree.Walk, l *layout, format Format) *pipeline {
	p := &pipeline{
		walk: walk, layout: l, format: format,
		idle:    make(chan *job, len(jobs)),
		todo:    make(chan *job, len(jobs)),
		ordered: make(chan *job, len(jobs)),
		quit:    make(chan struct{}),
	}
	for _, j := range jobs {
		j.quit = p.quit
		p.idle <- j
	}
	return p
}

// formatters is the number of goroutines that format. One writing goroutine cannot keep up with
// more than a few.
func formatters() int { return min(runtime.GOMAXPROCS(0), 4) }

// run formats the table's rows. write receives their text and the number of rows that end with it.
func (p *pipeline) run(write func(text []byte, rows int64) error) error {
	var group sync.WaitGroup
	group.Go(p.read)
	for range formatters() {
		group.Go(p.formatJobs)
	}
	err := p.collect(write)
	close(p.quit)
	group.Wait()
	if err == nil {
		err = p.err
	}
	return err
}

// read gives every job a chunk.
func (p *pipeline) read() {
	defer close(p.ordered)
	defer close(p.todo)
	for {
		j, ok := take(p.idle, p.quit)
		if !ok {
			return
		}
		more, err := p.walk.Next(&j.chunk)
		if err != nil || !more {
			p.err = err
			return
		}
		p.todo <- j
		p.ordered <- j
		if j.chunk.IsLarge() && !settle(p.idle, p.quit) {
			return
		}
	}
}

// take returns an idle element. It returns false when no more are wanted.
func take[T any](idle <-chan T, quit <-chan struct{}) (t T, ok bool) {
	select {
	case t = <-idle:
		return t, true
	case <-quit:
		return t, false
	}
}

// settle waits until all elements are idle, which means that the channel is full. It returns false
// when no more are wanted.
func settle[T any](idle chan T, quit <-chan struct{}) bool {
	all := make([]T, cap(idle))
	for i := range all {
		var ok bool
		if all[i], ok = take(idle, quit); !ok {
			return false
		}
	}
	for _, t := range all {
		idle <- t
	}
	return true
}

func (p *pipeline) formatJobs() {
	rows := newRowDecoder(p.layout)
	for j := range p.todo {
		j.run(rows, p.format)
		rows.forget()
	}
}

// collect writes the text of the jobs, in order.
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
