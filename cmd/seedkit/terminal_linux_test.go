package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudoTerminal opens a terminal of so many columns, and the end that a person would sit at.
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
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
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

// shown returns what appears on a terminal to which write writes.
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
	const plain = "seedkit: warning: about to fail: plain\nsummary\nseedkit: error: read page 12: short read\n"
	const coloured = "\x1b[33mseedkit: warning:\x1b[m about to fail: plain\nsummary\n\x1b[31mseedkit: error:\x1b[m read page 12: short read\n"
	tests := []struct {
		title         string
		noColor, term string
		args          []string
		want          string
	}{
		{"on a terminal", "", "xterm", []string{"fail", "plain"}, coloured},
		{"NO_COLOR", "1", "xterm", []string{"fail", "plain"}, plain},
		{"a dumb terminal", "", "dumb", []string{"fail", "plain"}, plain},
		{"--quiet", "", "xterm", []string{"fail", "plain", "-q"}, strings.Replace(plain, "summary\n", "", 1)},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			t.Setenv("NO_COLOR", tt.noColor)
			t.Setenv("TERM", tt.term)
			got := shown(t, 80, func(tty *os.File) {
				if code := run(t.Context(), tt.args, strings.NewReader(""), io.Discard, tty); code != exitFailed {
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
				t.Errorf("the widest line has %d columns, want nearly %d:\n%s", widest, tt.widest, got)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	show := func(tty *os.File, quiet bool, total int64) {
		term := newTerminal(strings.NewReader(""), io.Discard, tty)
		term.quiet = quiet
		p := term.progress("copy")
		defer p.close()
		for done := range int64(3) {
			p.update(done, total)
		}
	}
	tests := []struct {
		title string
		term  string
		quiet bool
		total int64
		want  []string
	}{
		{"of a known total", "xterm", false, 3, []string{"copy", "0%", "0/3"}},
		{"of an unknown total", "xterm", false, 0, []string{"copy"}},
		{"--quiet", "xterm", true, 3, nil},
		{"a dumb terminal", "dumb", false, 3, nil},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			t.Setenv("TERM", tt.term)
			got := shown(t, 80, func(tty *os.File) { show(tty, tt.quiet, tt.total) })
			if tt.want == nil && got != "" {
				t.Fatalf("the terminal shows %q, want nothing", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the terminal shows %q, want %q in it", got, want)
				}
			}
			if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\r"), '\r')+1:]; strings.TrimSpace(last) != "" {
				t.Errorf("the bar is not erased: the line is %q", last)
			}
		})
	}
	t.Run("no terminal", func(t *testing.T) {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		show(f, false, 3)
		if info, err := f.Stat(); err != nil || info.Size() != 0 {
			t.Errorf("%v, %v, want nothing written", info, err)
		}
	})
}

// A question that stands when ^C comes ends with the context, though nobody presses return.
func TestConfirmInterrupted(t *testing.T) {
	withTrials(t)
	_, tty := pseudoTerminal(t, 80)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr strings.Builder
	if code := run(ctx, []string{"carry", "seed.sql", "--to", "x.db"}, tty, io.Discard, &stderr); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	want := "1 row to carry\nCarry seed.sql to x.db? [y/N] \nseedkit: error: interrupted\n"
	if got := stderr.String(); got != want {
		t.Errorf("standard error is %q, want %q", got, want)
	}
}

// The same holds for data that is awaited from standard input.
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

// TestDiffOnATerminal holds that lines are numbered for people, and not for
// programs.
func TestDiffOnATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "1")
	got := shown(t, 80, func(file *os.File) {
		if err := newTerminal(nil, file, file).writeDiff("f", "a\nb\nc\n", "a\nB\nc\nd\n"); err != nil {
			t.Error(err)
		}
	})
	want := "--- f\n+++ f\n@@ -1,3 +1,4 @@\n     1  a\n     2 -b\n     2 +B\n     3  c\n     4 +d\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTablesFitTheTerminal holds that a terminal's width bounds a table, and nothing else does.
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
			t.Errorf("on a terminal of %d columns the widest line has %d:\n%s", columns, widest, got)
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
