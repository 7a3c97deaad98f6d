package command

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

var (
	//go:embed completion.bash
	bashCompletion string

	//go:embed completion.zsh
	zshCompletion string
)

func newCompletion(t *terminal, p *program) *verb {
	script := func(shell, example string, text func() (string, error)) *verb {
		return &verb{
			name:       "completion " + shell,
			purpose:    "Print the script that makes " + shell + " complete command lines",
			examples:   []string{example},
			printsText: true,
			run: func(context.Context, []string) error {
				script, err := text()
				if err == nil {
					_, err = io.WriteString(t.out, script)
				}
				return err
			},
		}
	}
	return &verb{
		name:     "completion",
		group:    groupItself,
		purpose:  "Print the script that makes a shell complete command lines",
		args:     "SHELL",
		examples: []string{"seedkit completion bash > seedkit.bash"},
		verbs: []*verb{
			script("bash", "seedkit completion bash > /etc/bash_completion.d/seedkit",
				func() (string, error) { return bashCompletion, nil }),
			script("zsh", "seedkit completion zsh > ~/.zfunc/_seedkit",
				func() (string, error) { return zshCompletion, nil }),
			script("fish", "seedkit completion fish > ~/.config/fish/completions/seedkit.fish",
				p.fishCompletion),
		},
	}
}

// fishCompletion returns the script that urfave/cli generates, with what that script lacks: the
// values that a flag takes, and the arguments of help.
func (p *program) fishCompletion() (string, error) {
	app := p.app()
	app.Commands = cliCommands(p.verbs, p.flags)
	generated, err := app.ToFishCompletion()
	if err != nil {
		return "", err
	}
	var script strings.Builder
	verbs := every(p.verbs)
	next := 0 // the place of the verb after the one that the lines are about
	// The names of values are in backquotes.
	for line := range strings.Lines(strings.ReplaceAll(generated, "`", "")) {
		if strings.HasPrefix(line, "complete -r ") {
			next++
		} else if next > 0 {
			v := verbs[next-1]
			seen := "'__fish_seen_subcommand_from " + v.word() + "'"
			line = strings.Replace(line, seen, p.fishAfter(v), 1)
		}
		script.WriteString(line)
	}
	for _, v := range verbs {
		after := "complete -c seedkit -n " + p.fishAfter(v)
		for _, f := range v.flags {
			if choices := choicesOf(f); choices != nil {
				fmt.Fprintf(&script, "%s -l %s -x -a '%s'\n",
					after, f.Names()[0], strings.Join(choices, " "))
			}
		}
		if v.complete != nil {
			fmt.Fprintf(&script, "%s -f -a '%s'\n", after, strings.Join(v.complete(nil), " "))
		}
	}
	return script.String(), nil
}

// fishAfter is the condition, in quotes, that the verb is the one on the command line. A verb
// within another may have the last word of a verb of seedkit's own.
func (p *program) fishAfter(v *verb) string {
	const seen = "__fish_seen_subcommand_from "
	condition := seen + strings.Join(strings.Fields(v.name), "; and "+seen)
	for _, other := range every(p.verbs) {
		if group, word, within := strings.Cut(other.name, " "); within && word == v.name {
			condition += "; and not " + seen + group
		}
	}
	return "'" + condition + "'"
}
