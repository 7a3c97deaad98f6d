// Package sqltext reads and writes SQL text as SQLite understands it: where
// statements end, what an INSERT of literals holds, how a name or a value is
// quoted. It never runs SQL.
//
// [Statements] splits a script. [Statement.Kind] tells what a statement is.
// [Insert] reads the rows of an INSERT:
//
//	var insert sqltext.Insert
//	for statement, err := range sqltext.Statements(r, "seed.sql") {
//		if err != nil {
//			return err
//		}
//		if statement.Kind() != sqltext.KindInsert {
//			continue
//		}
//		if err := insert.Parse(statement); err != nil {
//			return err
//		}
//		for row, err := range insert.Rows() {
//			…
//		}
//	}
//
// Where one INSERT is like the one before, as in a dump, [Insert.ReadAhead]
// reads its rows in half the time, from text that a [Splitter] has yet to
// split.
//
// The other way, [Ident], [AppendText], [AppendReal] and their like write
// names and literals.
package sqltext

import (
	"bytes"
	"fmt"
	"io"
	"iter"
)

// Position is a place in a script. Line and Column count from 1; a column is
// a byte, a byte order mark being three.
type Position struct {
	File   string
	Line   int
	Column int
}

// String returns file:line:column, in the form that editors follow.
func (p Position) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// After is the position behind text that starts at p.
func (p Position) After(text []byte) Position {
	lines := bytes.Count(text, newline)
	if lines == 0 {
		p.Column += len(text)
		return p
	}
	p.Line += lines
	p.Column = len(text) - bytes.LastIndexByte(text, '\n')
	return p
}

var newline = []byte("\n")

// SyntaxError is text that SQLite cannot read as SQL, and where it is.
type SyntaxError struct {
	Position
	Msg string
}

func (e *SyntaxError) Error() string { return e.Position.String() + ": " + e.Msg }

// Statement is one statement of a script. Its bytes are a view into the
// reader's buffer, good until the loop over [Statements] goes on.
type Statement struct {
	// Position is that of Text.
	Position

	// Lead is what stands before the statement: white space, comments and
	// semicolons that end nothing.
	Lead []byte

	// Text is the statement from its first token through its semicolon, or
	// through the end of the script where that is missing. It is empty at
	// most once, at the end, for the Lead that no statement follows.
	Text []byte
}

// PositionAt is the position of the byte Text[offset].
func (s Statement) PositionAt(offset int) Position {
	return s.Position.After(s.Text[:offset])
}

// Statements splits the script that r reads into its statements, as SQLite's
// parser would: at each semicolon outside strings, names, comments and the
// bodies of triggers. Where SQLite accepts the script, statements end where
// sqlite3_prepare_v2 reports their tails. The concatenation of every Lead and
// Text is the script.
//
// The name is that of the file, for positions. Memory is a buffer of constant
// size, or up to twice the longest statement if that is more. Where r is an
// [io.Seeker] it is read twice, and is in memory once.
//
// An error is the last thing yielded: a [*SyntaxError] for a string, a name
// or a trigger without an end, for a NUL byte (where SQLite would stop
// reading without a word) and for a command of the sqlite3 shell such as
// .read, else the reader's own. The sequence reads r and so can be used once.
func Statements(r io.Reader, name string) iter.Seq2[Statement, error] {
	return statements(r, name, bufferSize)
}

func statements(r io.Reader, name string, size int) iter.Seq2[Statement, error] {
	return func(yield func(Statement, error) bool) {
		s := newSplitter(r, name, size)
		for {
			statement, err := s.Next()
			switch {
			case err == io.EOF:
				return
			case err != nil:
				yield(Statement{}, err)
				return
			case !yield(statement, nil):
				return
			}
		}
	}
}
