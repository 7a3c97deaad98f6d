package migration

import (
	"bytes"
	"errors"
	"fmt"
)

// The lines between which seedkit's INSERTs stand in a migration that people
// write the rest of.
const (
	BlockBegin = "-- seedkit:begin"
	BlockEnd   = "-- seedkit:end"
)

// ErrBlock reports marks that do not pair up, so that nobody can say which
// lines are seedkit's.
var ErrBlock = errors.New("the marks of seedkit's block do not pair up")

// Splice returns script with block between the marks: in place of what stands
// there, or at the end if there are no marks yet. Every other byte stays.
func Splice(script, block []byte) ([]byte, error) {
	begin, end, err := findBlock(script)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(script[:begin])
	if begin == end && len(out) > 0 {
		if !bytes.HasSuffix(out, []byte("\n")) {
			out = append(out, '\n')
		}
		out = append(out, '\n')
	}
	out = fmt.Appendf(out, "%s\n%s%s\n", BlockBegin, block, BlockEnd)
	return append(out, script[end:]...), nil
}

// WithoutBlock returns script without seedkit's block and its marks.
func WithoutBlock(script []byte) ([]byte, error) {
	begin, end, err := findBlock(script)
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(script[:begin]), script[end:]...), nil
}

// findBlock returns where the block with its marks begins and ends; both are
// the script's length if there is none.
func findBlock(script []byte) (begin, end int, err error) {
	begin, end = -1, -1
	for at, line := 0, 1; at < len(script); line++ {
		text, rest, _ := bytes.Cut(script[at:], []byte("\n"))
		next := len(script) - len(rest)
		switch mark := string(bytes.TrimSpace(text)); {
		case mark == BlockBegin && begin >= 0:
			return 0, 0, fmt.Errorf("line %d: a second %q: %w", line, BlockBegin, ErrBlock)
		case mark == BlockBegin:
			begin = at
		case mark == BlockEnd && (begin < 0 || end >= 0):
			return 0, 0, fmt.Errorf("line %d: %q without its beginning: %w", line, BlockEnd, ErrBlock)
		case mark == BlockEnd:
			end = next
		}
		at = next
	}
	switch {
	case begin < 0:
		return len(script), len(script), nil
	case end < 0:
		return 0, 0, fmt.Errorf("%q without %q: %w", BlockBegin, BlockEnd, ErrBlock)
	}
	return begin, end, nil
}
