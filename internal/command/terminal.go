package command

// This file is seedkit's side of the terminal. The rules:
//
//   - Standard output carries data and nothing else: what a verb was asked for, fit for a pipe.
//     Progress, questions, summaries, warnings and errors go to standard error.
//   - Errors are one line each, "seedkit: error: …", in lower case and without a full stop, then
//     "seedkit: hint: …" where there is a way out. Only run prints them.
//   - Colours and progress bars appear only on a terminal, and not with TERM=dumb or --quiet.
//     Colours do not appear with NO_COLOR set to anything (https://no-color.org).
//   - With --quiet only data, questions, warnings and errors appear. The same holds for --json,
//     whose data is one object.
//   - Only a person is asked: if standard input is not a terminal, the verb refuses and names the
//     flag that consents. Only y or yes means yes.
//   - Progress is one line. It appears when a verb has worked for a second and will work for some
//     more. It is erased when it is done, or when something else is written.
//   - Everything is readable at any width. Lines of help are as wide as the terminal, but at most
//     100 columns, or 80 columns where there is no terminal. Tables fit the terminal's width, and
//     are as wide as their cells where there is none.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"
)

// A terminal is seedkit's streams, and what seedkit knows of them.
type terminal struct {
	stdin       io.Reader
	in          *bufio.Reader // reads from stdin
	interactive bool          // a person types what comes from in
	out, err    *stream
	quiet       bool    // set by --quiet and --json
	printing    bool    // data goes to out
	json        *answer // with --json, else nil
	started     time.Time
	flags       []string // of the command line, as --name or --name=value
}

// A stream is standard output or standard error.
type stream struct {
	io.Writer
	terminal bool // can move the cursor back
	colours  bool
	columns  int // the width of running text
	width    int // the terminal's width, or 0 if there is none or it is unknown

	mu      sync.Mutex
	covered bool // a progress is on the line that is written next
}

func newTerminal(stdin io.Reader, stdout, stderr io.Writer) *terminal {
	t := &terminal{stdin: stdin, out: newStream(stdout), err: newStream(stderr)}
	t.in, t.started = bufio.NewReader(stdin), time.Now()
	_, t.interactive = terminalOf(stdin)
	t.out.Writer = dataWriter{stdout}
	return t
}

func newStream(w io.Writer) *stream {
	const columns, maxColumns = 80, 100
	s := &stream{Writer: w, columns: columns}
	fd, ok := terminalOf(w)
	if !ok {
		return s
	}
	if width, _, err := term.GetSize(fd); err == nil && width > 0 {
		s.columns, s.width = min(width, maxColumns), width
	}
	s.terminal = os.Getenv("TERM") != "dumb"
	s.colours = s.terminal && os.Getenv("NO_COLOR") == ""
	return s
}

// terminalOf returns the descriptor of a reader or writer that is a terminal.
func terminalOf(stream any) (fd int, ok bool) {
	f, isFile := stream.(*os.File)
	if !isFile {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// Write writes to the stream, and erases a progress first.
func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uncover()
	return s.Writer.Write(p)
}

// uncover erases the progress. The caller holds mu until it has written, so that nothing is drawn
// before.
func (s *stream) uncover() {
	if s.covered {
		_, _ = io.WriteString(s.Writer, "\r\x1b[K")
		s.covered = false
	}
}

// errStdoutClosed means that the reader of standard output has closed it.
var errStdoutClosed = errors.New("standard output is closed")

// A dataWriter is standard output. It distinguishes its own closed pipe from any other.
type dataWriter struct{ io.Writer }

func (w dataWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	return n, ofStdout(err)
}

// ReadFrom writes everything that r has. On Linux the kernel copies from one file to another.
func (w dataWriter) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(w.Writer, r)
	return n, ofStdout(err)
}

func ofStdout(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return errStdoutClosed
	}
	return err
}

// sayf writes a line of a summary to standard error, unless --quiet. It writes one line, whatever
// args hold.
func (t *terminal) sayf(format string, args ...any) {
	if !t.quiet {
		fmt.Fprintln(t.err, printable(fmt.Sprintf(format, args...)))
	}
}

// warnf writes "seedkit: warning: …" to standard error: what the user must know although the verb
// goes on.
func (t *terminal) warnf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	t.json.warn(text)
	t.line(yellow, "warning", text)
}

// A colour is the parameter of the SGR control sequence that sets it (ECMA-48, 8.3.117).
type colour int

const (
	red    colour = 31
	green  colour = 32
	yellow colour = 33
	cyan   colour = 36
)

// paint colours text if the stream shows colours.
func (t *terminal) paint(s *stream, c colour, text string) string {
	if !s.colours || t.quiet {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[m", c, text)
}
