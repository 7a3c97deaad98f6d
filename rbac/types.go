package rbac

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Types writes the TypeScript types of a policy: Action, Entity, Access, Role, and
// PermissionString, the type of the checks.
//
// The access of a check is one of the declared ones, or several with commas between, each once and
// in any order. Where such lists would make too many types for the compiler, it is one of the
// declared ones; where these are still too many, it is any text, and so are entity and action.
//
// A word that no check can have, such as one with a colon, is a part of its own type and not of
// PermissionString. A policy that Validate refuses is an error.
func (p Policy) Types(w io.Writer) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("// Written by seedkit rbac types.\n\n")
	parts := []string{"Action", "Entity", "Access"}[:p.parts()]
	for i, names := range p.vocabulary().names {
		declareType(&b, parts[i], names)
	}
	declareType(&b, "Role", p.names())
	words := p.askableWords()
	checked := make([]string, len(parts))
	for i := range parts {
		checked[i] = parts[i]
		switch {
		case words[i] == nil:
			checked[i] = "string"
		case !slices.Equal(words[i], p.vocabulary().names[i]):
			checked[i] = "Checked" + parts[i]
			declare(&b, "type "+checked[i], words[i])
		}
	}
	b.WriteString("export type PermissionString =" + permissionString(checked) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// permissionString is the type of a check with the types of its parts.
func permissionString(parts []string) string {
	switch len(parts) {
	case 1:
		return " " + parts[0]
	case 2:
		return fmt.Sprintf(" `${%s}:${%s}`", parts[0], parts[1])
	}
	return fmt.Sprintf("\n\t| `${%[1]s}:${%[2]s}`\n\t| `${%[1]s}:${%[2]s}:${%[3]s}`",
		parts[0], parts[1], parts[2])
}

// isAskable reports whether a check of that many parts can have the name as the part.
func isAskable(name string, parts, part int) bool {
	switch {
	case name == "":
		return false
	case parts == 1:
		return true
	}
	return !strings.Contains(name, ":") && (part < 2 || !strings.Contains(name, ","))
}

// mostTypes is how many texts PermissionString may have. The compiler refuses 100,000.
const mostTypes = 50_000

// askableWords returns the words that each part of a check can have, nil for any text.
func (p Policy) askableWords() [][]string {
	words := make([][]string, p.parts())
	total := 1
	for i, names := range p.vocabulary().names {
		words[i] = slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			return !isAskable(name, len(words), i)
		})
		if total*len(words[i]) > mostTypes {
			words[i] = nil
		} else {
			total *= len(words[i])
		}
	}
	if len(words) == 3 && words[2] != nil {
		if lists := accessLists(words[2]); total/max(1, len(words[2]))*(len(lists)+1) <= mostTypes {
			words[2] = lists
		}
	}
	return words
}

// accessLists returns what a check can have as accesses. Of more than six it is one.
func accessLists(accesses []string) []string {
	const most = 6
	if len(accesses) > most {
		return accesses
	}
	var lists []string
	for size := 1; size <= len(accesses); size++ {
		lists = append(lists, arrangements(accesses, size)...)
	}
	return lists
}

// arrangements returns the lists of the given size, with each name at most once, in any order.
func arrangements(names []string, size int) []string {
	if size == 1 {
		return names
	}
	var lists []string
	for i, first := range names {
		others := slices.Delete(slices.Clone(names), i, i+1)
		for _, rest := range arrangements(others, size-1) {
			lists = append(lists, first+","+rest)
		}
	}
	return lists
}

func declareType(b *strings.Builder, name string, words []string) {
	declare(b, "export type "+name, words)
}

// declare writes a type that is one of the words: on one line where that fits.
func declare(b *strings.Builder, head string, words []string) {
	const columns = 80
	literals := make([]string, len(words))
	for i, w := range words {
		literals[i] = literal(w)
	}
	if len(words) == 0 {
		literals = []string{"never"}
	}
	line := head + " = " + strings.Join(literals, " | ")
	if len(line) > columns {
		line = head + " =\n\t| " + strings.Join(literals, "\n\t| ")
	}
	b.WriteString(line + "\n")
}

// literal writes a text as a TypeScript string. Of what is not ASCII it escapes all but letters.
func literal(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r >= ' ' && r < 0x7f, unicode.IsLetter(r):
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String() + "'"
}
