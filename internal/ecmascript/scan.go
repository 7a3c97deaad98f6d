package ecmascript

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A scanner reads tokens. pos is the offset of the next byte.
type scanner struct {
	source string
	jsx    bool // < can begin an element
	pos    int
	tokens []token
	// groups has a record for each open bracket of the code that is being read.
	groups []group
	depth  int          // of JSX elements and templates
	plain  map[int]bool // offsets of < that begin no element
	wasted int          // bytes that were read for them
}

// A group is an open bracket. operand says that a value ends with its closer, so that a slash after
// it divides.
type group struct{ operand bool }

// maxDepth is how deep elements and templates may be nested. Below, < is an operator, and a
// template ends the file.
const maxDepth = 200

func scan(source string, jsx bool) []token {
	s := &scanner{source: source, jsx: jsx, plain: map[int]bool{}}
	if strings.HasPrefix(source, "#!") {
		s.skipLine()
	}
	for s.pos < len(source) {
		s.code()
		s.pos++ // a bracket that closes nothing
	}
	pair(s.tokens)
	return s.tokens
}

// code reads tokens until the bracket that closes what was open before, or until the end.
func (s *scanner) code() {
	outer := s.groups
	s.groups = nil
	defer func() { s.groups = outer }()
	for s.pos < len(s.source) {
		if s.skipSpace() {
			continue
		}
		c := s.source[s.pos]
		switch {
		case strings.IndexByte(")]}", c) >= 0:
			if len(s.groups) == 0 && c == '}' {
				return
			}
			s.close()
		case strings.IndexByte("([{", c) >= 0:
			s.open()
		case c == '\'' || c == '"':
			s.string(c)
		case c == '`':
			s.template()
		case isDigit(c) || c == '.' && s.pos+1 < len(s.source) && isDigit(s.source[s.pos+1]):
			s.number()
		case isWordByte(c) || c == '#' || c == '@':
			s.word()
		case c == '/' && !s.afterOperand() && s.regexp():
		case c == '<' && s.jsx && !s.afterOperand() && s.element():
		default:
			s.sign()
		}
	}
}

func (s *scanner) add(k kind, value string, from int) {
	s.tokens = append(s.tokens, token{kind: k, value: value, start: from, end: s.pos})
}

// skipSpace skips one space or one comment, and reports whether there was one.
func (s *scanner) skipSpace() bool {
	rest := s.source[s.pos:]
	switch {
	case strings.HasPrefix(rest, "//"):
		s.skipLine()
	case strings.HasPrefix(rest, "/*"):
		if end := strings.Index(rest[2:], "*/"); end >= 0 {
			s.pos += 2 + end + 2
		} else {
			s.pos = len(s.source)
		}
	default:
		r, size := utf8.DecodeRuneInString(rest)
		if !unicode.IsSpace(r) && r != '\ufeff' {
			return false
		}
		s.pos += size
	}
	return true
}

func (s *scanner) skipLine() {
	if end := strings.IndexAny(s.source[s.pos:], "\n\r"); end >= 0 {
		s.pos += end
	} else {
		s.pos = len(s.source)
	}
}

func (s *scanner) open() {
	from := s.pos
	operand := true
	switch s.source[s.pos] {
	case '(':
		operand = !s.afterWord("if", "while", "for", "with")
	case '{':
		operand = s.beginsObject()
	}
	s.groups = append(s.groups, group{operand})
	s.pos++
	s.add(opener, s.source[from:s.pos], from)
}

// close reads a closing bracket. Its value is followed by a slash where a slash divides.
func (s *scanner) close() {
	from := s.pos
	s.pos++
	s.add(closer, s.source[from:s.pos], from)
	if last := len(s.groups) - 1; last >= 0 {
		if !s.groups[last].operand {
			s.add(sign, ";", s.pos) // the end of a block, or of a condition
		}
		s.groups = s.groups[:last]
	}
}

// beginsObject reports whether the brace at pos begins an object, not a block.
func (s *scanner) beginsObject() bool {
	last, ok := s.last()
	if !ok {
		return false
	}
	switch last.kind {
	case sign:
		return last.value != ";" && last.value != "=>"
	case opener:
		return last.value != "{"
	case word:
		return s.afterWord(beforeValue...) && !s.afterWord("do", "else")
	default:
		return false
	}
}

// beforeValue are the keywords after which a value begins.
var beforeValue = []string{
	"await", "case", "default", "delete", "do", "else", "extends", "in", "instanceof", "new", "of",
	"return", "throw", "typeof", "void", "yield",
}

// afterOperand reports whether the last token ends a value, so that what follows is an operator.
func (s *scanner) afterOperand() bool {
	last, ok := s.last()
	if !ok {
		return false
	}
	switch last.kind {
	case word:
		return !s.afterWord(beforeValue...)
	case sign:
		return last.value == "++" || last.value == "--" || last.value == "!!"
	default:
		return last.kind != opener
	}
}

func (s *scanner) last() (token, bool) {
	if len(s.tokens) == 0 {
		return token{}, false
	}
	return s.tokens[len(s.tokens)-1], true
}

// afterWord reports whether the last token is one of the keywords, and not the name of a property.
func (s *scanner) afterWord(keywords ...string) bool {
	last, ok := s.last()
	if !ok || last.kind != word || !slices.Contains(keywords, last.value) {
		return false
	}
	before := len(s.tokens) - 2
	return before < 0 || !s.tokens[before].is(sign, ".") && !s.tokens[before].is(sign, "?.")
}

func (s *scanner) word() {
	from := s.pos
	for s.pos++; s.pos < len(s.source) && isWordByte(s.source[s.pos]); s.pos++ {
		if r, _ := utf8.DecodeRuneInString(s.source[s.pos:]); unicode.IsSpace(r) {
			break
		}
	}
	s.add(word, s.source[from:s.pos], from)
}

func (s *scanner) number() {
	from := s.pos
	for s.pos++; s.pos < len(s.source); s.pos++ {
		if c := s.source[s.pos]; !isWordByte(c) && c != '.' {
			break
		}
	}
	s.add(other, "", from)
}

// signs are the operators of more than one letter that must not be taken for others, the longest
// first.
var signs = []string{
	"...", "===", "!==", "??=", "||=", "&&=", "=>", "?.", "??", "||", "&&", "==", "!=", "<=", ">=",
	"++", "--", "+=", "-=", "*=", "/=",
}

func (s *scanner) sign() {
	from := s.pos
	value := s.source[s.pos : s.pos+1]
	for _, longer := range signs {
		if strings.HasPrefix(s.source[s.pos:], longer) {
			value = longer
			break
		}
	}
	if value == "?." && s.pos+2 < len(s.source) && isDigit(s.source[s.pos+2]) {
		value = "?" // a?.5:b
	}
	s.pos += len(value)
	if value == "!" && s.assertsValue(from) {
		value = "!!" // of TypeScript, after a value: user!
	}
	s.add(sign, value, from)
}

// assertsValue reports whether the ! at offset from follows a value in the same line.
func (s *scanner) assertsValue(from int) bool {
	last, ok := s.last()
	return ok && s.afterOperand() && !strings.ContainsAny(s.source[last.end:from], "\n\r")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$' ||
		c == '\\' || c >= utf8.RuneSelf
}
