package disaster

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// changing are the system calls that change files or flush them.
var changing = []string{
	"pwrite64", "write", "fsync", "fdatasync", "ftruncate", "fallocate", "linkat", "rename",
	"renameat", "renameat2", "unlink", "unlinkat",
}

// A call is a line of strace's record.
type call struct {
	thread, name string
	// args is the text between the parentheses, in which file descriptors have paths.
	args, returned string
	injected       bool // whether strace has changed what the call does
}

// strace runs the scene's verb under strace, and returns the calls of the names.
func (s *scene) strace(
	t *testing.T, strace, names string, flags ...string,
) (result, []call) {
	t.Helper()
	record := filepath.Join(t.TempDir(), "record")
	args := []string{"-f", "-qq", "-y", "-o", record, "-e", "trace=" + names}
	args = append(append(args, flags...), "seedkit")
	how := s.end(t, exec.CommandContext(t.Context(), strace, append(args, s.args...)...))
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	return how, calls(string(text))
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)\) += (.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>(.*)$`)
)

// calls parses strace's record. A call during which other threads made calls has two lines.
func calls(record string) (list []call) {
	begun := map[string]string{} // by thread
	for line := range strings.Lines(record) {
		line = strings.TrimRight(line, "\n")
		thread, _, _ := strings.Cut(line, " ")
		if first, ok := strings.CutSuffix(line, " <unfinished ...>"); ok {
			begun[thread] = first
			continue
		}
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			line = begun[thread] + m[2]
			delete(begun, thread)
		}
		// strace writes a question mark for what a killed thread would have got.
		if m := callLine.FindStringSubmatch(line); m != nil {
			list = append(list, call{thread: m[1], name: m[2], args: m[3], returned: m[4],
				injected: strings.Contains(m[4], "INJECTED")})
		}
	}
	return list
}

// points returns, of each call that the verb makes, the counts at which to inject something: each
// count that a thread reaches, or a few of them, or three times as many of a call that is not a
// write.
func points(t *testing.T, made []call, few int) map[string][]int {
	t.Helper()
	type key struct{ name, thread string }
	counts, most := map[key]int{}, map[string]int{}
	for _, c := range made {
		k := key{c.name, c.thread}
		counts[k]++
		most[c.name] = max(most[c.name], counts[k])
	}
	at := map[string][]int{}
	for name, n := range most {
		points := few
		if !strings.Contains(name, "write") {
			points *= 3
		}
		if points > n || isEveryCall() {
			points = n
		}
		for i := range points {
			at[name] = append(at[name], 1+(2*i+1)*n/(2*points))
		}
	}
	return at
}

// injection returns the flags by which strace does something at a thread's count-th call of a name.
func injection(name, what string, count int) []string {
	flags := []string{"-e", "inject=" + name + ":" + what + ":when=" + strconv.Itoa(count)}
	if strings.HasPrefix(what, "signal=") {
		return flags
	}
	return append(flags, "--seccomp-bpf") // is faster, but strace 6.1 then sends no signal
}
