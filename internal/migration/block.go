package migration

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// The lines around seedkit's INSERTs in a migration that developers write by hand.
const (
	BlockBegin = "-- seedkit:begin"
	BlockEnd   = "-- seedkit:end"
)

// StatementsComment is the first line of a block with statements that are no rows of a seed. A
// generated seed does not have what they do, so it keeps the block; see [WithoutSeed].
const StatementsComment = "-- seedkit: statements, not rows of a seed"

// marks are the lines around a block.
type marks struct{ begin, end string }

var (
	upMarks   = marks{BlockBegin, BlockEnd}
	downMarks = marks{DownBegin, DownEnd}
)

var (
	// ErrBlock reports marks that are not a pair, so that seedkit cannot tell which lines belong to
	// its block.
	ErrBlock = errors.New("the marks of seedkit's block do not pair up")
	// ErrBlockNotRun reports a block in a part of the script that the tool does not run.
	ErrBlockNotRun = errors.New("seedkit's block is outside of the part of the script that runs")
)

// Splice returns the script with block between the marks. It replaces what is between the marks. If
// the script has no marks, it adds marks and block at the end of the part that the tool runs to
// migrate. Every other byte stays the same.
func (s *Script) Splice(block []byte) ([]byte, error) {
	begin, end, err := s.findBlock()
	if err != nil {
		return nil, err
	}
	before, after := s.text[:begin], s.text[end:]
	if begin == end && before != "" {
		if !strings.HasSuffix(before, "\n") {
			before += "\n"
		}
		before += "\n"
	}
	out := fmt.Appendf(nil, "%s%s\n%s%s\n", before, s.marks.begin, block, s.marks.end)
	if begin == end && after != "" && after[0] != '\n' && after[0] != '\r' {
		out = append(out, '\n')
	}
	return append(out, after...), nil
}

// BlockHasStatements reports whether seedkit's block in the script holds a statement.
func (s *Script) BlockHasStatements() bool {
	begin, end, err := findBlock([]byte(s.text), s.marks)
	return err == nil && lastStatement(s.text[begin:end]) != ""
}

// WithoutBlock returns the script without seedkit's block and its marks.
func WithoutBlock(script []byte) ([]byte, error) {
	begin, end, err := findBlock(script, upMarks)
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(script[:begin]), script[end:]...), nil
}

// WithoutSeed does what [WithoutBlock] does, but leaves a block that [StatementsComment] marks.
func WithoutSeed(script []byte) ([]byte, error) {
	begin, end, err := findBlock(script, upMarks)
	if err == nil && holdsStatements(script[begin:end]) {
		return script, nil
	}
	return WithoutBlock(script)
}

// BlockHoldsStatements reports whether [StatementsComment] marks seedkit's block in the script.
func (s *Script) BlockHoldsStatements() bool {
	begin, end, err := findBlock([]byte(s.text), s.marks)
	return err == nil && holdsStatements([]byte(s.text[begin:end]))
}

// holdsStatements reports whether [StatementsComment] is the first line of a block after its mark.
func holdsStatements(block []byte) bool {
	_, content, _ := bytes.Cut(block, []byte("\n"))
	first, _, _ := bytes.Cut(content, []byte("\n"))
	return string(bytes.TrimSpace(first)) == StatementsComment
}

// findBlock returns where the block begins and ends, marks included. If the script has no block,
// both are the position at which to add it.
func (s *Script) findBlock() (begin, end int, err error) {
	begin, end, err = findBlock([]byte(s.text), s.marks)
	switch {
	case err != nil:
		return 0, 0, err
	case begin < end && end > s.up:
		return 0, 0, fmt.Errorf("line %d: %w", 1+strings.Count(s.text[:begin], "\n"),
			ErrBlockNotRun)
	case begin == end && s.up < len(s.text):
		at := len(strings.TrimRight(s.text[:s.up], " \t\r\n"))
		at += strings.IndexByte(s.text[at:], '\n') + 1
		return at, at, nil
	}
	return begin, end, nil
}

// findBlock returns where the block begins and ends, marks included. If the script has no block,
// both are the script's length.
func findBlock(script []byte, marks marks) (begin, end int, err error) {
	begin, end = -1, -1
	for comment := range commentLines(script) {
		line := func() int { return 1 + bytes.Count(script[:comment.begin], []byte("\n")) }
		switch mark := comment.text; {
		case mark == marks.begin && begin >= 0:
			return 0, 0, fmt.Errorf("line %d: a second %q: %w", line(), marks.begin, ErrBlock)
		case mark == marks.begin:
			begin = comment.begin
		case mark == marks.end && (begin < 0 || end >= 0):
			return 0, 0,
				fmt.Errorf("line %d: %q without its beginning: %w", line(), marks.end, ErrBlock)
		case mark == marks.end:
			end = comment.end
		}
	}
	switch {
	case begin < 0:
		return len(script), len(script), nil
	case end < 0:
		return 0, 0, fmt.Errorf("%q without %q: %w", marks.begin, marks.end, ErrBlock)
	}
	return begin, end, nil
}

// commentLine is a line of a script that contains only a comment.
type commentLine struct {
	text       string // the comment, without the white space around it
	begin, end int    // the offsets of the line, including its line end
}

// commentLines yields the lines that SQLite reads as comments from -- to the line end. It does not
// yield such lines within a string, a quoted name, or a comment from /* to */.
func commentLines(script []byte) iter.Seq[commentLine] {
	return func(yield func(commentLine) bool) {
		for at := 0; at < len(script); {
			kind, n := sqltext.NextToken(script[at:])
			token := script[at : at+n]
			at += n
			if kind != sqltext.TokComment || token[0] != '-' {
				continue
			}
			begin := 1 + bytes.LastIndexByte(script[:at-n], '\n')
			if len(bytes.TrimSpace(script[begin:at-n])) > 0 {
				continue
			}
			end := min(at+1, len(script))
			if !yield(commentLine{string(bytes.TrimSpace(token)), begin, end}) {
				return
			}
		}
	}
}
