package sqltext_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Whatever is lifted and given back, and wherever, a script has the same
// statements in the same places.
func TestLiftAndRestore(t *testing.T) {
	const script = "BEGIN;\nINSERT INTO t VALUES(1);\nINSERT INTO t VALUES('\nINSERT');\nINSERT INTO t VALUES(3);\n\n-- c\nINSERT INTO t VALUES(4);INSERT\nINTO t VALUES(5)\n;COMMIT"
	for _, text := range []string{script, script + "\x00;", script + ";'"} {
		want := statementsOf(sqltext.NewSplitter(strings.NewReader(text), "a.sql"), func() {})
		for size := 1; size < len(text)+20; size++ {
			for _, lifts := range []int{1, 2, 5} {
				s := sqltext.NewSplitterBuffered(strings.NewReader(text), "a.sql", size)
				got := statementsOf(s, func() {
					var lifted [][]byte
					for range lifts {
						if text := s.Lift(make([]byte, size), []byte("INSERT")); len(text) > 0 {
							lifted = append(lifted, text)
						}
					}
					s.Restore(lifted...)
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("with a buffer of %d bytes, and %d lifts (-want +got):\n%s", size, lifts, diff)
				}
			}
		}
	}
}

// statementsOf returns the statements, and the error that ends them. It calls
// before before each.
func statementsOf(s *sqltext.Splitter, before func()) (all []string) {
	for {
		before()
		statement, err := s.Next()
		if err != nil {
			return append(all, err.Error())
		}
		all = append(all, fmt.Sprintf("%s %q %q", statement.Position, statement.Lead, statement.Text))
	}
}

func TestLift(t *testing.T) {
	const line = "INSERT INTO t VALUES(1);\n"
	script := strings.Repeat(line, 10)
	s := sqltext.NewSplitterBuffered(strings.NewReader(script), "a.sql", 4*len(line)+7)
	var texts []string
	for {
		text := s.Lift(make([]byte, 4*len(line)+7), []byte("INSERT"))
		if len(text) == 0 {
			break
		}
		s.Pass(text)
		texts = append(texts, string(text))
	}
	if diff := cmp.Diff([]string{script[:4*len(line)], script[:4*len(line)], script[:2*len(line)]}, texts); diff != "" {
		t.Error(diff)
	}
	if got := s.Position(); got.Line != 11 || got.Column != 1 {
		t.Errorf("behind it all: %s", got)
	}
	if _, err := s.Next(); err != io.EOF {
		t.Errorf("got %v", err)
	}
}

func TestLiftPassesSome(t *testing.T) {
	const first, rest = "INSERT INTO t VALUES(1);\n", "INSERT INTO t VALUES(2);\nINSERT INTO t VALUES(3);"
	s := sqltext.NewSplitter(strings.NewReader(first+rest), "a.sql")
	text := s.Lift(make([]byte, sqltext.LiftSize), []byte("INSERT"))
	s.Pass(text[:len(first)])
	s.Restore(text[len(first):])
	if got := s.Lift(make([]byte, sqltext.LiftSize), []byte("INSERT")); got != nil {
		t.Errorf("lifted %q before what was restored is read", got)
	}
	statement, err := s.Next()
	if err != nil || statement.Line != 2 || !bytes.HasSuffix(statement.Text, []byte("(2);")) {
		t.Errorf("got %s %q, %v", statement.Position, statement.Text, err)
	}
}

// countReads is a reader that counts.
type countReads struct {
	io.ReadSeeker
	n int
}

func (c *countReads) Read(p []byte) (int, error) {
	c.n++
	return c.ReadSeeker.Read(p)
}

// TestSkipReadsSeldom skips a statement at a time: what is left of the window is
// not to be moved for each.
func TestSkipReadsSeldom(t *testing.T) {
	const pair, size = "-- two\nSELECT 1;SELECT 2;\n", 1000
	r := &countReads{ReadSeeker: strings.NewReader(strings.Repeat(pair, 1000))}
	s := sqltext.NewSplitterBuffered(r, "a.sql", size)
	for {
		if _, err := s.Next(); err == io.EOF {
			break
		}
		if len(s.Ahead()) > len("SELECT 2;") {
			s.Skip(len("SELECT 2;"))
		}
	}
	if most := 4 * len(pair) * 1000 / size; r.n > most {
		t.Errorf("%d reads, want %d at most", r.n, most)
	}
}

// TestMeasureEndsWithTheText does not read what is behind a NUL.
func TestMeasureEndsWithTheText(t *testing.T) {
	const size = 16
	r := &countReads{ReadSeeker: strings.NewReader("SELECT '" + strings.Repeat("a", 1000) + strings.Repeat("\x00", 1e6))}
	s := sqltext.NewSplitterBuffered(r, "a.sql", size)
	if _, err := s.Next(); err == nil || err.Error() != "a.sql:1:1009: NUL byte: SQLite would read no further" {
		t.Errorf("got %v", err)
	}
	if most := 2 * 1000 / size; r.n > most {
		t.Errorf("%d reads, want %d at most", r.n, most)
	}
}
