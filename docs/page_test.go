package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/testmodule"
)

// A page is a Markdown file and the commands that it shows.
type page struct {
	path  string
	lines []string // with their ends
	steps []*step
}

// A step is a command in a console block, and its output.
type step struct {
	command  string
	from, to int // the page's lines that the command should print
	got      string
	code     string // exit code
}

// readPage finds the steps. A command begins with "$ ", and goes on in lines that begin with "> ".
// A block of Go that is a whole file is a step that writes the file.
func readPage(t *testing.T, path string) *page {
	t.Helper()
	p := &page{path: path, lines: strings.SplitAfter(readText(t, path), "\n")}
	var last *step
	inBlock := false
	for i, line := range p.lines {
		command, isCommand := strings.CutPrefix(line, "$ ")
		more, isMore := strings.CutPrefix(line, "> ")
		switch {
		case strings.HasPrefix(line, "```"):
			inBlock = strings.TrimSpace(line) == "```console"
			last = nil
			if file := wholeFile.FindStringSubmatch(strings.Join(p.lines[i:], "")); file != nil {
				p.steps = append(p.steps, writing(file[1], file[2], i))
			}
		case !inBlock:
		case isCommand:
			last = &step{command: command, from: i + 1, to: i + 1}
			p.steps = append(p.steps, last)
		case last == nil:
			t.Fatalf("%s:%d: the block begins without a command", path, i+1)
		case isMore && last.from == last.to:
			last.command += more
			last.from, last.to = i+1, i+1
		default:
			last.to = i + 1
		}
	}
	return p
}

// wholeFile matches a block of Go that is a whole file, whose path is in the first line.
var wholeFile = regexp.MustCompile("(?ms)\\A```go\n// (\\S+\\.go)\n(package .*?)^```$")

// writing returns the step that writes a file. The step prints nothing.
func writing(path, text string, line int) *step {
	command := fmt.Sprintf("mkdir -p %s; cat >%s <<'END OF FILE'\n%sEND OF FILE\n",
		filepath.Dir(path), path, text)
	return &step{command: command, from: line, to: line}
}

// run runs the steps in one shell, which prints a mark and the exit code after each.
func (p *page) run(t *testing.T, dir, bin string) {
	t.Helper()
	const mark = "=== end of the step, exit code "
	script := "exec 2>&1\n"
	for _, s := range p.steps {
		script += fmt.Sprintf("%scode=$?; printf '\\n%s%%d\\n' $code; (exit $code)\n",
			s.command, mark)
	}
	shell := exec.Command("sh", "-c", script)
	shell.Dir = dir
	path := bin + string(os.PathListSeparator) + os.Getenv("PATH")
	settings, err := testmodule.Environment()
	if err != nil {
		t.Fatal(err)
	}
	shell.Env = append(shell.Environ(), "PATH="+path, "LC_ALL=C")
	shell.Env = slices.DeleteFunc(shell.Env, func(v string) bool {
		return strings.HasPrefix(v, "SEEDKIT_")
	})
	shell.Env = append(shell.Env, settings...)
	out, _ := shell.Output() // the shell ends with the last step's exit code
	rest := string(out)
	for _, s := range p.steps {
		var ended bool
		if s.got, rest, ended = strings.Cut(rest, "\n"+mark); !ended {
			t.Fatalf("%s: the shell gave up at $ %s%s", p.path, s.command, s.got)
		}
		s.code, rest, _ = strings.Cut(rest, "\n")
		if s.got != "" && !strings.HasSuffix(s.got, "\n") {
			s.got += "\n"
		}
	}
}

// check compares the output of the steps with the page.
func (p *page) check(t *testing.T) {
	t.Helper()
	for i, s := range p.steps {
		if !p.says(s) {
			want, got := p.lines[s.from:s.to], slices.Collect(strings.Lines(s.got))
			t.Errorf("%s:%d: $ %s(-want +got):\n%s", p.path, s.from, s.command, cmp.Diff(want, got))
		}
		isShown := i+1 < len(p.steps) && p.steps[i+1].command == "echo $?\n"
		if s.code != "0" && !isShown {
			t.Errorf("%s:%d: $ %sended with exit code %s, which the page does not show",
				p.path, s.from, s.command, s.code)
		}
	}
}

// says reports whether the page shows the output of the step.
func (p *page) says(s *step) bool {
	var pattern strings.Builder
	for _, line := range p.lines[s.from:s.to] {
		if line == "…\n" {
			pattern.WriteString(`(?:.*\n)*`)
			continue
		}
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*"))
	}
	return regexp.MustCompile(`\A` + pattern.String() + `\z`).MatchString(s.got)
}

// update writes the output of the steps into the page, where the page shows another output.
func (p *page) update(t *testing.T) {
	t.Helper()
	for _, s := range slices.Backward(p.steps) {
		if !p.says(s) {
			p.lines = slices.Replace(p.lines, s.from, s.to, s.got)
		}
	}
	if err := os.WriteFile(p.path, []byte(strings.Join(p.lines, "")), 0o666); err != nil {
		t.Fatal(err)
	}
}
