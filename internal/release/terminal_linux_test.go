package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// An output is what a running command prints.
type output struct{ text *bufio.Reader }

// startUntil starts a command, and returns after the command has printed the line.
func startUntil(t *testing.T, cmd *exec.Cmd, line string) output {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	o := output{bufio.NewReader(out)}
	o.until(t, line)
	return o
}

// until reads up to the end of the text.
func (o output) until(t *testing.T, text string) (read string) {
	t.Helper()
	for !strings.HasSuffix(read, text) {
		b, err := o.text.ReadByte()
		if err != nil {
			t.Fatalf("the command prints %q, and then %v", read, err)
		}
		read += string(b)
	}
	return read
}

// rest reads what the command still prints.
func (o output) rest(t *testing.T) string {
	t.Helper()
	text, _ := io.ReadAll(o.text) // a terminal ends with EIO
	return string(text)
}

// startOnTerminal starts a command in a session of its own on a terminal, and returns the end of
// the person who uses the terminal.
func startOnTerminal(t *testing.T, cmd *exec.Cmd) (*os.File, output) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	return person, output{bufio.NewReader(person)}
}

// prompt runs a command as a shell does that goes on after ^C.
const prompt = `trap : INT; "$@"; echo "prompt after exit code $?"`

// TestNPMInterrupted types ^C on a terminal. The prompt must come after the program has ended, and
// the program must get the signal once. The shim sleeps until the program has got the signal,
// because a second one would else be lost in the first.
func TestNPMInterrupted(t *testing.T) {
	p := projectWith(t, signalled)
	for _, words := range [][]string{{"npx", "seedkit"}, {"node_modules/.bin/seedkit"}} {
		t.Run(words[0], func(t *testing.T) {
			cmd := p.command("sh", append([]string{"-c", prompt, "sh"}, words...)...)
			person, screen := startOnTerminal(t, cmd)
			text := screen.until(t, "ready\r\n") // npx may draw before
			_, parent, _ := strings.Cut(strings.TrimSuffix(text, "\r\nready\r\n"), "parent ")
			shim, err := strconv.Atoi(parent)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if err := syscall.Kill(shim, syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			if _, err := person.WriteString("\x03"); err != nil {
				t.Fatal(err)
			}
			screen.until(t, "^Cgot SIGINT\r\n")
			if err := syscall.Kill(shim, syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			const want = "cleaned up\r\nprompt after exit code 130\r\n"
			if got := screen.rest(t); got != want {
				t.Errorf("the terminal shows %q, want %q", got, want)
			}
		})
	}
}

// TestNPMInterruptedGen types ^C while seedkit writes a database. After the prompt nothing of the
// database may be there.
func TestNPMInterruptedGen(t *testing.T) {
	p := releasedProject(t)
	before := filesOf(t, p.dir)
	cmd := p.command("sh", "-c", prompt, "sh", "npx", "seedkit", "gen", "--rows", "User=200000000")
	person, screen := startOnTerminal(t, cmd)
	for len(filesOf(t, p.dir)) == len(before) {
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := person.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	if got := screen.rest(t); !strings.HasSuffix(got, "\nprompt after exit code 130\r\n") {
		t.Errorf("the terminal shows %q", got)
	}
	left, err := filepath.Glob(filepath.Join(p.dir, "*.db*"))
	if err != nil || len(left) > 0 {
		t.Errorf("gen left %v, %v", left, err)
	}
}
