package sqltext

import (
	"fmt"
	"unicode/utf8"
)

// NotLiteralError reports that a statement is not an INSERT of literals, at the token that shows
// it. The statement may be valid SQL.
type NotLiteralError struct {
	Position
	Met  string // the token, shortened if long
	Want string
}

func (e *NotLiteralError) Error() string {
	return fmt.Sprintf("%s: met %s where %s is expected", e.Position, e.Met, e.Want)
}

// parser is a cursor over a statement that knows the position of the statement in the script.
type parser struct {
	cursor
	statement Statement
	scratch   []byte // the bytes of values that are not a view into the statement
	depth     int    // the number of function calls around the cursor
	work      int    // the bytes that replace() has read and written for this row
}

// unexpected returns the error that the token under the cursor is not the one that the parser
// wants.
func (p *parser) unexpected(want string) error {
	if p.kind == TokIllegal {
		return p.syntaxError(p.start, "unrecognized token: "+shortened(p.token()))
	}
	e := &NotLiteralError{
		Position: p.statement.PositionAt(p.start),
		Met:      shortened(p.token()),
		Want:     want,
	}
	if p.kind == TokEOF || p.kind == TokSemicolon {
		e.Met = "the end of the statement"
	}
	return e
}

func shortened(token []byte) string {
	const most = 40
	if len(token) <= most {
		return string(token)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(token[cut]) {
		cut--
	}
	return string(token[:cut]) + "…"
}

func (p *parser) syntaxError(offset int, msg string) error {
	return &SyntaxError{Position: p.statement.PositionAt(offset), Msg: msg}
}
