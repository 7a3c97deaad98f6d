package command

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// report writes to standard error what went wrong: a line "seedkit: error: …" for each error that
// was joined into err, then "seedkit: hint: …" if there is a hint.
func (t *terminal) report(err error) {
	for _, text := range errorTexts(err) {
		t.line(red, "error", text)
	}
	if h := hintFor(err); h != "" {
		t.line(cyan, "hint", h)
	}
}

// errorTexts returns the texts of the error that a verb ended with.
func errorTexts(err error) []string {
	if as[programEnd](err) {
		return nil
	}
	switch exitCode(err) {
	case exitDone:
		return nil
	case exitInterrupted:
		return []string{"interrupted"}
	}
	return messages(err)
}

// hintFor returns the hint on the error that a verb ended with, or "".
func hintFor(err error) string {
	switch exitCode(err) {
	case exitDone, exitInterrupted:
		return ""
	}
	return hint(err)
}

// line writes "seedkit: kind: text" to standard error, as one line whatever text holds.
func (t *terminal) line(c colour, kind, text string) {
	fmt.Fprintf(t.err, "%s %s\n", t.paint(t.err, c, "seedkit: "+kind+":"), printable(text))
}

// messages returns the texts of the errors that were joined into err, each with the context that
// was wrapped around the join. An error that wraps two others in one sentence, with two %w, is one
// error.
func messages(err error) []string {
	text := err.Error()
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		var all, texts []string
		for _, part := range e.Unwrap() {
			all = append(all, messages(part)...)
			texts = append(texts, part.Error())
		}
		if strings.Join(texts, "\n") == text {
			return all
		}
	case interface{ Unwrap() error }:
		inner := e.Unwrap()
		if inner == nil {
			break
		}
		prefix, wraps := strings.CutSuffix(text, inner.Error())
		if !wraps {
			break
		}
		all := messages(inner)
		for i := range all {
			all[i] = prefix + all[i]
		}
		return all
	}
	return []string{text}
}

// printable escapes what would break the line or command the terminal: text may quote the name of a
// file or the content of a database.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return b.String()
}
