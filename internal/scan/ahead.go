package scan

import "github.com/seedkit/seedkit/internal/btree"

// ahead is a walk that a goroutine of its own goes on with while the rows that
// it has found are looked at.
type ahead struct {
	idle  chan *btree.Chunk
	ready chan *btree.Chunk
	quit  chan struct{} // closed when nothing more is wanted
	err   error         // of the walk, once ready is closed

	chunk *btree.Chunk // whose last rows are left, nil at the start and the end
	left  []btree.Row
}

// chunksAhead is how many chunks there are.
const chunksAhead = 3

func readAhead(walk *btree.Walk) *ahead {
	a := &ahead{idle: make(chan *btree.Chunk, chunksAhead), ready: make(chan *btree.Chunk, chunksAhead), quit: make(chan struct{})}
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

// next returns the next row, which is good until the next call; nil at the
// end.
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

// failed returns the error that ended the walk, if it has come to its end.
func (a *ahead) failed() error {
	if a.chunk != nil {
		return nil
	}
	return a.err
}

// stop waits until the walk is left alone.
func (a *ahead) stop() {
	close(a.quit)
	for range a.ready {
	}
}
