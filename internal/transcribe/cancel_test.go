package transcribe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// TestCancelled cancels a Transcript that makes much text of a few statements.
func TestCancelled(t *testing.T) {
	c, err := sqlite.Open(t.Context(), sqlite.Temporary, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT)"); err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&script, "INSERT INTO t VALUES(%d,replace('%s','a','%s'));\n", i,
			strings.Repeat("a", 100), strings.Repeat("b", 100))
	}
	ctx, cancel := context.WithCancel(t.Context())
	wrote := 0
	transcript := New(ctx, writerFunc(func(p []byte) (int, error) {
		cancel()
		wrote += len(p)
		return len(p), nil
	}), "", func(string) (bool, error) { return false, nil })
	text := sqltext.NewSplitter(strings.NewReader(script.String()), "test.sql")
	first, err := text.Next()
	if err != nil {
		t.Fatal(err)
	}
	taken, err := transcript.TakeStatement(c, first.Kind(), first)
	if err != nil || !taken {
		t.Fatal(taken, err)
	}
	transcript.Take(text)
	if err := transcript.Finish(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if most := 6 * worthWriting; wrote == 0 || wrote > most {
		t.Errorf("%d bytes are written of 20 MB, want at most %d", wrote, most)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
