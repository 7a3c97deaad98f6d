package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// consent is a flag that answers the question.
var consent = regexp.MustCompile(`--yes\b|(^|\s)-y\b`)

// TestHints walks the hints: none answers the question for the user.
func TestHints(t *testing.T) {
	for _, h := range hints {
		if consent.MatchString(h.text) {
			t.Errorf("the hint consents: %s", h.text)
		}
		if strings.HasSuffix(h.text, ".") || strings.ToUpper(h.text[:1]) == h.text[:1] && h.text[0] != '-' {
			t.Errorf("the hint is not written like an error: %s", h.text)
		}
	}
	if got := hint(fmt.Errorf("apply: %w", errNoConsent)); got != "" {
		t.Errorf("the hint to a refusal for want of consent is %q, want none", got)
	}
	if !strings.Contains(errNoConsent.Error(), "--yes") {
		t.Errorf("the refusal %q does not name the flag", errNoConsent)
	}
}

// TestUsageHints gives each verb wrong command lines. No hint has a word of the user's that may be
// a file, or a flag that consents.
func TestUsageHints(t *testing.T) {
	p := newProgram(newTerminal(strings.NewReader(""), io.Discard, io.Discard))
	seen := 0
	for _, v := range p.verbs {
		for _, argv := range wrongLines(v, p.flags) {
			_, err := p.parse(argv)
			usage, ok := errors.AsType[*usageError](err)
			if !ok {
				continue
			}
			seen++
			if strings.Contains(usage.hint, "file-") {
				t.Errorf("%s: the hint chooses a file: %s", quoted(argv...), usage.hint)
			}
			if consent.MatchString(usage.hint) || strings.Contains(usage.hint, "--force") || strings.Contains(usage.hint, "--allow") {
				t.Errorf("%s: the hint consents: %s", quoted(argv...), usage.hint)
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d command lines were wrong, want more", seen)
	}
}

// wrongLines returns command lines of the verb with too few and too many arguments, and with each
// of its flags before the verb, misspelt, without its value, and with another flag for a value.
func wrongLines(v *verb, globals []cli.Flag) [][]string {
	files := []string{"file-1.db", "file-2.db", "file-3.db"}
	var lines [][]string
	for n := range files {
		args := append([]string{v.name}, files[:n+1]...)
		lines = append(lines, args, append(args[:len(args):len(args)], "--yes"), append([]string{v.name, "-y", "--to", "file-0.db"}, files[:n+1]...))
	}
	lines = append(lines, []string{v.name}, []string{v.name, "--yes"}, []string{v.name, "--to", "--yes"}, []string{v.name, "--to", "-yq"})
	for _, f := range slices.Concat(v.flags, globals) {
		for _, name := range f.Names() {
			flag := dashed(name)
			lines = append(lines, []string{flag, v.name, "file-1.db"}, []string{v.name, flag}, []string{v.name, flag, "--yes"},
				[]string{v.name, "file-1.db", flag + "s"}, []string{v.name, "file-1.db", flag[:len(flag)-1] + "x"},
				[]string{v.name, "file-1.db", strings.TrimPrefix(flag, "-")})
		}
	}
	return lines
}
