package extract

import (
	"bytes"
	"io"
)

// gathered is text that is gathered until it is worth writing. Values that are
// long are written from where they stand in the script, to save both the time
// and the memory of a copy: what holds them is to be written before the script
// is read on.
type gathered struct {
	buf  []byte
	long []longValue
}

type longValue struct {
	at    int // its place in buf
	value io.WriterTo
}

const (
	worthWriting = 96 << 10  // bytes
	gatheredSize = 352 << 10 // with room for what is made of most blocks
	longLen      = 32 << 10
)

func (g *gathered) isEmpty() bool { return len(g.buf) == 0 }

// isFull reports whether it is time to write.
func (g *gathered) isFull() bool { return len(g.buf) > worthWriting || len(g.long) > 0 }

func (g *gathered) addLong(at int, value io.WriterTo) {
	g.long = append(g.long, longValue{at, value})
}

func (g *gathered) writeTo(w io.Writer) (written int64, err error) {
	write := func(value io.WriterTo) {
		if err == nil {
			var n int64
			n, err = value.WriteTo(w)
			written += n
		}
	}
	at := 0
	for _, l := range g.long {
		write(bytes.NewReader(g.buf[at:l.at]))
		write(l.value)
		at = l.at
	}
	write(bytes.NewReader(g.buf[at:]))
	return written, err
}

// reset empties it, and makes the buffer if there is none yet.
func (g *gathered) reset() {
	clear(g.long) // which the script's buffer may hang on
	g.buf, g.long = g.buf[:0], g.long[:0]
	if n := cap(g.buf); n == 0 || n > 4*gatheredSize { // it has held a long row
		g.buf = make([]byte, 0, gatheredSize)
	}
}
