package seed

import (
	"errors"
	"strings"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// errAddsToNoRow reports a statement that adds a part to a value of a row that the script has not
// inserted.
var errAddsToNoRow = errors.New("adds to a row that the script does not insert before")

// isAddition reports whether a statement adds a part to a value of one row. Scripts have such
// statements where a row is too long for one INSERT:
//
//	UPDATE t SET c = c || 'part' WHERE key = 1 AND …;
//	UPDATE t SET c = CAST(c || x'00' AS BLOB) WHERE key = 'a' COLLATE BINARY AND …;
func isAddition(statement []byte) bool {
	m := formMatch{statement: statement}
	if !m.takes("UPDATE") || !m.takesName() || !m.takes("SET") {
		return false
	}
	column, _ := cutToken(m.statement)
	if !m.takesName() || !m.takes("=") {
		return false
	}
	cast := m.takes("CAST")
	if cast && !m.takes("(") {
		return false
	}
	if !m.takes(string(column)) || !m.takes("||") || !m.takesLiteral() ||
		cast && !(m.takes("AS") && m.takes("BLOB") && m.takes(")")) || !m.takes("WHERE") {
		return false
	}
	for {
		if !m.takesName() || !m.takes("=") || !m.takesLiteral() ||
			m.takes("COLLATE") && !m.takesName() {
			return false
		}
		if !m.takes("AND") {
			break
		}
	}
	m.takes(";")
	rest, _ := cutToken(m.statement)
	return len(rest) == 0
}

// takes moves past the next token if that is the given word or operator. It reports whether it did.
func (m *formMatch) takes(word string) bool {
	token, rest := cutToken(m.statement)
	if !strings.EqualFold(string(token), word) {
		return false
	}
	m.statement = rest
	return true
}

func (m *formMatch) takesName() bool {
	token, rest := cutToken(m.statement)
	kind, _ := sqltext.NextToken(token)
	if kind != sqltext.TokWord && kind != sqltext.TokQuotedName {
		return false
	}
	m.statement = rest
	return true
}

func (m *formMatch) takesLiteral() bool {
	_, n, err := m.literals.Read(m.statement)
	if err != nil {
		return false
	}
	m.statement = m.statement[n:]
	return true
}

// addPart runs a statement that [isAddition] recognizes.
func (p *player) addPart(s sqltext.Statement) error {
	p.loader.Close()
	if err := p.c.Exec(string(s.Text)); err != nil {
		return err
	}
	if p.c.Changes() == 0 {
		return errAddsToNoRow
	}
	return nil
}
