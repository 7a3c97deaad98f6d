package command

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

func newMan(t *terminal, p *program) *verb {
	return &verb{
		name:       "man",
		group:      groupItself,
		purpose:    "Print the manual page, in roff",
		examples:   []string{"seedkit man > seedkit.1"},
		printsText: true,
		run: func(context.Context, []string) error {
			_, err := io.WriteString(t.out, p.manual())
			return err
		},
	}
}

// A manualPage is a text in roff, with the macros of man(7).
type manualPage struct{ strings.Builder }

// macro adds a line with a macro.
func (m *manualPage) macro(name string, args ...string) {
	m.WriteString("." + name)
	for _, arg := range args {
		if arg = roffText(arg); strings.Contains(arg, " ") {
			arg = `"` + strings.ReplaceAll(arg, `"`, `\(dq`) + `"`
		}
		m.WriteString(" " + arg)
	}
	m.WriteString("\n")
}

// text adds a line of running text.
func (m *manualPage) text(line string) { m.WriteString(roffText(line) + "\n") }

// item adds a name in bold letters, and its explanation.
func (m *manualPage) item(name, explanation string) {
	m.macro("TP")
	m.macro("B", name)
	m.text(explanation)
}

// roffText returns text without what roff takes for its own: a backslash, a line that begins with a
// period or an apostrophe, and dashes, which it would print as hyphens.
func roffText(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}

// manual returns the page of the verbs and their flags, with the exit codes.
func (p *program) manual() string {
	m := &manualPage{}
	m.macro("TH", "seedkit", "1")
	m.macro("SH", "NAME")
	m.text("seedkit - bring the seed data of an app that runs on SQLite safely to production")
	m.macro("SH", "SYNOPSIS")
	m.macro("B", "seedkit VERB [ARGUMENT…] [FLAG…]")
	m.macro("SH", "DESCRIPTION")
	m.text("Flags may come before, between and after the arguments.")
	m.text(`"seedkit help environment" lists the variables that set flags.`)
	m.macro("SH", "FLAGS OF EVERY VERB")
	m.flags(p.flags)
	m.macro("SH", "VERBS")
	for _, v := range every(p.verbs) {
		m.verb(v)
	}
	m.macro("SH", "EXIT STATUS")
	for _, e := range exitMeanings {
		m.item(strconv.Itoa(e.code), e.meaning)
	}
	return m.String()
}

func (m *manualPage) verb(v *verb) {
	m.macro("SS", v.name)
	m.text(v.purpose + ".")
	m.macro("PP")
	m.macro("B", v.usage())
	m.macro("PP")
	m.text("For example:")
	for _, example := range v.examples {
		m.macro("PP")
		m.macro("RS")
		m.text(example)
		m.macro("RE")
	}
	m.flags(v.flags)
}

func (m *manualPage) flags(flags []cli.Flag) {
	for _, f := range flags {
		name := synopsis(f)
		if names := f.Names(); len(names) > 1 {
			name = fmt.Sprintf("%s, %s", dashed(names[1]), name)
		}
		m.item(name, flagText(f))
	}
}
