package seed_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/seed"
)

// TestLongInsertFromPipe has an INSERT that does not fit into the reader's buffer, from a source
// that can be read only once.
func TestLongInsertFromPipe(t *testing.T) {
	var rows strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&rows, ",\n(%d, '%0*d')", i+1, 100, i)
	}
	script := "CREATE TABLE t(a, b); INSERT INTO t VALUES(0, '')" + rows.String() +
		"; INSERT INTO t VALUES(-1, 'last');"
	pipe := struct{ io.Reader }{strings.NewReader(script)}
	s, err := seed.Open(t.Context(), seed.Source{Path: "pipe", Script: pipe})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const sum = "SELECT count(*) + total(a) + total(length(b)) FROM t"
	if got, err := s.Conn.Int64(sum); err != nil || got != 20002+20000*20001/2-1+20000*100+4 {
		t.Errorf("got %d, %v", got, err)
	}
}
