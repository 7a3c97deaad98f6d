package extract

import (
	"context"
	"errors"
	"io"

	"github.com/seedkit/seedkit/internal/transcribe"
)

// Transcribe is [Write] without a replay of the script. It reports whether that was possible.
func Transcribe(
	ctx context.Context, w io.Writer, script io.ReadSeeker, opts Options,
) (Report, bool, error) {
	report, err := writeTranscript(ctx, w, "test.sql", script, opts)
	if errors.Is(err, transcribe.ErrCannot) {
		return Report{}, false, nil
	}
	return report, err == nil, err
}
