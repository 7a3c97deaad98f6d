package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// pseudoTerminal opens a terminal of that many columns, and the end of the person who uses it.
func pseudoTerminal(t *testing.T, columns uint16) (person, tty *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	size := &unix.Winsize{Row: 24, Col: columns}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, size); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return person, tty
}

// shown returns what appears on a terminal that write writes to.
func shown(t *testing.T, columns uint16, write func(tty *os.File)) string {
	t.Helper()
	person, tty := pseudoTerminal(t, columns)
	seen := make(chan string)
	go func() {
		text, _ := io.ReadAll(person) // ends with EIO when the terminal is closed
		seen <- string(text)
	}()
	write(tty)
	tty.Close()
	return strings.ReplaceAll(<-seen, "\r\n", "\n")
}

// withTrials adds the trial verbs for one test.
func withTrials(t *testing.T) {
	t.Helper()
	old := constructors
	t.Cleanup(func() { constructors = old })
	constructors = append(trials, constructors...)
}

func TestColours(t *testing.T) {
	withTrials(t)
	const plain = "seedkit: warning: about to fail: plain\nsummary\n" +
		"seedkit: error: read page 12: short read\n"
	const coloured = "\x1b[33mseedkit: warning:\x1b[m about to fail: plain\nsummary\n" +
		"\x1b[31mseedkit: error:\x1b[m read page 12: short read\n"
	tests := []struct {
		title         string
		noColor, term string
		args          []string
		want          string
	}{
		{"on a terminal", "", "xterm", []string{"fail", "plain"}, coloured},
		{"NO_COLOR", "1", "xterm", []string{"fail", "plain"}, plain},
		{"a dumb terminal", "", "dumb", []string{"fail", "plain"}, plain},
		{"--quiet", "", "xterm", []string{"fail", "plain", "-q"},
			strings.Replace(plain, "summary\n", "", 1)},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			t.Setenv("NO_COLOR", tt.noColor)
			t.Setenv("TERM", tt.term)
			got := shown(t, 80, func(tty *os.File) {
				code := run(t.Context(), tt.args, strings.NewReader(""), io.Discard, tty)
				if code != exitFailed {
					t.Errorf("exit code %d, want %d", code, exitFailed)
				}
			})
			if got != tt.want {
				t.Errorf("the terminal shows %q, want %q", got, tt.want)
			}
		})
	}
}

func TestHelpIsBrokenToTheTerminal(t *testing.T) {
	withTrials(t)
	t.Setenv("TERM", "xterm")
	tests := []struct {
		columns uint16
		widest  int
	}{{60, 60}, {90, 90}, {300, 100}}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.columns), func(t *testing.T) {
			got := shown(t, tt.columns, func(tty *os.File) {
				run(t.Context(), []string{"help", "trial"}, strings.NewReader(""), tty, io.Discard)
			})
			widest := 0
			for line := range strings.Lines(got) {
				if !strings.HasPrefix(line, "  seedkit ") {
					widest = max(widest, len([]rune(line))-1)
				}
			}
			if widest > tt.widest || widest < tt.widest-20 {
				t.Errorf("the widest line has %d columns, want nearly %d:\n%s",
					widest, tt.widest, got)
			}
		})
	}
}

// showProgress shows a progress that is at 10 after half a second, and that lasts two seconds.
func showProgress(t *testing.T, tty *os.File, total int64, set func(*terminal)) {
	synctest.Test(t, func(*testing.T) {
		term := newTerminal(strings.NewReader(""), tty, tty)
		set(term)
		p := &stageBars{term: term}
		p.show("copying", rowsDone, 1, total)
		time.Sleep(500 * time.Millisecond)
		p.show("copying", rowsDone, 10, total)
		time.Sleep(1550 * time.Millisecond)
		p.close()
		time.Sleep(time.Second) // lets the goroutine that draws end
	})
}

func TestProgressOnATerminal(t *testing.T) {
	tests := []struct {
		title string
		term  string
		total int64
		set   func(*terminal)
		want  []string // at first, and at last
	}{
		{"of a known total", "xterm", 100, func(*terminal) {}, []string{
			"copying rows  10% |█         | (10/100) [1s:9s]",
			"copying rows  10% |█         | (10/100) [2s:18s]",
		}},
		{"of an unknown total", "xterm", 0, func(*terminal) {},
			[]string{"- copying rows (10) [1s]", "| copying rows (10) [2s]"}},
		{"nearly done", "xterm", 11, func(*terminal) {}, nil},
		{"--quiet", "xterm", 100, func(t *terminal) { t.quiet = true }, nil},
		{"a dumb terminal", "dumb", 100, func(*terminal) {}, nil},
		{"data on the terminal", "xterm", 100, func(t *terminal) { t.printing = true }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			t.Setenv("TERM", tt.term)
			text := shown(t, 80, func(tty *os.File) { showProgress(t, tty, tt.total, tt.set) })
			got := lines(text)
			if len(got) > 1 {
				got = []string{got[0], got[len(got)-1]}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the terminal shows (-want +got):\n%s", diff)
			}
			if text != "" && !strings.HasSuffix(text, "\r\x1b[K") {
				t.Errorf("the line is not erased: %q", text)
			}
		})
	}
	t.Run("no terminal", func(t *testing.T) {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		showProgress(t, f, 100, func(*terminal) {})
		if info, err := f.Stat(); err != nil || info.Size() != 0 {
			t.Errorf("%v, %v, want nothing written", info, err)
		}
	})
}

// TestProgressAmongLines checks that written text has its line to itself, and that the terminal
// cuts off a progress that is longer than a line.
func TestProgressAmongLines(t *testing.T) {
	t.Setenv("TERM", "xterm")
	got := shown(t, 10, func(tty *os.File) {
		synctest.Test(t, func(*testing.T) {
			term := newTerminal(nil, tty, tty)
			p := &stageBars{term: term}
			p.show("copying", rowsDone, 5, 0)
			time.Sleep(1050 * time.Millisecond)
			term.sayf("made it")
			time.Sleep(100 * time.Millisecond)
			p.close()
			p.close()
			term.sayf("done")
			time.Sleep(time.Second) // lets the goroutine that draws end
		})
	})
	want := "\r\x1b[?7l- copying rows (5) [1s]\x1b[K\x1b[?7h" + "\r\x1b[Kmade it\n" +
		"\r\x1b[?7l\\ copying rows (5) [1s]\x1b[K\x1b[?7h" + "\r\x1b[K" + "done\n"
	if got != want {
		t.Errorf("the terminal shows %q, want %q", got, want)
	}
}

// TestConfirmInterrupted checks that ^C ends an open question, though nobody presses return.
func TestConfirmInterrupted(t *testing.T) {
	withTrials(t)
	_, tty := pseudoTerminal(t, 80)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr strings.Builder
	args := []string{"carry", "seed.sql", "--to", "x.db"}
	if code := run(ctx, args, tty, io.Discard, &stderr); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	want := "1 row to carry\nCarry seed.sql to x.db? [y/N] \nseedkit: error: interrupted\n"
	if got := stderr.String(); got != want {
		t.Errorf("standard error is %q, want %q", got, want)
	}
}

// TestOpenStdinInterrupted checks that ^C ends the wait for data from standard input.
func TestOpenStdinInterrupted(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	in, err := newTerminal(r, io.Discard, io.Discard).open(ctx, "-")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(in); err != context.Canceled {
		t.Errorf("read: %v, want %v", err, context.Canceled)
	}
}

// TestDiffOnATerminal checks that lines have numbers for people, and none for programs.
func TestDiffOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "1")
	got := shown(t, 80, func(file *os.File) {
		term := newTerminal(nil, file, file)
		diff := term.diffText("f", "a\nb\nc\n", "a\nB\nc\nd\n")
		if _, err := io.WriteString(term.out, diff); err != nil {
			t.Error(err)
		}
	})
	want := "--- f\n+++ f\n@@ -1,3 +1,4 @@\n     1  a\n     2 -b\n     2 +B\n     3  c\n     4 +d\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTablesFitTheTerminal checks that a terminal's width bounds a table, and that nothing else
// does.
func TestTablesFitTheTerminal(t *testing.T) {
	header := []string{"TABLE", "ROWS"}
	rows := [][]string{{strings.Repeat("a_long_name_", 20), "6"}}
	whole := strings.Repeat("a_long_name_", 20) + "     6\n"
	for _, columns := range []uint16{40, 80, 200} {
		got := shown(t, columns, func(tty *os.File) {
			if err := writeTable(newTerminal(nil, tty, tty).err, header, rows); err != nil {
				t.Error(err)
			}
		})
		widest := 0
		for line := range strings.Lines(got) {
			widest = max(widest, len(line)-1)
		}
		if widest != int(columns) {
			t.Errorf("on a terminal of %d columns the widest line has %d:\n%s",
				columns, widest, got)
		}
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "table"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeTable(newTerminal(nil, f, f).err, header, rows); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(f.Name()); err != nil || !strings.HasSuffix(string(text), whole) {
		t.Errorf("a file has %q, %v, want it uncut", text, err)
	}
}
