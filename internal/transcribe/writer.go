package transcribe

import "io"

// worthWriting is how many bytes are gathered before they are written.
const worthWriting = 96 << 10

func newBuffer() []byte { return make([]byte, 0, worthWriting+worthWriting/2) }

// writer writes on a goroutine of its own: the system takes as long to copy the
// text as the script takes to read.
type writer struct {
	full, free chan []byte
	err        error // of the first write that failed; valid after free is closed
}

func newWriter(w io.Writer) *writer {
	o := &writer{full: make(chan []byte, 1), free: make(chan []byte, 2)}
	o.free <- newBuffer()
	go func() {
		defer close(o.free)
		for text := range o.full {
			if o.err == nil {
				_, o.err = w.Write(text)
			}
			if cap(text) > 8*worthWriting { // it has held a long row
				text = newBuffer()
			}
			o.free <- text[:0]
		}
	}()
	return o
}

// write writes text before long, and returns an empty buffer to go on with.
func (o *writer) write(text []byte) []byte {
	o.full <- text
	return <-o.free
}

// close ends the writing. It returns the error of the first write that failed.
func (o *writer) close() error {
	close(o.full)
	for range o.free { // until all is written
	}
	return o.err
}
