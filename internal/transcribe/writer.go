package transcribe

import "io"

// worthWriting is the number of bytes that are collected before a write.
const worthWriting = 320 << 10

func newBuffer() []byte { return make([]byte, 0, worthWriting+worthWriting/2) }

// writer writes in a goroutine, because the system takes as long to copy the text as transcribe
// takes to read the script.
type writer struct {
	full, free chan []byte
	// err is the error of the first write that failed. It is valid after free is closed.
	err error
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
			if cap(text) > 8*worthWriting { // the buffer has held a long row
				text = newBuffer()
			}
			o.free <- text[:0]
		}
	}()
	return o
}

// write passes text to the goroutine that writes it. It returns an empty buffer for the next text.
func (o *writer) write(text []byte) []byte {
	o.full <- text
	return <-o.free
}

// close waits until everything is written. It returns the error of the first write that failed.
func (o *writer) close() error {
	close(o.full)
	for range o.free { // free is closed after the last write
	}
	return o.err
}
