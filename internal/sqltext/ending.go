package sqltext

import (
	"bytes"
	"io"
)

// statementEnd returns the offset after the statement that begins at start.
func (s *Splitter) statementEnd(start int) (int, error) {
	if s.isTrigger(start) {
		return s.triggerEnd(start)
	}
	measured := false
	for i := start; ; {
		resume, quote, found := semicolon(s.window(), i, s.ended)
		if found {
			return resume + 1, nil
		}
		if s.ended {
			return len(s.window()), s.unfinished(start)
		}
		if !measured && len(s.window()) >= max(s.size, s.measured) {
			measured = true
			s.reserve(s.measure(resume, quote))
		}
		i = resume
		s.fill()
	}
}

// isTrigger reports whether the statement at i is a CREATE TRIGGER. Only this statement contains
// semicolons.
func (s *Splitter) isTrigger(i int) bool {
	if c := s.window()[i] | 0x20; c != 'c' && c != 'e' {
		return false
	}
	word, i := s.word(i)
	if isWord(word, "EXPLAIN") {
		if word, i = s.word(i); isWord(word, "QUERY") {
			_, i = s.word(i)
			word, i = s.word(i)
		}
	}
	if !isWord(word, "CREATE") {
		return false
	}
	if word, i = s.word(i); isWord(word, "TEMP") || isWord(word, "TEMPORARY") {
		word, _ = s.word(i)
	}
	return isWord(word, "TRIGGER")
}

// triggerEnd finds a semicolon after an END after a semicolon, as sqlite3_complete does. The END of
// a CASE never follows a semicolon.
func (s *Splitter) triggerEnd(start int) (int, error) {
	afterSemicolon, afterEnd := false, false
	for i := start; ; {
		kind, end := s.token(i)
		switch kind {
		case TokSpace, TokComment:
		case TokSemicolon:
			if afterEnd {
				return end, nil
			}
			afterSemicolon = true
		case TokEOF:
			if err := s.unfinished(start); err != nil || afterEnd {
				return i, err
			}
			return i, s.syntaxError(start, "CREATE TRIGGER without its closing END;")
		default:
			afterEnd = afterSemicolon && isWord(s.window()[i:end], "END")
			afterSemicolon = false
		}
		i = end
	}
}

// unfinished returns the error of a statement that ends with the text. There is none unless the
// statement ends inside a string or a quoted name.
func (s *Splitter) unfinished(start int) error {
	if err := s.endOfText(); err != io.EOF {
		return err
	}
	last, kind := start, TokEOF
	for i := start; i < len(s.window()); {
		last = i
		kind, i = s.token(i)
	}
	if kind != TokIllegal {
		return nil
	}
	switch s.window()[last] {
	case '\'':
		return s.syntaxError(last, "string without its closing quote")
	case '"', '`', '[':
		return s.syntaxError(last, "quoted name without its closing quote")
	case 'x', 'X':
		return s.syntaxError(last, "blob without its closing quote")
	}
	return nil
}

// semicolon finds the semicolon that ends a statement, from a token at w[i] on. If there is none,
// it returns the offset of a token from which to search again in a longer window. If w ends inside
// a token that needs a closing quote, it returns that quote too.
//
// semicolon does not see every token. A doubled quote reads as the end of one string and the start
// of another. Both hide the same bytes. Only variables like $a(;) need the lexer, which starts at
// the last known end of a token, because x$a(;) is not a variable.
func semicolon(w []byte, i int, ended bool) (at int, quote byte, found bool) {
	known := i
	for i < len(w) {
		if i += plainLen(w[i:]); i == len(w) {
			break
		}
		switch c := w[i]; c {
		case ';':
			return i, 0, true
		case '\'', '"', '`', '[':
			n := quotedLen(w[i:])
			if n < 0 {
				return known, closing(c), false
			}
			i += n
			known = i
		case '-', '/':
			kind, n := NextToken(w[i:])
			if !ended && i+n+lookahead > len(w) {
				return known, 0, false
			}
			if kind != TokComment {
				i++
				continue
			}
			i += n
			known = i
		default:
			for known <= i {
				_, n := NextToken(w[known:])
				if !ended && known+n+lookahead > len(w) {
					return known, 0, false
				}
				known += n
			}
			i = known
		}
	}
	return known, 0, false
}

// quotedLen is the length of the string or name at the start of w, through the first closing quote,
// or -1 if there is no closing quote.
func quotedLen(w []byte) int {
	n := bytes.IndexByte(w[1:], closing(w[0]))
	if n < 0 {
		return -1
	}
	return n + 2
}

// closing returns the quote that ends what the given quote begins.
func closing(quote byte) byte {
	if quote == '[' {
		return ']'
	}
	return quote
}

// plainLen is the number of bytes before the first of the stops. Reading four bytes at a time is a
// fifth faster on dumps than a range loop.
func plainLen(w []byte) int {
	i := 0
	for ; i+4 <= len(w); i += 4 {
		if stops[w[i]] {
			return i
		}
		if stops[w[i+1]] {
			return i + 1
		}
		if stops[w[i+2]] {
			return i + 2
		}
		if stops[w[i+3]] {
			return i + 3
		}
	}
	for i < len(w) && !stops[w[i]] {
		i++
	}
	return i
}
