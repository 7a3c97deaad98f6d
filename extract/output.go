package extract

import (
	"bufio"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/seed"
)

// output takes one statement after another. Without statements it stays empty.
type output interface {
	// Statement writes a statement, which includes its line end.
	Statement(text []byte) error
	// Streams reports whether statements may be written as a stream of text that is cut anywhere,
	// because no statement needs anything around it.
	Streams() bool
	io.Writer
	// Close writes the text after the statements.
	Close() error
}

// script writes statements unchanged. It writes a transaction around them only if foreign keys must
// be deferred.
type script struct {
	*bufio.Writer
	deferred bool
	sample   bool
	begun    bool
}

// newOutput returns the output for a result that is not spliced into a migration: a script, or the
// text of a block for the tool that the options name. inTransaction says that the tool runs the
// block in a transaction.
func (r *run) newOutput(w io.Writer) (out output, inTransaction bool, err error) {
	if r.format == "" {
		return newScript(w, r.cyclic, r.seed.Sample), false, nil
	}
	return r.format.NewBlock(w, migration.BlockOptions{DeferForeignKeys: r.cyclic, Comment: r.comment()})
}

func newScript(w io.Writer, deferred, sample bool) *script {
	return &script{Writer: bufio.NewWriterSize(w, 64<<10), deferred: deferred, sample: sample}
}

func (s *script) Statement(text []byte) error {
	_, err := s.Write(text)
	return err
}

func (s *script) Streams() bool { return true }

func (s *script) Write(text []byte) (int, error) {
	s.begin()
	if len(text) > s.Available() {
		// After the flush, a long text goes straight to the writer.
		if err := s.Flush(); err != nil {
			return 0, err
		}
	}
	return s.Writer.Write(text)
}

func (s *script) begin() {
	if s.begun {
		return
	}
	s.begun = true
	if s.sample {
		fmt.Fprintln(s.Writer, seed.SampleComment)
	}
	if s.deferred {
		fmt.Fprint(s.Writer, "BEGIN;\nPRAGMA defer_foreign_keys=ON;\n")
	}
}

// Close ends the script. It does not close the writer.
func (s *script) Close() error {
	if s.begun && s.deferred {
		fmt.Fprintln(s.Writer, "COMMIT;")
	}
	return s.Flush()
}
