package command

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
)

func newMan(t *terminal, p *program) *verb {
	return &verb{
		name:       "man",
		group:      groupItself,
		purpose:    "Print the manual page, in roff",
		examples:   []string{"seedkit man > seedkit.1"},
		printsText: true,
		run: func(context.Context, []string) error {
			page, err := p.manual()
			if err == nil {
				_, err = io.WriteString(t.out, page)
			}
			return err
		},
	}
}

// manual returns the page that urfave/cli makes of the verbs and their flags, with the exit codes.
func (p *program) manual() (string, error) {
	app := p.app()
	app.Usage = "bring the seed data of an app that runs on SQLite safely to production"
	app.UsageText = "seedkit VERB [ARGUMENT…] [FLAG…]"
	var about strings.Builder
	about.WriteString("Flags may come before, between and after the arguments. " +
		"\"seedkit help environment\" lists the variables that set flags.\n\nExit codes:\n")
	for _, e := range exitMeanings {
		fmt.Fprintf(&about, "\n**%d**\n: %s\n", e.code, e.meaning)
	}
	app.Description = about.String()
	page, err := app.ToManWithSection(1)
	return emptyValue.ReplaceAllString(page, ` \fI$2\fP$1`), err
}

// emptyValue matches the value "" that the generator gives a flag, and the flag's usage up to the
// name of its value.
var emptyValue = regexp.MustCompile(`=""(: .*?\\fB(.*?)\\fR)`)
