package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completionFlag is the last word of a command line that asks for completion. The scripts that
// "seedkit completion" prints call seedkit with it. urfave/cli chose the flag's name.
const completionFlag = "--generate-bash-completion"

// complete prints the candidates for the last of the words, one a line. It prints nothing if a file
// or any text can come there. It runs no verb, whatever the words say.
func (p *program) complete(words []string) error {
	last := len(words) - 1
	if last < 0 || slices.Contains(words[:last], "--") {
		return nil
	}
	r := &argvReader{program: p, rest: words[:last]}
	for len(r.rest) > 0 {
		word := r.next()
		f := findFlag(r.flags(), word)
		if len(r.rest) == 0 && f != nil && takesValue(f) {
			return p.offer(choicesOf(f))
		}
		if err := r.read(word); err != nil {
			return nil
		}
	}
	v, current := r.line.verb, words[last]
	if v != nil && v.complete != nil && !strings.HasPrefix(current, "-") {
		return p.offer(v.complete(r.line.args))
	}
	// urfave/cli takes the word to complete from the process's own arguments.
	place := &cli.Command{Flags: p.flags, Subcommands: cliCommands(p.within(v), nil)}
	if v != nil {
		place = v.command(p.flags)
	}
	cli.DefaultCompleteWithFlags(place)(cli.NewContext(p.app(), nil, nil))
	return p.offer(repeatable(r.flags(), words))
}

// repeatable returns the flags that the words have and that may be repeated. urfave/cli leaves out
// every flag that the words have.
func repeatable(flags []cli.Flag, words []string) []string {
	last := len(words) - 1
	var again []string
	for _, f := range flags {
		for _, name := range f.Names() {
			typed := dashed(name)
			if repeats(f) && slices.Contains(words[:last], typed) &&
				strings.HasPrefix(words[last], "-") && strings.HasPrefix(typed, words[last]) {
				again = append(again, typed)
			}
		}
	}
	return again
}

func (p *program) offer(candidates []string) error {
	for _, candidate := range candidates {
		if _, err := fmt.Fprintln(p.term.out, candidate); err != nil {
			return err
		}
	}
	return nil
}
