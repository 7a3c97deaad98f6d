package migration

import "strings"

// gooseLine is the length from which on goose cannot read a line. It includes the line end.
const gooseLine = 4 << 20

// gooseParser cuts a script as goose's parser does (internal/sqlparser/parser.go, v3.27), with the
// same quirks: line ends become \n, and goose drops comments before a statement and the line after
// an empty StatementBegin block.
type gooseParser struct {
	section gooseSection
	inside  bool // Between StatementBegin and StatementEnd.
	ended   bool // StatementEnd was read, and no line of a statement after it.
	envsub  bool

	buf   strings.Builder // The statement that is being read.
	begun int             // The line on which that statement begins.

	up          int // The end of the part that migrates.
	down        int // The beginning of the part that reverses; 0 if there is none.
	upEnvsub    bool
	transaction bool
	queries     []Query
	broken      error
}

type gooseSection int

const (
	gooseStart gooseSection = iota
	gooseUp
	gooseDown
)

func (p *gooseParser) parse(text string) error {
	p.up = len(text)
	number, at := 1, 0
	for line := range strings.Lines(text) {
		if len(line) > gooseLine {
			return broken(number, "a line of %d bytes, and goose reads none of more than %d",
				len(line), gooseLine)
		}
		section := p.section
		content := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if err := p.line(content, number); err != nil {
			return err
		}
		if section == gooseUp && p.section == gooseDown {
			p.up, p.down = at, at+len(line)
		}
		if p.section == gooseUp {
			p.upEnvsub = p.envsub
		}
		at += len(line)
		number++
	}
	switch {
	case p.section == gooseStart:
		return broken(1, "goose wants a line %q", "-- +goose Up")
	case p.inside:
		return broken(number-1, "goose wants a line %q", "-- +goose StatementEnd")
	}
	p.checkFinished()
	return nil
}

func (p *gooseParser) line(line string, number int) error {
	trimmed := strings.TrimSpace(line)
	comment := strings.HasPrefix(trimmed, "--")
	if p.section == gooseStart && trimmed == "" {
		return nil
	}
	if comment && strings.Contains(line, "+goose") {
		if done, err := p.mark(line, number); done || err != nil {
			return err
		}
	}
	if p.buf.Len() == 0 && (comment || line == "") {
		return nil
	}
	if p.section == gooseStart {
		return broken(number, "goose allows no statement before %q", "-- +goose Up")
	}
	p.read(line, number)
	return nil
}

// read adds a line to the statement, and ends the statement if the line does.
func (p *gooseParser) read(line string, number int) {
	if p.section == gooseDown {
		p.ended = false
		return
	}
	if p.buf.Len() == 0 {
		p.begun = number
	}
	if !p.ended {
		if p.envsub && strings.Contains(line, "$") && p.broken == nil {
			p.broken = broken(number, "goose would put environment variables in here (ENVSUB ON)")
		}
		p.buf.WriteString(line + "\n")
	}
	if p.ended || !p.inside && endsStatement(line) {
		p.queries = append(p.queries, Query{p.buf.String(), p.begun})
		p.buf.Reset()
		p.ended = false
	}
}

// checkFinished notes a statement without its semicolon. goose would refuse such a statement, and a
// block could not follow it.
func (p *gooseParser) checkFinished() {
	if strings.TrimSpace(p.buf.String()) != "" && p.broken == nil {
		p.broken = broken(p.begun,
			"a statement that does not end in a semicolon at the end of a line: "+
				"goose would not run it")
	}
}

// mark reads a line that is a command to goose. It reports whether goose does nothing more with the
// line: a StatementEnd also counts as a line of the script.
func (p *gooseParser) mark(line string, number int) (done bool, err error) {
	if line[0] == ' ' || line[0] == '\t' {
		return true, broken(number, "goose wants its marks at the beginning of a line")
	}
	name := strings.Replace(strings.ReplaceAll(line, "--", ""), "+goose", "", 1)
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "UP":
		return true, p.enter(gooseStart, gooseUp, number)
	case "DOWN":
		p.checkFinished()
		p.buf.Reset()
		return true, p.enter(gooseUp, gooseDown, number)
	case "STATEMENTBEGIN":
		if p.section == gooseStart || p.inside {
			return true, broken(number, "goose does not expect a statement to begin here")
		}
		p.inside, p.ended = true, false
	case "STATEMENTEND":
		if !p.inside {
			return true, broken(number, "goose does not expect a statement to end here")
		}
		p.inside, p.ended = false, true
		return false, nil
	case "NO TRANSACTION":
		p.transaction = false
	case "ENVSUB ON":
		p.envsub = true
	case "ENVSUB OFF":
		p.envsub = false
	default:
		return true, broken(number, "goose knows no mark %q", strings.TrimSpace(name))
	}
	return true, nil
}

func (p *gooseParser) enter(from, to gooseSection, number int) error {
	if p.section != from || p.inside {
		return broken(number, "goose wants one %q, and then one %q", "-- +goose Up",
			"-- +goose Down")
	}
	p.section = to
	return nil
}

// endsStatement reports whether the last word of a line ends with a semicolon. A word that begins
// with -- and all words after it do not count.
func endsStatement(line string) bool {
	last := ""
	for word := range strings.FieldsSeq(line) {
		if strings.HasPrefix(word, "--") {
			break
		}
		last = word
	}
	return strings.HasSuffix(last, ";")
}
