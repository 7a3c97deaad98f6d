package dump

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
)

// Statements yields the statements of the script that [Write] writes, each
// with its semicolon, without the line end after it. The warning that comes
// before a script with virtual tables is a comment by itself. An error comes
// last. The database is open until the loop ends; see Write for all else.
func Statements(ctx context.Context, path string, opts Options) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		_, err := write(ctx, yielder(func(statement string) bool { return yield(statement, nil) }), path, opts, scan.DecodeLarge, true)
		if err != nil && !errors.Is(err, errLeft) {
			yield("", err)
		}
	}
}

// yielder is a writer that gets one statement at a time.
type yielder func(statement string) bool

var errLeft = errors.New("the loop was left")

func (y yielder) Write(statement []byte) (int, error) {
	if !y(strings.TrimSuffix(string(statement), "\n")) {
		return 0, errLeft
	}
	return len(statement), nil
}
