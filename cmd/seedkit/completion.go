package main

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
	// The names of values are in backquotes.
	script.WriteString(strings.ReplaceAll(generated, "`", ""))
	for _, v := range every(p.verbs) {
		after := fmt.Sprintf("complete -c seedkit -n '__fish_seen_subcommand_from %s'", v.word())
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
