package command

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// A verb is one command of seedkit. Each has a file of its own, with a constructor that ties
// the verb's options to its flags and hands both to a run function.
//
// A verb either runs or has verbs within it. A verb with verbs has no flags of its own, and args
// is the word for one of its verbs: VERB.
type verb struct {
	name     string   // as it is typed; a verb within another begins with the other's name
	group    group    // "" for a verb within another verb
	purpose  string   // one line, imperative, no full stop
	args     string   // "DB [OBJECT…]": [X] may be left out, X… is one or more
	required []string // the names of the flags that must be given
	flags    []cli.Flag
	examples []string // command lines to copy; seedkit's own help shows the first
	exits    []int    // exit codes beyond those that every verb has

	printsText bool // prints help, a script or a page, with --json too

	// run does the verb's work. It need not check how many args there are.
	run func(ctx context.Context, args []string) error

	verbs []*verb // the verbs within this one, in help's order

	// complete returns the words that can follow args. A verb whose arguments are files has none.
	complete func(args []string) []string
}

// word is the last word of the verb's name.
func (v *verb) word() string { return v.name[strings.LastIndex(v.name, " ")+1:] }

// every returns the verbs. The verbs within a verb follow it.
func every(verbs []*verb) []*verb {
	var all []*verb
	for _, v := range verbs {
		all = append(append(all, v), every(v.verbs)...)
	}
	return all
}

// wordsOf returns the last word of each verb's name.
func wordsOf(verbs []*verb) []string {
	var words []string
	for _, v := range verbs {
		words = append(words, v.word())
	}
	return words
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

// groups lists the groups in the order in which a project uses them.
var groups = []group{groupSeed, groupScript, groupProduction, groupBackup, groupItself}

// cliCommands returns the verbs as commands of urfave/cli.
func cliCommands(verbs []*verb, more []cli.Flag) []*cli.Command {
	var all []*cli.Command
	for _, v := range verbs {
		all = append(all, v.command(more))
	}
	return all
}

// command returns the verb as a command of urfave/cli, with more flags after its own. HideHelp
// keeps the command from taking an argument named help for a subcommand.
func (v *verb) command(more []cli.Flag) *cli.Command {
	return &cli.Command{
		Name:         v.word(),
		Usage:        v.purpose,
		UsageText:    strings.Join(append([]string{v.usage()}, v.examples...), "\n"),
		Flags:        slices.Concat(v.flags, more),
		Subcommands:  cliCommands(v.verbs, more),
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
