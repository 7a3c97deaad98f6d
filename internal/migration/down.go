package migration

import (
	"errors"
	"regexp"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// The lines around seedkit's statements in the part of a migration that reverses it.
const (
	DownBegin = "-- seedkit:begin down"
	DownEnd   = "-- seedkit:end down"
)

// Down returns the part of a script that reverses the migration, as a new script whose block is
// between [DownBegin] and [DownEnd]. It returns nil if the script has no such part, or if the tool
// keeps that part in another file; see [Format.DownPath].
func (s *Script) Down() (part *Script, err error) {
	if s.down == 0 {
		return nil, nil
	}
	before, text := s.text[:s.down], s.text[s.down:]
	switch s.format {
	case Goose:
		part, err = goose{}.parsePart(text, s)
	case Dbmate:
		part = dbmate{}.parsePart(text, before[strings.LastIndex(before[:len(before)-1], "\n")+1:])
	}
	if err != nil {
		return nil, err
	}
	part.format, part.marks = s.format, downMarks
	return part, nil
}

// WithDown returns the script with its reversing part replaced.
func (s *Script) WithDown(part []byte) []byte { return append([]byte(s.text[:s.down]), part...) }

// upScript matches the path of a script that migrates, whose tool keeps the script that reverses it
// in another file; see golangMigrateName, sqlxUp and dieselUp.
var upScript = map[Format]*regexp.Regexp{
	GolangMigrate: regexp.MustCompile(`^(.*\.)up(\.[^/\\]*)$`),
	Sqlx:          regexp.MustCompile(`^(.*\.)up(\.sql)$`),
	Diesel:        regexp.MustCompile(`^((?:.*[/\\])?)up(\.sql)$`),
}

// DownPath returns the path of the file that reverses the migration at path, or "" if the format's
// tool has no such files.
func (f Format) DownPath(path string) string {
	if up := upScript[f]; up != nil && up.MatchString(path) {
		return up.ReplaceAllString(path, "${1}down$2")
	}
	return ""
}

// ParseDown reads the script at a [Format.DownPath]. The result is like a part that [Script.Down]
// returns.
func (f Format) ParseDown(text []byte) (*Script, error) {
	s, err := f.Parse(text)
	if err != nil {
		return nil, err
	}
	s.marks = downMarks
	s.style.before = strings.TrimPrefix(s.style.before, endOfStatement)
	s.endStatement()
	return s, nil
}

// HasBlock reports whether the script has the marks of seedkit's block.
func (s *Script) HasBlock() bool {
	begin, end, err := findBlock([]byte(s.text), s.marks)
	return err == nil && begin < end
}

// Alone returns a script that runs only the given block, as the tool would run it within s.
func (s *Script) Alone(block []byte) (alone *Script, err error) {
	if s.format == Goose {
		alone, err = goose{}.parsePart(string(block), s)
	} else {
		alone = whole(string(block))
		alone.transaction = s.transaction
	}
	if err != nil {
		return nil, err
	}
	alone.format = s.format
	return alone, nil
}

// parsePart reads the Down part of a script.
func (goose) parsePart(text string, of *Script) (*Script, error) {
	p := gooseParser{section: gooseUp, transaction: of.transaction, envsub: of.upEnvsub,
		upEnvsub: of.upEnvsub}
	if err := p.parse(text); err != nil {
		return nil, shifted(err, of)
	}
	return p.script(text), nil
}

// parsePart reads the migrate:down part of a script. mark is the line before that part.
func (dbmate) parsePart(text, mark string) *Script {
	s := whole(text)
	if s.transaction = !dbmateOption(mark, "transaction", "false"); !s.transaction {
		s.style = inTransaction
	}
	s.endStatement()
	return s
}

// shifted changes the line of an error in a script's Down part to the line in the whole script.
func shifted(err error, of *Script) error {
	if at, ok := errors.AsType[*sqlite.ScriptError](err); ok {
		lines := strings.Count(of.text[:of.down], "\n")
		return &sqlite.ScriptError{Line: at.Line + lines, Err: at.Err}
	}
	return err
}
