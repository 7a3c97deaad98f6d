package dump

import (
	"context"
	"io"
)

// The ways to read rows, which give the same bytes.
var (
	WriteDecoding  = with(decodeAll)
	WriteSelecting = with(selectAll)
)

func with(how method) writer {
	return func(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error) {
		return write(ctx, w, path, opts, how)
	}
}

type writer = func(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error)
