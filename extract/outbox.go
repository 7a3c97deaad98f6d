package extract

import "io"

// outbox gathers text, and writes it when it is worth writing. The writer is not
// opened before that.
type outbox struct {
	buf    []byte // what is appended to
	before int64  // bytes that were written
	open   func() (io.Writer, error)
	w      io.Writer // nil before anything is written
}

const (
	outboxFull   = 96 << 10  // bytes that are worth writing
	outboxBuffer = 256 << 10 // with room for a long row, and no memory as long as that is not used
)

func newOutbox(open func() (io.Writer, error)) *outbox {
	return &outbox{buf: make([]byte, 0, outboxBuffer), open: open}
}

// offset is how many bytes have been appended.
func (o *outbox) offset() int64 { return o.before + int64(len(o.buf)) }

// isFull reports whether it is time to call send.
func (o *outbox) isFull() bool { return len(o.buf) > outboxFull }

// send writes what was appended.
func (o *outbox) send() error {
	if len(o.buf) == 0 {
		return nil
	}
	if err := o.write(o.buf); err != nil {
		return err
	}
	o.buf = o.buf[:0]
	if cap(o.buf) > 2*outboxBuffer {
		o.buf = make([]byte, 0, outboxBuffer) // it has held a long row
	}
	return nil
}

// write writes text that stands behind all that was appended, which is none.
func (o *outbox) write(text []byte) (err error) {
	if o.w == nil {
		if o.w, err = o.open(); err != nil {
			return err
		}
	}
	n, err := o.w.Write(text)
	o.before += int64(n)
	return err
}
