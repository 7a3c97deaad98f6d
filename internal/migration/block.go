package migration

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// The lines around seedkit's INSERTs in a migration that developers write by hand.
const (
	BlockBegin = "-- seedkit:begin"
	BlockEnd   = "-- seedkit:end"
)

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

// WithoutBlock returns the script without seedkit's block and its marks.
func WithoutBlock(script []byte) ([]byte, error) {
	begin, end, err := findBlock(script, upMarks)
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(script[:begin]), script[end:]...), nil
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
	for at, line := 0, 1; at < len(script); line++ {
		text, rest, _ := bytes.Cut(script[at:], []byte("\n"))
		next := len(script) - len(rest)
		switch mark := string(bytes.TrimSpace(text)); {
		case mark == marks.begin && begin >= 0:
			return 0, 0, fmt.Errorf("line %d: a second %q: %w", line, marks.begin, ErrBlock)
		case mark == marks.begin:
			begin = at
		case mark == marks.end && (begin < 0 || end >= 0):
			return 0, 0,
				fmt.Errorf("line %d: %q without its beginning: %w", line, marks.end, ErrBlock)
		case mark == marks.end:
			end = next
		}
		at = next
	}
	switch {
	case begin < 0:
		return len(script), len(script), nil
	case end < 0:
		return 0, 0, fmt.Errorf("%q without %q: %w", marks.begin, marks.end, ErrBlock)
	}
	return begin, end, nil
}
