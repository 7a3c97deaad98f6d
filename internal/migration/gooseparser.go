package migration

import "strings"

// gooseLine is the length from which on goose cannot read a line, its end
// included.
const gooseLine = 4 << 20

// gooseParser cuts a script as goose's does (internal/sqlparser/parser.go,
// v3.27), with its quirks: line ends become \n, comments before a statement
// are dropped, and what follows an empty StatementBegin is, too.
type gooseParser struct {
	section gooseSection
	inside  bool // between StatementBegin and StatementEnd
	ended   bool // StatementEnd was read and no line after it
	envsub  bool

	buf   strings.Builder // the statement that is being read
	begun int             // the line on which it begins

	up          int // where the part that migrates ends
	down        int // where the part that takes it back begins, 0 for none
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
			return broken(number, "a line of %d bytes, and goose reads none of more than %d", len(line), gooseLine)
		}
		section := p.section
		if err := p.line(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), number); err != nil {
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

// read adds a line to the statement, and ends it if the line does.
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

// checkFinished notes a statement without its semicolon, of which goose makes
// an error that would be in the way of a block.
func (p *gooseParser) checkFinished() {
	if strings.TrimSpace(p.buf.String()) != "" && p.broken == nil {
		p.broken = broken(p.begun, "a statement that does not end in a semicolon at the end of a line: goose would not run it")
	}
}

// mark reads a line that is addressed to goose. It reports whether goose is
// done with it: to the end of a statement, it is a line like any other.
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
		return broken(number, "goose wants one %q, and then one %q", "-- +goose Up", "-- +goose Down")
	}
	p.section = to
	return nil
}

// endsStatement reports whether the last word of a line, or of what is before
// a word that begins with --, ends with a semicolon.
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
