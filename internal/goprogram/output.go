package goprogram

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// goOutput takes what the go command writes to standard error.
type goOutput struct {
	dir      string
	say      func(string)
	rest     []byte // the start of a line
	problems []string
}

func (o *goOutput) Write(p []byte) (int, error) {
	o.rest = append(o.rest, p...)
	for {
		line, rest, whole := bytes.Cut(o.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		o.line(string(line))
		o.rest = rest
	}
}

func (o *goOutput) end() {
	if len(o.rest) > 0 {
		o.line(string(o.rest))
	}
}

// inFile matches the beginning of a line that is about a place in a file.
var inFile = regexp.MustCompile(`^((?:[A-Za-z]:)?[^:]*(?:\.go|go\.mod|go\.sum|go\.work)):\d`)

// line reads a line. A line that begins with a space continues the line before it. The line "#
// example.com/app" only says which package the next lines are about.
func (o *goOutput) line(line string) {
	text := strings.TrimSpace(line)
	continues := strings.TrimLeft(line, " \t") != line && len(o.problems) > 0
	if m := inFile.FindStringSubmatch(text); m != nil && !filepath.IsAbs(m[1]) {
		text = filepath.Join(o.dir, m[1]) + text[len(m[1]):]
	}
	if command, ok := strings.CutPrefix(text, "go "); ok && continues && o.dir != "." {
		text = "go -C " + shellWord(o.dir) + " " + command // what the go command says to type
	}
	switch {
	case text == "", strings.HasPrefix(text, "# "):
	case strings.HasPrefix(text, "go: downloading "):
		o.say(text)
	case continues:
		o.problems[len(o.problems)-1] += " " + text
	default:
		o.problems = append(o.problems, text)
	}
}

// shellWord returns a path as a word of a command line.
func shellWord(path string) string {
	if strings.ContainsAny(path, " '\"$&();<>|*?") {
		return strconv.Quote(path)
	}
	return path
}
