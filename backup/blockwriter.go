package backup

import (
	"crypto/sha256"
	"hash"
	"os"
)

const (
	blockSize = 256 << 10 // bytes
	blocks    = 6         // in memory at a time
)

// blockWriter writes pages to a file in blocks. One goroutine hashes a block while another writes
// the block before it, and the caller reads the pages of the next.
type blockWriter struct {
	file   *os.File
	sums   *pageSums
	sha256 hash.Hash

	block  []byte      // collects pages
	idle   chan []byte // empty blocks
	full   chan []byte // blocks to hash
	hashed chan []byte // blocks to write
	failed chan error  // the first error of a write
	done   chan struct{}
}

func newBlockWriter(f *os.File, sums *pageSums) *blockWriter {
	w := &blockWriter{
		file: f, sums: sums, sha256: sha256.New(),
		idle: make(chan []byte, blocks), full: make(chan []byte, blocks),
		hashed: make(chan []byte, blocks),
		failed: make(chan error, 1), done: make(chan struct{}),
	}
	for range blocks {
		w.idle <- make([]byte, 0, blockSize)
	}
	w.block = <-w.idle
	go w.hash()
	go w.write()
	return w
}

// add copies a page. It returns the error of an earlier write.
func (w *blockWriter) add(page []byte) error {
	if len(w.block)+len(page) > cap(w.block) {
		w.full <- w.block
		select {
		case w.block = <-w.idle:
		case err := <-w.failed:
			w.failed <- err
			w.block = nil
			return err
		}
	}
	w.block = append(w.block, page...)
	return nil
}

// finish waits until all pages are hashed and written. It must be called once.
func (w *blockWriter) finish() error {
	if len(w.block) > 0 {
		w.full <- w.block
	}
	close(w.full)
	<-w.done
	select {
	case err := <-w.failed:
		return err
	default:
		return nil
	}
}

func (w *blockWriter) hash() {
	defer close(w.hashed)
	for block := range w.full {
		w.sha256.Write(block)
		w.sums.add(block)
		w.hashed <- block
	}
}

// write writes the blocks up to the first error.
func (w *blockWriter) write() {
	defer close(w.done)
	var err error
	for block := range w.hashed {
		if err == nil {
			if _, err = w.file.Write(block); err != nil {
				w.failed <- err
			}
		}
		w.idle <- block[:0]
	}
}
