package scan

import "github.com/seedkit/seedkit/internal/btree"

// ahead continues a walk on its own goroutine while the caller examines the rows found so far.
type ahead struct {
	idle  chan *btree.Chunk
	ready chan *btree.Chunk
	quit  chan struct{} // closed when no more rows are wanted
	err   error         // the error of the walk, valid after ready is closed

	chunk *btree.Chunk // the chunk that left belongs to; nil at the start and the end
	left  []btree.Row
}

// chunksAhead is the number of chunks that an ahead uses.
const chunksAhead = 3

func readAhead(walk *btree.Walk) *ahead {
	a := &ahead{
		idle: make(chan *btree.Chunk, chunksAhead), ready: make(chan *btree.Chunk, chunksAhead),
		quit: make(chan struct{}),
	}
	for range chunksAhead {
		a.idle <- new(btree.Chunk)
	}
	go a.read(walk)
	return a
}

func (a *ahead) read(walk *btree.Walk) {
	defer close(a.ready)
	for {
		chunk, ok := take(a.idle, a.quit)
		if !ok {
			return
		}
		more, err := walk.Next(chunk)
		if err != nil || !more {
			a.err = err
			return
		}
		a.ready <- chunk
		if chunk.IsLarge() && !settle(a.idle, a.quit) {
			return
		}
	}
}

// next returns the next row, which is valid until the next call, or nil at the end.
func (a *ahead) next() *btree.Row {
	for len(a.left) == 0 {
		if a.chunk != nil {
			a.idle <- a.chunk
		}
		if a.chunk = <-a.ready; a.chunk == nil {
			return nil
		}
		a.left = a.chunk.Rows
	}
	row := &a.left[0]
	a.left = a.left[1:]
	return row
}

// failed returns the error of the walk, if the walk has ended.
func (a *ahead) failed() error {
	if a.chunk != nil {
		return nil
	}
	return a.err
}

// stop ends the walk and waits until the goroutine no longer uses it.
func (a *ahead) stop() {
	close(a.quit)
	for range a.ready {
	}
}
