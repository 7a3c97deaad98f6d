package dump

import (
	"context"
	"io"

	"github.com/seedkit/seedkit/internal/scan"
)

// The ways to read rows. Both yield the same bytes.
var (
	WriteDecoding  = with(scan.Decode)
	WriteSelecting = with(scan.Step)
)

func with(how scan.Method) writer {
	return func(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error) {
		return write(ctx, w, path, opts, how)
	}
}

type writer = func(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error)
