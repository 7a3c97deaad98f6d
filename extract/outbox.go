package extract

import "io"

// outbox is a writer that is opened when there is something to write.
type outbox struct {
	w       io.Writer // nil before that
	open    func() (io.Writer, error)
	written int64 // bytes
}

func (o *outbox) write(g *gathered) (err error) {
	if o.w == nil {
		if o.w, err = o.open(); err != nil {
			return err
		}
	}
	n, err := g.writeTo(o.w)
	o.written += n
	return err
}

// gathered is text that is gathered until it is worth writing. Values that are
// long are written from where they stand in the script, to save both the time
// and the memory of a copy: what holds them is to be written before the script
// is read on.
type gathered struct {
	buf  []byte
	long []longValue
}

type longValue struct {
	at   int // its place in buf
	text []byte
}

const (
	worthWriting = 96 << 10  // bytes
	gatheredSize = 352 << 10 // with room for what is made of a block, and no memory as long as that is not used
	longLen      = 32 << 10
)

func (g *gathered) isEmpty() bool { return len(g.buf) == 0 }

// isFull reports whether it is time to write.
func (g *gathered) isFull() bool { return len(g.buf) > worthWriting || len(g.long) > 0 }

func (g *gathered) writeTo(w io.Writer) (int64, error) {
	var written int64
	at := 0
	write := func(text []byte) error {
		n, err := w.Write(text)
		written += int64(n)
		return err
	}
	for _, l := range g.long {
		if err := write(g.buf[at:l.at]); err != nil {
			return written, err
		}
		if err := write(l.text); err != nil {
			return written, err
		}
		at = l.at
	}
	return written, write(g.buf[at:])
}

func (g *gathered) reset() {
	g.buf, g.long = g.buf[:0], g.long[:0]
	if n := cap(g.buf); n == 0 || n > 4*gatheredSize { // it has held a long row
		g.buf = make([]byte, 0, gatheredSize)
	}
}
