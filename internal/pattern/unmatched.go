package pattern

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
)

// UnmatchedError reports a pattern that matches no name. Its author must have meant another one.
type UnmatchedError struct {
	Pattern string   // the pattern as the user wrote it
	What    string   // the kind of thing that the names belong to, such as "table of the seed"
	Near    string   // a pattern that matches a name and that the user may mean, or ""
	Names   []string // all names
}

// mostNames is the maximum number of names that a message lists.
const mostNames = 10

func (e *UnmatchedError) Error() string {
	text := fmt.Sprintf("no %s matches %s", e.What, e.Pattern)
	switch {
	case e.Near != "":
		return fmt.Sprintf("%s (did you mean %s?)", text, e.Near)
	case len(e.Names) == 0:
		return text + ": there is none at all"
	}
	names := e.Names[:min(len(e.Names), mostNames)]
	text = fmt.Sprintf("%s: there are %s", text, strings.Join(names, ", "))
	if hidden := len(e.Names) - len(names); hidden > 0 {
		text += fmt.Sprintf(" and %d more", hidden)
	}
	return text
}

// CheckAll returns an [*UnmatchedError] for every pattern that matches none of the names, joined.
// What is the kind of thing that the names belong to.
func CheckAll(patterns []Pattern, what string, names []string) error {
	var unmatched []error
	for _, p := range patterns {
		if !slices.ContainsFunc(names, p.Match) {
			unmatched = append(unmatched,
				&UnmatchedError{Pattern: p.text, What: what, Near: p.near(names), Names: names})
		}
	}
	return errors.Join(unmatched...)
}

// near returns the pattern that the user most likely means: the pattern with a star for every
// percent sign of LIKE if that matches a name, and otherwise the nearest name.
func (p Pattern) near(names []string) string {
	if starred := strings.ReplaceAll(p.text, "%", "*"); starred != p.text {
		meant, err := Parse(starred)
		if err == nil && len(meant) == 1 && slices.ContainsFunc(names, meant[0].Match) {
			return starred
		}
	}
	name, found := nearest.Nearest(p.plain(), names)
	if !found {
		return ""
	}
	return Quote(name)
}

// plain returns the letters that match themselves.
func (p Pattern) plain() string {
	var b strings.Builder
	for _, part := range p.parts {
		if !part.wild {
			b.WriteRune(part.letter)
		}
	}
	return b.String()
}
