package migration

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Script is one migration's text, cut in the way of its tool.
type Script struct {
	format Format
	text   string
	up     int // The end of the part that migrates. A new block goes before it.
	down   int // The beginning of the part that reverses; 0 if there is none.
	// upEnvsub says that goose substitutes environment variables at the end of the part that
	// migrates.
	upEnvsub bool
	marks    marks
	queries  []Query
	broken   error // Why the tool would not run the script.
	// transaction says that the tool begins a transaction before the first query and commits it
	// after the last.
	transaction bool
	style       style
}

// Query is a text that a tool gives to SQLite in one call. It may hold several statements.
type Query struct {
	Text string
	Line int // The line of the script, counted from 1, on which the text begins.
}

// Parse reads a script. Its error, a [*sqlite.ScriptError], says that the tool's marks are
// misplaced. [Script.Queries] reports everything else that the tool would not run, because only the
// block may still be missing.
func (f Format) Parse(text []byte) (*Script, error) {
	s, err := f.tool().parse(string(text))
	if err != nil {
		return nil, err
	}
	s.format = f
	return s, nil
}

// ParseRest reads a script without seedkit's block. The tool would not run such a script if a
// statement is missing between two marks. [Script.Run] runs the statements that it has.
func (f Format) ParseRest(text []byte) (*Script, error) {
	if f != Drizzle {
		return f.Parse(text)
	}
	s, err := drizzle{rest: true}.parse(string(text))
	if err != nil {
		return nil, err
	}
	s.format = f
	return s, nil
}

// Queries returns the texts that the tool gives to SQLite, in order. An error is a
// [*sqlite.ScriptError].
func (s *Script) Queries() ([]Query, error) { return s.queries, s.broken }

// InTransaction reports whether the tool runs the script in a transaction that the tool begins.
func (s *Script) InTransaction() bool { return s.transaction }

// ErrLeftOpen reports a script that ends within a transaction that it began.
var ErrLeftOpen = errors.New("a transaction is left open")

// Run changes a database as the tool does when it runs the script, but writes no record of the
// migration. An error is a [*sqlite.ScriptError] if it has a line. After an error, no transaction
// is open.
func (s *Script) Run(c *sqlite.Conn) error {
	queries, err := s.Queries()
	if err != nil {
		return err
	}
	if err := s.run(c, queries); err != nil {
		c.Rollback()
		return err
	}
	return nil
}

func (s *Script) run(c *sqlite.Conn, queries []Query) error {
	if s.transaction {
		if err := c.Exec("BEGIN"); err != nil {
			return err
		}
	}
	for _, q := range queries {
		err := c.ExecScript(q.Text)
		var at *sqlite.ScriptError
		if errors.As(err, &at) {
			return &sqlite.ScriptError{Line: at.Line + q.Line - 1, Err: at.Err}
		}
		if err != nil {
			return err
		}
	}
	if s.transaction {
		if err := c.Exec("COMMIT"); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
	}
	if c.InTransaction() {
		return ErrLeftOpen
	}
	return nil
}

func broken(line int, format string, args ...any) error {
	return &sqlite.ScriptError{Line: line, Err: fmt.Errorf(format, args...)}
}

// whole returns a script that the tool gives to SQLite unchanged.
func whole(text string) *Script {
	return &Script{text: text, up: len(text), queries: []Query{{text, 1}}, marks: upMarks}
}

// beforeBlock returns the text before the block, or before the position at which to add one. It
// returns "" if [Script.Splice] refuses the marks.
func (s *Script) beforeBlock() string {
	begin, _, err := s.findBlock()
	if err != nil {
		return ""
	}
	return s.text[:begin]
}

// endStatement makes the block begin with a semicolon if the statement before it has none.
func (s *Script) endStatement() {
	if last := lastStatement(s.beforeBlock()); last != "" && !strings.HasSuffix(last, ";") {
		s.style.before = endOfStatement + s.style.before
	}
}

const endOfStatement = ";\n"

// lastStatement returns the last statement of a text that can be read.
func lastStatement(text string) (last string) {
	for statement, err := range sqltext.Statements(strings.NewReader(text), "") {
		if err == nil && len(statement.Text) > 0 {
			last = string(statement.Text)
		}
	}
	return last
}

// ErrNotUTF8 reports a script that its tool cannot read, or would change.
var ErrNotUTF8 = errors.New("the text is not UTF-8")

// wantUTF8 refuses a script that is not UTF-8. Tools need it that read text and not bytes.
func (s *Script) wantUTF8() *Script {
	if !utf8.ValidString(s.text) {
		s.queries, s.broken = nil, &sqlite.ScriptError{Line: lineOfInvalid(s.text), Err: ErrNotUTF8}
	}
	return s
}

func lineOfInvalid(text string) int {
	line := 1
	for i, r := range text {
		switch r {
		case '\n':
			line++
		case utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				return line
			}
		}
	}
	return line
}
