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
