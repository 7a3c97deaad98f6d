package sqltext

import (
	"bytes"
	"fmt"
	"io"
)

// LongInsert takes the next statement if that is an INSERT of literals that does not end within
// [Splitter.Ahead]. It does not hold the statement in memory: it reads the rows once to see that
// all of them are literals, goes back, and then passes each row to row.
//
// begin gets the statement before its rows, with the text through VALUES, and the number of values
// in each row. in has then parsed that text. Values, and their bytes, are valid until row returns.
// The first error of begin or row ends LongInsert.
//
// LongInsert takes nothing, and taken is false, if the reader is no [io.Seeker], or if the
// statement has anything that [Insert.ReadAhead] does not take.
func (s *Splitter) LongInsert(
	in *Insert, begin func(statement Statement, width int) error, row func([]Value) error,
) (taken bool, err error) {
	seeker, ok := s.r.(io.Seeker)
	if !ok {
		return false, nil
	}
	lead := s.lead()
	if len(s.window()) < s.size {
		s.fill()
	}
	if !s.isLong(lead) || in.Parse(Statement{Text: s.window()[lead:]}) != nil || in.Schema != "" {
		return false, nil
	}
	here, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return false, nil
	}
	rows := lead + len(in.head)
	window, pos := bytes.Clone(s.window()), s.pos
	width, whole, _ := s.longRows(in, rows, nil)
	if _, err := seeker.Seek(here, io.SeekStart); err != nil {
		return false, fmt.Errorf("read %s: %w", s.name, err)
	}
	s.start, s.end, s.pos = 0, copy(s.buf, window), pos
	s.ended, s.nul, s.err = false, false, nil
	if !whole {
		return false, nil
	}
	statement := Statement{
		Position: pos.After(window[:lead]), Lead: window[:lead:lead], Text: window[lead:rows:rows],
	}
	if err := begin(statement, width); err != nil {
		return true, err
	}
	_, whole, err = s.longRows(in, rows, row)
	if err == nil && !whole {
		err = s.syntaxError(0, "the rows are not those that were here before")
	}
	return true, err
}

// isLong reports whether the statement at start may be an INSERT that does not end in the window.
func (s *Splitter) isLong(start int) bool {
	w := s.window()
	if s.ended || start == len(w) {
		return false
	}
	if c := w[start] | 0x20; c != 'i' && c != 'r' {
		return false
	}
	_, _, found := semicolon(w, start, false)
	return !found
}

// longRows moves past the first bytes of the window and then past the rows there, through the
// semicolon after them. It passes each row to the function row, unless that is nil. whole is false
// if the text is not as quickReader takes it.
func (s *Splitter) longRows(
	in *Insert, first int, row func([]Value) error,
) (width int, whole bool, err error) {
	s.pass(first)
	width = len(in.Columns)
	for {
		values, end := in.longRow(s.window())
		if end == 0 {
			if s.ended || len(s.window()) >= 2*s.size {
				return width, false, nil
			}
			s.fill()
			continue
		}
		if width == 0 {
			width = len(values)
		}
		if len(values) != width {
			return width, false, nil
		}
		if row != nil {
			if err := row(values); err != nil {
				return width, true, err
			}
		}
		last := s.window()[end-1] == ';'
		if s.pass(end); last {
			return width, true, nil
		}
	}
}

// pass moves the window past its first n bytes.
func (s *Splitter) pass(n int) {
	s.pos = s.pos.After(s.window()[:n])
	s.start += n
}

// longRow reads the row at the beginning of text, and returns the offset after the comma or the
// semicolon that follows. It returns 0 if text does not show both.
func (in *Insert) longRow(text []byte) ([]Value, int) {
	in.quick.reset()
	i := skipSpace(text, 0)
	if at(text, i) != '(' {
		return nil, 0
	}
	if i = in.quick.row(text, i+1); i == 0 {
		return nil, 0
	}
	i = skipSpace(text, i)
	if c := at(text, i); c != ',' && c != ';' {
		return nil, 0
	}
	return in.quick.values, i + 1
}
