package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

func newHelp(t *terminal, p *program) *verb {
	return &verb{
		name:       "help",
		group:      groupItself,
		purpose:    "Print this help, a verb's, or the one on the environment",
		args:       "[VERB…]",
		printsText: true,
		examples:   []string{"seedkit help version", "seedkit help environment"},
		run:        func(_ context.Context, args []string) error { return runHelp(t, p, args) },
		complete:   p.helpTopics,
	}
}

// helpOnEnvironment is the only topic of help that is not a verb.
const helpOnEnvironment = "environment"

func runHelp(t *terminal, p *program, args []string) error {
	page := &helpPage{columns: t.out.columns}
	if len(args) == 0 {
		p.describe(page)
	} else if slices.Equal(args, []string{helpOnEnvironment}) {
		p.describeEnvironment(page)
	} else if v, err := p.helpedVerb(args); err == nil {
		v.describe(page, p.flags)
	} else {
		return err
	}
	_, err := io.WriteString(t.out, page.String())
	return err
}

// helpedVerb returns the verb that words name: each word names a verb within the one before it.
func (p *program) helpedVerb(words []string) (*verb, error) {
	v, rest := p.find(nil, words)
	switch {
	case len(rest) == 0:
		return v, nil
	case v == nil:
		return nil, p.unknownVerb(nil, rest[0], helpOnEnvironment)
	case len(v.verbs) == 0:
		return nil, commandLine{verb: p.verb("help")}.tooMany(rest)
	default:
		return nil, p.unknownVerb(v, rest[0])
	}
}

// helpTopics returns the words that can follow "seedkit help" and words.
func (p *program) helpTopics(words []string) []string {
	v, rest := p.find(nil, words)
	switch {
	case len(rest) > 0:
		return nil
	case v == nil:
		return append(wordsOf(p.verbs), helpOnEnvironment)
	default:
		return wordsOf(v.verbs)
	}
}

// describe writes seedkit's own help, which lists the verbs.
func (p *program) describe(page *helpPage) {
	page.WriteString("Bring the seed data of an app that runs on SQLite safely to production\n")
	page.section("Usage", helpRow{"seedkit VERB [ARGUMENT…] [FLAG…]", ""})
	var examples []helpRow
	verbs, width := map[group][]helpRow{}, 0
	for _, v := range p.verbs {
		width = max(width, len(v.name))
	}
	for _, v := range p.verbs {
		verbs[v.group] = append(verbs[v.group],
			helpRow{fmt.Sprintf("%-*s", width, v.name), v.purpose})
		if v.group != groupItself {
			examples = append(examples, helpRow{v.examples[0], ""})
		}
	}
	page.section("Examples", examples...)
	for _, g := range groups {
		page.section(string(g), verbs[g]...)
	}
	page.section("Flags", flagRows(p.flags)...)
	page.section("Exit codes", exitRows(func(int) bool { return true })...)
}

// describe writes the verb's help.
func (v *verb) describe(page *helpPage, globals []cli.Flag) {
	page.WriteString(v.purpose + "\n")
	page.section("Usage", helpRow{v.usage(), ""})
	var examples []helpRow
	for _, example := range v.examples {
		examples = append(examples, helpRow{example, ""})
	}
	page.section("Examples", examples...)
	page.section("Verbs", verbRows(v.verbs)...)
	page.section("Flags", flagRows(slices.Concat(v.flags, globals))...)
	page.section("Exit codes", exitRows(func(code int) bool {
		return slices.Contains([]int{exitDone, exitFailed, exitUsage, exitInterrupted}, code) ||
			slices.Contains(v.exits, code)
	})...)
}

// usage returns the outline of the verb's command line.
func (v *verb) usage() string {
	words := append([]string{"seedkit", v.name}, strings.Fields(v.args)...)
	for _, name := range v.required {
		words = append(words, synopsis(findFlag(v.flags, dashed(name))))
	}
	return strings.Join(append(words, "[FLAG…]"), " ")
}

func verbRows(verbs []*verb) []helpRow {
	var rows []helpRow
	for _, v := range verbs {
		rows = append(rows, helpRow{v.word(), v.purpose})
	}
	return rows
}

// synopsis returns a flag as the user types it, with the name of its value: "--to DB".
func synopsis(f cli.Flag) string {
	name := dashed(f.Names()[0])
	if placeholder, _ := placeholderOf(f); takesValue(f) {
		return name + " " + placeholder
	}
	return name
}

// placeholderOf returns the name of the flag's value, which is in backquotes in its usage, and the
// usage without the backquotes.
func placeholderOf(f cli.Flag) (name, usage string) {
	usage = f.(cli.DocGenerationFlag).GetUsage()
	if before, rest, ok := strings.Cut(usage, "`"); ok {
		if name, after, ok := strings.Cut(rest, "`"); ok {
			return name, before + name + after
		}
	}
	return "VALUE", usage
}

func flagRows(flags []cli.Flag) []helpRow {
	var rows []helpRow
	for _, f := range flags {
		short := "    "
		if names := f.Names(); len(names) > 1 {
			short = dashed(names[1]) + ", "
		}
		rows = append(rows, helpRow{short + synopsis(f), flagText(f)})
	}
	return rows
}

// flagText returns a flag's usage, with its default and whether it may be repeated.
func flagText(f cli.Flag) string {
	_, text := placeholderOf(f)
	doc := f.(cli.DocGenerationFlag)
	if repeats(f) {
		text += "; may be repeated"
	}
	if value := doc.GetDefaultText(); takesValue(f) && value != "" && value != "0" {
		text += fmt.Sprintf(" (default %s)", value)
	}
	return text
}

// repeats reports whether the flag takes several values, by being repeated.
func repeats(f cli.Flag) bool {
	slice, ok := f.(cli.DocGenerationSliceFlag)
	return ok && slice.IsSliceFlag() || addsUp(f)
}

func exitRows(listed func(code int) bool) []helpRow {
	var rows []helpRow
	for _, e := range exitMeanings {
		if listed(e.code) {
			rows = append(rows, helpRow{strconv.Itoa(e.code), e.meaning})
		}
	}
	return rows
}

// A helpRow is a name and its explanation.
type helpRow struct{ name, text string }

// A helpPage is a text in sections. Its lines have at most columns letters, unless a single word is
// longer.
type helpPage struct {
	strings.Builder
	columns int
}

// section adds the rows under a title, with the explanations aligned after the names. It adds
// nothing if there are no rows.
func (page *helpPage) section(title string, rows ...helpRow) {
	if len(rows) == 0 {
		return
	}
	const indent, gap = 2, 2
	width := 0
	for _, row := range rows {
		width = max(width, len([]rune(row.name)))
	}
	fmt.Fprintf(page, "\n%s:\n", title)
	for _, row := range rows {
		lead := fmt.Sprintf("%*s%-*s", indent, "", width+gap, row.name)
		for _, line := range wrapped(row.text, page.columns-indent-width-gap) {
			page.WriteString(strings.TrimRight(lead+line, " ") + "\n")
			lead = strings.Repeat(" ", indent+width+gap)
		}
	}
}

// wrapped breaks text between words into lines of at most columns letters. A longer word is a line
// of its own. wrapped returns at least one line.
func wrapped(text string, columns int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len([]rune(*last))+1+len([]rune(word)) <= columns:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
