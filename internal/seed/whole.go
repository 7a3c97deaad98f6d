package seed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ErrNotWhole reports an incomplete script: it ends too early, or the program that wrote it has
// left a sign that it failed.
var ErrNotWhole = errors.New("the script is not whole")

func notWhole(at sqltext.Position, format string, args ...any) error {
	why := fmt.Sprintf(format, args...)
	return &StatementError{Position: at, Err: fmt.Errorf("%w: %s", ErrNotWhole, why)}
}

// transactions follows the transactions of a script by the rules of
// https://sqlite.org/lang_transaction.html and lang_savepoint.html. SQLite keeps nothing of a
// transaction that is open at the end of the script.
type transactions struct {
	open []opened // From the outermost to the innermost.
}

// opened is a transaction or a savepoint.
type opened struct {
	sqltext.Position
	savepoint string // "" for BEGIN
}

// follow takes the next statement of the script. It refuses a statement that shows that other
// statements of its transaction, or of the one before, are missing.
func (t *transactions) follow(kind sqltext.Kind, s sqltext.Statement) error {
	_, name := s.Name()
	switch kind {
	case sqltext.KindBegin:
		if len(t.open) > 0 {
			return notWhole(s.Position,
				"the transaction that begins on line %d does not end before this BEGIN",
				t.open[0].Line)
		}
		t.open = append(t.open, opened{Position: s.Position})
	case sqltext.KindCommit:
		if len(t.open) == 0 {
			return notWhole(s.Position, "nothing begins the transaction that ends here")
		}
		t.open = nil
	case sqltext.KindSavepoint:
		t.open = append(t.open, opened{Position: s.Position, savepoint: name})
	case sqltext.KindRelease:
		t.release(name)
	case sqltext.KindRollback:
		if name == "" {
			return notWhole(s.Position, "ROLLBACK takes back what the script inserts; "+
				"sqlite3 writes it where a dump has failed")
		}
	}
	return nil
}

// release ends a savepoint and all savepoints within it. It ignores an unknown savepoint, for which
// SQLite reports an error.
func (t *transactions) release(name string) {
	for i := len(t.open) - 1; i >= 0; i-- {
		if o := t.open[i]; o.savepoint != "" && strings.EqualFold(o.savepoint, name) {
			t.open = t.open[:i]
			return
		}
	}
}

// finish refuses a script that ends within a transaction.
func (t *transactions) finish() error {
	if len(t.open) == 0 {
		return nil
	}
	what := "the transaction that begins here is not committed"
	if name := t.open[0].savepoint; name != "" {
		what = fmt.Sprintf("savepoint %s is not released", name)
	}
	return notWhole(t.open[0].Position, "%s", what)
}

// The comments before and after the rows of a script that seedkit writes.
const (
	BeginComment = "-- seedkit: begin of rows"
	EndComment   = "-- seedkit: end of rows"
)

// marks follows the comments around the rows that seedkit has written. A script may have several
// such parts, and other statements between them.
type marks struct {
	begun *sqltext.Position // where the part begins that has not ended yet; nil outside
}

// follow takes the next comment of the script. at returns the comment's position.
func (m *marks) follow(comment []byte, at func() sqltext.Position) error {
	switch string(bytes.TrimRight(comment, "\r\n")) {
	case BeginComment:
		if err := m.finish(); err != nil {
			return err
		}
		begun := at()
		m.begun = &begun
	case EndComment:
		if m.begun == nil {
			return notWhole(at(), "the line %q before the rows is missing", BeginComment)
		}
		m.begun = nil
	}
	return nil
}

// finish refuses a script that ends within such a part.
func (m *marks) finish() error {
	if m.begun == nil {
		return nil
	}
	return notWhole(*m.begun, "the line %q after the rows is missing", EndComment)
}

// failureMarks are the beginnings of the comments that the sqlite3 shell writes into a dump when it
// cannot read on.
var failureMarks = []string{"/****** CORRUPTION ERROR", "/****** ERROR: ", "/**** ERROR: "}

// checkLead refuses a script in which the comments before the statement at pos say that the dump
// failed, or that rows are missing.
func (m *marks) checkLead(lead []byte, pos sqltext.Position) error {
	for i := 0; i < len(lead); {
		kind, n := sqltext.NextToken(lead[i:])
		if kind == sqltext.TokComment {
			err := m.checkComment(lead[i:i+n], func() sqltext.Position {
				at := pos
				at.Line -= bytes.Count(lead[i:], []byte("\n"))
				at.Column = i - bytes.LastIndexByte(lead[:i], '\n')
				return at
			})
			if err != nil {
				return err
			}
		}
		i += n
	}
	return nil
}

func (m *marks) checkComment(comment []byte, at func() sqltext.Position) error {
	for _, mark := range failureMarks {
		if bytes.HasPrefix(comment, []byte(mark)) {
			return notWhole(at(), "sqlite3 has failed here: %s", excerpt(comment))
		}
	}
	return m.follow(comment, at)
}

// whyUnfinished explains why a statement failed with err if the reason is the end of the script:
// the script ends inside the statement, or before its transaction does. Otherwise it returns err.
func (p *player) whyUnfinished(s sqltext.Statement, err error) error {
	if bytes.HasSuffix(s.Text, []byte(";")) {
		return err
	}
	if open := p.transactions.finish(); open != nil {
		return open
	}
	compiled, refused := p.c.PrepareOne(string(s.Text))
	if refused == nil {
		compiled.Close()
	}
	said, ok := errors.AsType[*sqlite.Error](refused)
	if ok && said.Msg == "incomplete input" {
		return notWhole(s.Position, "it ends inside this statement")
	}
	return err
}
