package ecmascript

import "strings"

// mostWasted is how often the length of the source may be read in vain for elements. More is no
// source that a person writes.
const mostWasted = 20

// element reads a JSX element at <, and reports whether there is one. Of an element the tokens have
// a group with the strings of its attributes and the groups of its braces; its names and its texts
// are left out. Without an element nothing is read: < is an operator, or begins type parameters.
func (s *scanner) element() bool {
	start, first, groups := s.pos, len(s.tokens), s.groups
	if s.plain[start] || s.depth == maxDepth || s.wasted > mostWasted*len(s.source) {
		return false
	}
	s.depth++
	defer func() { s.depth-- }()
	s.pos++
	s.add(opener, "<", start)
	ok := s.tags()
	s.groups = groups
	if !ok {
		s.plain[start] = true
		s.wasted += s.pos - start
		s.pos, s.tokens = start, s.tokens[:first]
		return false
	}
	s.add(closer, ">", s.pos-1)
	return true
}

// tags reads an element after its <, up to the end of the tag that closes it.
func (s *scanner) tags() bool {
	name, closed, ok := s.tag()
	if !ok || closed {
		return ok
	}
	for s.pos < len(s.source) {
		switch c := s.source[s.pos]; {
		case c == '>' || c == '}':
			return false // which no text has
		case c == '{':
			if !s.braces() {
				return false
			}
		case strings.HasPrefix(s.source[s.pos:], "</"):
			s.pos += 2
			return s.endTag(name)
		case c == '<':
			if !s.element() {
				return false
			}
		default:
			s.pos++
		}
	}
	return false
}

// tag reads a tag after its <. closed says that it ends with />.
func (s *scanner) tag() (name string, closed, ok bool) {
	s.skipSpaces()
	name = s.name()
	for s.pos < len(s.source) {
		if s.skipSpace() {
			continue
		}
		switch c := s.source[s.pos]; {
		case strings.HasPrefix(s.source[s.pos:], "/>"):
			s.pos += 2
			return name, true, name != ""
		case c == '>':
			s.pos++
			return name, false, true
		case name == "":
			return "", false, false
		case c == '{':
			if !s.braces() {
				return "", false, false
			}
		case c == '<' && !s.typeArguments():
			return "", false, false
		case c == '<':
		case isWordByte(c):
			if !s.attribute(name) {
				return "", false, false
			}
		default:
			return "", false, false
		}
	}
	return "", false, false
}

// attribute reads an attribute of the element called name. <T extends X> has type parameters.
func (s *scanner) attribute(element string) bool {
	attribute := s.name()
	s.skipSpaces()
	if s.pos == len(s.source) || s.source[s.pos] != '=' {
		return attribute != "extends"
	}
	s.pos++
	s.skipSpaces()
	if s.pos == len(s.source) {
		return false
	}
	switch c := s.source[s.pos]; c {
	case '"', '\'':
		from := s.pos
		end := strings.IndexByte(s.source[from+1:], c)
		s.pos += end + 2
		if end >= 0 {
			s.add(text, s.source[from+1:s.pos-1], from)
		}
		return end >= 0
	case '{':
		return s.braces()
	case '<':
		return s.element()
	}
	return false
}

// braces reads code in braces.
func (s *scanner) braces() bool {
	s.pos++
	s.add(opener, "{", s.pos-1)
	s.code()
	if s.pos == len(s.source) {
		return false
	}
	s.pos++
	s.add(closer, "}", s.pos-1)
	return true
}

// typeArguments skips <…> after the name of an element.
func (s *scanner) typeArguments() bool {
	const longest = 1000
	end := min(len(s.source), s.pos+longest)
	for depth := 0; s.pos < end; s.pos++ {
		switch s.source[s.pos] {
		case '<':
			depth++
		case '>':
			if s.source[s.pos-1] == '=' {
				continue
			}
			if depth--; depth == 0 {
				s.pos++
				return true
			}
		case ';':
			return false
		}
	}
	return false
}

func (s *scanner) endTag(name string) bool {
	s.skipSpaces()
	same := s.name() == name
	s.skipSpaces()
	if !same || s.pos == len(s.source) || s.source[s.pos] != '>' {
		return false
	}
	s.pos++
	return true
}

// name reads the name of an element or of an attribute: svg:path, Tabs.Item, data-x.
func (s *scanner) name() string {
	from := s.pos
	for s.pos < len(s.source) {
		if c := s.source[s.pos]; !isWordByte(c) && strings.IndexByte(".:-", c) < 0 {
			break
		}
		s.pos++
	}
	return s.source[from:s.pos]
}

func (s *scanner) skipSpaces() {
	for s.pos < len(s.source) && s.skipSpace() {
	}
}
