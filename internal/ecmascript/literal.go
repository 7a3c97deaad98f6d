package ecmascript

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// string reads a string. A quote that nothing closes in its line is a sign.
func (s *scanner) string(quote byte) {
	from := s.pos
	for i := from + 1; i < len(s.source); i++ {
		switch s.source[i] {
		case '\\':
			i++
			if strings.HasPrefix(s.source[i:], "\r\n") {
				i++
			}
		case quote:
			s.pos = i + 1
			s.add(text, unescape(s.source[from+1:i]), from)
			return
		case '\n', '\r':
			i = len(s.source)
		}
	}
	s.pos++
	s.add(sign, "'", from)
}

// template reads a template: a text if it has no substitutions, else a group of texts and of groups
// of code.
func (s *scanner) template() {
	start := s.pos
	if s.depth == maxDepth {
		s.pos = len(s.source)
		return
	}
	s.depth++
	defer func() { s.depth-- }()
	s.pos++
	from, first := s.pos, len(s.tokens)
	for s.pos < len(s.source) {
		switch {
		case s.source[s.pos] == '\\':
			s.pos = min(s.pos+2, len(s.source))
		case s.source[s.pos] == '`':
			part := unescape(s.source[from:s.pos])
			if first == len(s.tokens) {
				s.pos++
				s.add(text, part, start)
				return
			}
			s.add(text, part, from)
			from = s.pos
			s.pos++
			s.add(closer, "`", from)
			return
		case strings.HasPrefix(s.source[s.pos:], "${"):
			if first == len(s.tokens) {
				s.tokens = append(s.tokens,
					token{kind: opener, value: "`", start: start, end: start + 1})
			}
			s.add(text, unescape(s.source[from:s.pos]), from)
			from = s.substitution()
		default:
			s.pos++
		}
	}
}

// substitution reads ${…} in a template, and returns the offset after it.
func (s *scanner) substitution() int {
	from := s.pos
	s.pos += len("${")
	s.add(opener, "${", from)
	s.code()
	if s.pos < len(s.source) {
		s.pos++
		s.add(closer, "}", s.pos-1)
	}
	return s.pos
}

// regexp reads a regular expression, and reports whether there is one: it ends in its line.
func (s *scanner) regexp() bool {
	inClass := false
	for i := s.pos + 1; i < len(s.source); i++ {
		switch c := s.source[i]; {
		case c == '\n' || c == '\r':
			return false
		case c == '\\':
			i++
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '/' && !inClass:
			from := s.pos
			for i++; i < len(s.source) && isWordByte(s.source[i]); i++ {
			}
			s.pos = i
			s.add(other, "", from)
			return true
		}
	}
	return false
}

// unescape returns what the text between two quotes means.
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	for raw != "" {
		before, rest, escaped := strings.Cut(raw, `\`)
		b.WriteString(before)
		if !escaped || rest == "" {
			break
		}
		value, size := escape(rest)
		b.WriteString(value)
		raw = rest[size:]
	}
	return b.String()
}

// escape returns the meaning of the escape whose text after the backslash begins rest, and the
// length of that text.
func escape(rest string) (value string, size int) {
	const simple = "n\nt\tr\rb\bf\fv\v0\x00"
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "\r\n"):
		return "", 2
	case c == '\n' || c == '\r':
		return "", 1
	case c == 'x' && len(rest) >= 3:
		return hex(rest[1:3], 3)
	case strings.HasPrefix(rest, "u{"):
		if end := strings.IndexByte(rest, '}'); end > 0 {
			return hex(rest[2:end], end+1)
		}
	case c == 'u' && len(rest) >= 5:
		return hex(rest[1:5], 5)
	}
	for i := 0; i < len(simple); i += 2 {
		if simple[i] == rest[0] {
			return simple[i+1 : i+2], 1
		}
	}
	_, size = utf8.DecodeRuneInString(rest)
	return rest[:size], size
}

func hex(digits string, size int) (string, int) {
	code, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return string(utf8.RuneError), size
	}
	return string(rune(code)), size
}
