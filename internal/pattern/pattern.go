// Package pattern implements the patterns with which every verb chooses tables and other objects of
// a database by name.
//
// A star matches any number of letters, and a question mark matches one letter. The case of ASCII
// letters makes no difference, as in SQLite's names. A comma ends a pattern and begins another.
// Spaces around a pattern do not count. Text in double quotes matches itself, and a double quote in
// it is written twice: "a,b" is the one name a,b.
package pattern

import (
	"fmt"
	"slices"
	"strings"
)

// Pattern is one pattern. The zero Pattern matches the empty name.
type Pattern struct {
	text  string // the pattern as the user wrote it
	parts []part
}

// part is a star, a question mark, or a letter that matches itself.
type part struct {
	wild   bool
	letter rune
}

var (
	star     = part{wild: true, letter: '*'}
	question = part{wild: true, letter: '?'}
)

// SyntaxError reports text that is not a pattern.
type SyntaxError struct {
	Text string
	Why  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("the pattern %s %s", e.Text, e.Why) }

// Parse reads patterns, in order. A text contains one pattern, or several with commas between them.
// An error is a [*SyntaxError].
func Parse(texts ...string) ([]Pattern, error) {
	var all []Pattern
	for _, text := range texts {
		patterns, err := parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, patterns...)
	}
	return all, nil
}

func parse(text string) (all []Pattern, err error) {
	for rest, more := text, true; more; {
		var p Pattern
		var ok bool
		if p, rest, more, ok = cut(rest); !ok {
			return nil, &SyntaxError{text, `has a double quote without a second one`}
		}
		if p.text == "" {
			return nil, &SyntaxError{fmt.Sprintf("%q", text), "is empty, or is between commas"}
		}
		all = append(all, p)
	}
	return all, nil
}

// cut reads the first pattern of text. If a comma follows the pattern, more is true and rest is the
// text after the comma. If a quote has no end, ok is false.
func cut(text string) (p Pattern, rest string, more, ok bool) {
	text = strings.TrimLeft(text, " ")
	end, last := len(text), 0 // last is the number of parts without the spaces at the end
	quoted, doubled := false, false
	for at, c := range text {
		if doubled {
			doubled = false
			continue
		}
		if c == ',' && !quoted {
			end, rest, more = at, text[at+1:], true
			break
		}
		doubled = c == '"' && quoted && strings.HasPrefix(text[at:], `""`)
		if c == '"' && !doubled {
			quoted = !quoted
		} else {
			p.parts = append(p.parts, partOf(c, quoted))
		}
		if c != ' ' || quoted {
			last = len(p.parts)
		}
	}
	p.text, p.parts = strings.TrimRight(text[:end], " "), p.parts[:last]
	return p, rest, more, !quoted
}

func partOf(c rune, quoted bool) part {
	switch {
	case c == '*' && !quoted:
		return star
	case c == '?' && !quoted:
		return question
	}
	return part{letter: fold(c)}
}

// fold maps ASCII letters to lower case, as SQLite does to compare names.
func fold(c rune) rune {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Match reports whether a name matches the pattern.
func (p Pattern) Match(name string) bool { return match(p.parts, []rune(name)) }

// Wild reports whether the pattern has a star or a question mark, and so may match several names.
func (p Pattern) Wild() bool {
	return slices.ContainsFunc(p.parts, func(p part) bool { return p.wild })
}

// match goes back to the last star only. The last star can match every letter that an earlier star
// would match instead.
func match(parts []part, name []rune) bool {
	i, j := 0, 0
	last, taken := -1, 0 // the last star, and the end of its match in the name
	for j < len(name) {
		switch {
		case i < len(parts) && parts[i] == star:
			last, taken = i, j
			i++
		case i < len(parts) && parts[i].matches(name[j]):
			i++
			j++
		case last >= 0:
			taken++
			i, j = last+1, taken
		default:
			return false
		}
	}
	for i < len(parts) && parts[i] == star {
		i++
	}
	return i == len(parts)
}

// matches reports whether a part other than a star matches a letter.
func (p part) matches(letter rune) bool {
	return p == question || !p.wild && p.letter == fold(letter)
}

// Like returns the same pattern for a LIKE with ESCAPE '\'
// (https://sqlite.org/lang_expr.html#like).
func (p Pattern) Like() string {
	var b strings.Builder
	for _, part := range p.parts {
		switch {
		case part == star:
			b.WriteByte('%')
		case part == question:
			b.WriteByte('_')
		case strings.ContainsRune(`%_\`, part.letter):
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteRune(part.letter)
		}
	}
	return b.String()
}

// Quote returns the pattern that matches only the given name. The pattern is the name, in double
// quotes if a letter of the name has a special meaning.
func Quote(name string) string {
	if name != "" && !strings.ContainsAny(name, `*?,"`) && strings.Trim(name, " ") == name {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// MatchAny reports whether a name matches one of the patterns.
func MatchAny(patterns []Pattern, name string) bool {
	return slices.ContainsFunc(patterns, func(p Pattern) bool { return p.Match(name) })
}
