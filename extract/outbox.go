package extract

import (
	"io"
)

// outbox writes from a goroutine of its own, so that text is made while what
// was made before is written. Nothing is written, and the writer not opened,
// before a buffer is full.
type outbox struct {
	buf    []byte // what is appended to
	before int64  // bytes that were in earlier buffers
	open   func() (io.Writer, error)
	full   chan []byte // nil before anything is written
	free   chan freed
}

// freed is a buffer that was written, or was not.
type freed struct {
	buf []byte
	err error
}

const (
	outboxFull    = 96 << 10  // bytes that are worth writing
	outboxBuffer  = 256 << 10 // with room for a long row, and no memory as long as that is not used
	outboxBuffers = 4         // with fewer, one side would wait for the other now and then
)

func newOutbox(open func() (io.Writer, error)) *outbox {
	return &outbox{buf: make([]byte, 0, outboxBuffer), open: open}
}

// offset is how many bytes have been appended.
func (o *outbox) offset() int64 { return o.before + int64(len(o.buf)) }

// isFull reports whether it is time to call send.
func (o *outbox) isFull() bool { return len(o.buf) > outboxFull }

// send has the buffer written. It returns the error of an earlier one.
func (o *outbox) send() error {
	if o.full == nil {
		if err := o.start(); err != nil {
			return err
		}
	}
	o.before += int64(len(o.buf))
	o.full <- o.buf
	next := <-o.free
	o.buf = next.buf[:0]
	if cap(o.buf) > 2*outboxBuffer {
		o.buf = make([]byte, 0, outboxBuffer) // it has held a long row
	}
	return next.err
}

func (o *outbox) start() error {
	w, err := o.open()
	if err != nil {
		return err
	}
	o.full, o.free = make(chan []byte, outboxBuffers), make(chan freed, outboxBuffers)
	for range outboxBuffers - 1 {
		o.free <- freed{buf: make([]byte, 0, outboxBuffer)}
	}
	go writeAll(w, o.full, o.free)
	return nil
}

// writeAll writes full buffers until there are no more, and frees them.
func writeAll(w io.Writer, full <-chan []byte, free chan<- freed) {
	defer close(free)
	var err error
	for buf := range full {
		if err == nil {
			_, err = w.Write(buf)
		}
		free <- freed{buf, err}
	}
}

// close waits until everything but the last buffer is written.
func (o *outbox) close() error {
	if o.full == nil {
		return nil
	}
	close(o.full)
	o.full = nil
	var err error
	for freed := range o.free {
		err = freed.err
	}
	return err
}
