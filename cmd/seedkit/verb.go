package main

import (
	"context"

	"github.com/urfave/cli/v2"
)

// A verb is one command of seedkit. Each has a file of its own, with a constructor that ties
// the verb's options to its flags and hands both to a run function.
type verb struct {
	name     string
	group    group
	purpose  string   // one line, imperative, no full stop
	args     string   // "DB [OBJECT…]": [X] may be left out, X… is one or more
	required []string // names of flags that must be given
	flags    []cli.Flag
	examples []string // command lines to copy; the first also stands in seedkit's own help
	exits    []int    // exit codes beyond those that every verb has

	// run does the verb's work. It need not check how many args there are.
	run func(ctx context.Context, args []string) error
}

// A group is a heading under which help lists verbs.
type group string

const (
	groupSeed       group = "Make seed data"
	groupScript     group = "Turn it into SQL"
	groupProduction group = "Bring it to production"
	groupBackup     group = "Keep backups"
	groupItself     group = "About seedkit"
)

// groups in the order of the road.
var groups = []group{groupSeed, groupScript, groupProduction, groupBackup, groupItself}

// command is the verb as urfave/cli knows it. HideHelp keeps it from taking an argument named
// help for a subcommand.
func (v *verb) command() *cli.Command {
	return &cli.Command{
		Name:         v.name,
		Flags:        v.flags,
		HideHelp:     true,
		OnUsageError: valueError,
		Action: func(c *cli.Context) error {
			args, err := v.paths(c.Args().Slice())
			if err != nil {
				return err
			}
			return v.run(c.Context, args)
		},
	}
}
