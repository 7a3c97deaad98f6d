package command

import (
	"context"
	"slices"

	"github.com/urfave/cli/v2"
)

// A constructor makes a verb.
type constructor = func(*terminal) *verb

// constructors make seedkit's verbs. Help lists the verbs of a group in this order, in which a
// project uses them.
var constructors = []constructor{
	newInit,
	newGen,
	newDump,
	newExtract,
	newApply,
	newRBAC,
	newUndo,
	newBackup,
	newVerify,
	newRestore,
	newRuns,
	newVersion,
}

// A program is seedkit with its streams.
type program struct {
	term  *terminal
	verbs []*verb

	// flags are seedkit's own: they work before the verb and after it. parse turns two of them,
	// help and version, into the verbs of the same names.
	flags         []cli.Flag
	help, version cli.Flag
}

func newProgram(t *terminal, constructors []constructor) *program {
	p := &program{
		term: t,
		help: &cli.BoolFlag{
			Name: "help", Aliases: []string{"h"},
			Usage: "print help, on the verb if there is one",
		},
		version: &cli.BoolFlag{Name: "version", Usage: "print the version"},
	}
	var asked bool // unused: newAnswer reads --json
	p.flags = []cli.Flag{
		boolFlag(&t.quiet, "quiet", "print data, questions, warnings and errors only", "q"),
		boolFlag(&asked, "json",
			"like --quiet, and print what the verb reports as one JSON object"),
		p.help,
		p.version,
	}
	for _, construct := range constructors {
		p.verbs = append(p.verbs, construct(t))
	}
	p.verbs = append(p.verbs, newCompletion(t, p), newMan(t, p), newHelp(t, p))
	return p
}

// run runs the verb that argv names. argv are the words after the command's name.
func (p *program) run(ctx context.Context, argv []string) error {
	if last := len(argv) - 1; last >= 0 && argv[last] == completionFlag {
		return p.complete(argv[:last])
	}
	p.term.json = newAnswer(argv)
	line, err := p.parse(argv)
	p.name(line.verb)
	if err != nil {
		return err
	}
	p.term.flags = slices.Concat(line.globals, line.flags)
	p.warnIgnored(line.verb)
	return p.app().RunContext(ctx, line.canonical())
}

// name writes the verb's name into the answer. A verb that prints a text has no answer.
func (p *program) name(v *verb) {
	switch {
	case v == nil || p.term.json == nil:
	case v.printsText:
		p.term.json = nil
	default:
		p.term.json.Verb = v.name
	}
}

// app hands the verbs to urfave/cli, which reads the flags' values and the environment and calls
// the verb. seedkit itself handles unknown and missing flags (argv.go, arguments.go), help and
// version (help.go), and exit codes (exit.go).
func (p *program) app() *cli.App {
	return &cli.App{
		Name:                      "seedkit",
		Flags:                     p.flags,
		Commands:                  cliCommands(p.verbs, nil),
		Reader:                    p.term.in,
		Writer:                    p.term.out,
		ErrWriter:                 p.term.err,
		HideHelp:                  true,
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              valueError,
		Before: func(*cli.Context) error {
			p.term.quiet = p.term.quiet || p.term.json != nil
			return nil
		},
	}
}

// within returns the verbs within v, or seedkit's own verbs if v is nil.
func (p *program) within(v *verb) []*verb {
	if v == nil {
		return p.verbs
	}
	return v.verbs
}

// find returns the verb that words name: the first word names a verb within v, each further word a
// verb within the one before it. rest begins with the first word that names no verb.
func (p *program) find(v *verb, words []string) (found *verb, rest []string) {
	for i, word := range words {
		verbs := p.within(v)
		next := slices.IndexFunc(verbs, func(v *verb) bool { return v.word() == word })
		if next < 0 {
			return v, words[i:]
		}
		v = verbs[next]
	}
	return v, nil
}

// verb returns seedkit's own verb of that name, or nil.
func (p *program) verb(name string) *verb {
	v, _ := p.find(nil, []string{name})
	return v
}
