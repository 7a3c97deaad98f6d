package rbac

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Grant gives a role permissions. Colons separate actions, entities and accesses; commas mean
// each; a star means every declared name: "create,read:user,note:any", "*:note:own". A backslash
// makes the next character part of a name. Nothing is trimmed. A grant has as many parts as the
// policy has vocabularies, so a policy without accesses has grants of two parts.
type Grant string

// A GrantError is a grant that is ill-formed, or that has a word which the policy does not declare.
type GrantError struct {
	Grant  Grant
	Offset int // the byte of the grant at which the mistake is
	Reason string
}

func (e *GrantError) Error() string {
	return fmt.Sprintf("grant %q, %s: %s", string(e.Grant), character(string(e.Grant), e.Offset),
		e.Reason)
}

// character names the place of a byte in a text as a person counts it.
func character(text string, offset int) string {
	return fmt.Sprintf("character %d", utf8.RuneCountInString(text[:offset])+1)
}

// A word is one of the names between the commas and colons of a grant.
type word struct {
	name   string // without backslashes
	star   bool   // an unescaped star, which means every declared name
	offset int
}

// words splits a grant at its colons and commas.
func (g Grant) words() ([][]word, *GrantError) {
	var parts [][]word
	var part []word
	for rest := string(g); ; {
		w, length, err := g.word(len(g) - len(rest))
		if err != nil {
			return nil, err
		}
		part = append(part, w)
		rest = rest[length:]
		if rest == "" {
			return append(parts, part), nil
		}
		if rest[0] == ':' {
			parts, part = append(parts, part), nil
		}
		rest = rest[1:]
	}
}

// word reads the word at an offset. Its length counts the backslashes.
func (g Grant) word(offset int) (w word, length int, err *GrantError) {
	w.offset = offset
	var name strings.Builder
	text, stars, escaped := string(g[offset:]), 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case escaped:
			escaped = false
			name.WriteByte(c)
			continue
		case c == '\\':
			escaped = true
			continue
		case c == ':' || c == ',':
			return g.finish(w, name.String(), text[:i], stars)
		case c == '*':
			stars++
		}
		name.WriteByte(text[i])
	}
	if escaped {
		return w, 0, &GrantError{g, len(g) - 1, "a backslash at the end makes nothing a name"}
	}
	return g.finish(w, name.String(), text, stars)
}

// finish decides whether a word is a name or the star.
func (g Grant) finish(w word, name, source string, stars int) (word, int, *GrantError) {
	w.name, w.star = name, source == "*"
	if stars > 0 && !w.star {
		return w, 0, &GrantError{g, w.offset + firstStar(source),
			"a star means every name and cannot be a part of a name; " +
				"a backslash before it makes it a letter"}
	}
	return w, len(source), nil
}

// firstStar returns the offset of the first star without a backslash.
func firstStar(source string) int {
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '\\':
			i++
		case '*':
			return i
		}
	}
	return 0
}

var escapes = strings.NewReplacer(`\`, `\\`, `:`, `\:`, `,`, `\,`, `*`, `\*`)

// String returns the permission as a grant writes it. It leaves out an empty access, and an empty
// entity if the access is empty too.
func (p Permission) String() string {
	text := escapes.Replace(p.Action)
	if p.Entity != "" || p.Access != "" {
		text += ":" + escapes.Replace(p.Entity)
	}
	if p.Access != "" {
		text += ":" + escapes.Replace(p.Access)
	}
	return text
}
