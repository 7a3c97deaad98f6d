package scan

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
	layout *layout
	format Format

	idle    chan *job     // without a chunk
	todo    chan *job     // whose chunk is to be formatted
	ordered chan *job     // the same, in the order of their rows
	quit    chan struct{} // closed when nothing more is wanted
	err     error         // of the walk
}

// newPipeline returns a pipeline through which the jobs go.
func newPipeline(jobs []*job, walk *btree.Walk, l *layout, format Format) *pipeline {
	p := &pipeline{
		walk: walk, layout: l, format: format,
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

// read gives each job a chunk.
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

// take returns an idle one. It reports false when nothing more is wanted.
func take[T any](idle <-chan T, quit <-chan struct{}) (t T, ok bool) {
	select {
	case t = <-idle:
		return t, true
	case <-quit:
		return t, false
	}
}

// settle waits until all are idle, which is as many as there is room for. It
// reports false when nothing more is wanted.
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
