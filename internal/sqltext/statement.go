// Package sqltext reads and writes SQL text as SQLite understands it: where statements end, what an
// INSERT of literals contains, how to quote a name or a value. It never runs SQL.
//
// [Statements] splits a script. [Statement.Kind] tells what a statement does. [Insert] reads the
// rows of an INSERT:
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
// If successive INSERTs begin alike, as in a dump, [Insert.ReadAhead] reads their rows in half the
// time, from the text ahead of a [Splitter].
//
// [Ident], [AppendText], [AppendReal] and similar functions write names and literals.
package sqltext

import (
	"bytes"
	"fmt"
	"io"
	"iter"
)

// Position is a place in a script. Line and Column count from 1. A column is a byte, so a byte
// order mark takes three columns.
type Position struct {
	File   string
	Line   int
	Column int
}

// String returns file:line:column, which editors can open.
func (p Position) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// After returns the position after text that starts at p.
func (p Position) After(text []byte) Position {
	lines := bytes.Count(text, newline)
	if lines == 0 {
		p.Column += len(text)
		return p
	}
	p.Line += lines
	p.Column = len(text) - lastLineEnd(text)
	return p
}

var newline = []byte("\n")

// lastLineEnd returns the offset of the last line end in text, which must have one. In long lines
// it is faster than bytes.LastIndexByte, which looks at one byte after another.
func lastLineEnd(text []byte) int {
	const step = 256
	end := len(text)
	for end > step && bytes.IndexByte(text[end-step:end], '\n') < 0 {
		end -= step
	}
	return bytes.LastIndexByte(text[:end], '\n')
}

// SyntaxError reports text that SQLite cannot read as SQL, and its position.
type SyntaxError struct {
	Position
	Msg string
}

func (e *SyntaxError) Error() string { return e.Position.String() + ": " + e.Msg }

// Statement is one statement of a script. Its bytes are a view into the reader's buffer, valid
// until the next iteration over [Statements].
type Statement struct {
	// Position is the position of Text.
	Position

	// Lead is the text before the statement: white space, comments and semicolons that end no
	// statement.
	Lead []byte

	// Text is the statement from its first token through its semicolon, or through the end of the
	// script if the semicolon is missing. Text is empty at most once: at the end, for a Lead
	// without a statement after it.
	Text []byte
}

// PositionAt returns the position of the byte Text[offset].
func (s Statement) PositionAt(offset int) Position {
	return s.Position.After(s.Text[:offset])
}

// Statements splits the script that r reads into its statements like SQLite's parser: at every
// semicolon outside strings, names, comments and the bodies of triggers. If SQLite accepts the
// script, statements end where sqlite3_prepare_v2 reports their tails. The concatenation of every
// Lead and Text is the script.
//
// The name is the file name in positions. Memory is a buffer of constant size, or up to twice the
// longest statement if that is more. If r is an [io.Seeker], Statements reads a long statement
// twice and keeps it in memory once.
//
// An error is the last thing yielded. It is a [*SyntaxError] for a string, a name or a trigger
// without an end, for a NUL byte (where SQLite would silently stop) and for a command of the
// sqlite3 shell such as .read, and otherwise the reader's error. The sequence reads r, so a caller
// can use it only once.
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
