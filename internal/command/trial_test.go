package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
)

// trials are verbs for the tests alone. They show what seedkit does with every kind of flag, output
// and error, whatever its real verbs are.
var trials = []func(*terminal) *verb{newTrial, newCarry, newPrint, newFail, newInterrupt, newKeep}

type trialOptions struct {
	out    string
	names  []string
	count  int
	now    time.Time
	policy string
	dryRun bool
}

// newTrial makes a verb that prints how seedkit understood its command line.
func newTrial(t *terminal) *verb {
	opts := trialOptions{now: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), policy: "abort"}
	return &verb{
		name:    "trial",
		group:   groupSeed,
		purpose: "Print how the command line was understood",
		args:    "SRC [OBJECT…]",
		examples: []string{
			"seedkit trial seed.sql --dry-run",
			"seedkit trial seed.db Note User --name reference --count 20",
		},
		exits: []int{exitDiffers},
		flags: []cli.Flag{
			stringFlag(&opts.out, "out", "write to `FILE` instead of standard output", "o"),
			stringsFlag(&opts.names, "name", "take the set `NAME`", "n"),
			intFlag(&opts.count, "count",
				"make `N` rows of each kind that is not counted by itself in the fixtures"),
			timeFlag(&opts.now, "now", "take `TIME` for the present"),
			choiceFlag(&opts.policy, []string{"abort", "skip", "update"}, "on-conflict",
				"do `WHAT` with a conflict: abort, skip or update"),
			boolFlag(&opts.dryRun, "dry-run", "change nothing"),
		},
		run: func(_ context.Context, args []string) error { return runTrial(t, opts, args) },
	}
}

func runTrial(t *terminal, opts trialOptions, args []string) error {
	_, err := fmt.Fprintf(t.out,
		"out %q\nnames %q\ncount %d\nnow %s\npolicy %s\ndry run %t\nargs %q\n",
		opts.out, opts.names, opts.count, opts.now.Format(time.RFC3339), opts.policy, opts.dryRun,
		args)
	return err
}

// newCarry makes a verb that asks for consent before it acts.
func newCarry(t *terminal) *verb {
	var to, out string
	var yes, allow bool
	return &verb{
		name:     "carry",
		group:    groupProduction,
		purpose:  "Carry a seed to a database that is not there",
		args:     "SRC",
		required: []string{"to"},
		examples: []string{"seedkit carry seed.sql --to production.db"},
		exits:    []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			stringFlag(&to, "to", "carry to the database `DB`"),
			stringFlag(&out, "out", "write a report to `FILE`", "o"),
			boolFlag(&yes, "yes", "do not ask", "y"),
			boolFlag(&allow, "allow-sample", "carry sample data too"),
		},
		run: func(ctx context.Context, args []string) error {
			t.sayf("1 row to carry")
			if err := t.confirm(ctx, fmt.Sprintf("Carry %s to %s?", args[0], to), yes); err != nil {
				return err
			}
			_, err := fmt.Fprintf(t.out, "carried %s to %s, sample data %t\n", args[0], to, allow)
			return err
		},
	}
}

// newPrint makes a verb that copies its input to its output.
func newPrint(t *terminal) *verb {
	var out string
	var fail, endless bool
	return &verb{
		name:     "print",
		group:    groupScript,
		purpose:  "Print a file",
		args:     "FILE",
		examples: []string{"seedkit print seed.sql -o copy.sql"},
		flags: []cli.Flag{
			stringFlag(&out, "out", "write to `FILE` instead of standard output", "o"),
			boolFlag(&fail, "fail", "fail when all is written"),
			boolFlag(&endless, "endless", "print the file for ever"),
		},
		run: func(ctx context.Context, args []string) error {
			return runPrint(ctx, t, args[0], out, fail, endless)
		},
	}
}

func runPrint(ctx context.Context, t *terminal, in, out string, fail, endless bool) error {
	r, err := t.open(ctx, in)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := t.create(out, in)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	for endless {
		if _, err := io.WriteString(w, "and so on\n"); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
	}
	if fail {
		return errors.New("the last check did not hold")
	}
	return w.Commit()
}

// newFail makes a verb that fails in the way that its argument names.
func newFail(t *terminal) *verb {
	return &verb{
		name:     "fail",
		group:    groupBackup,
		purpose:  "Fail",
		args:     "HOW",
		examples: []string{"seedkit fail plain"},
		run: func(_ context.Context, args []string) error {
			t.warnf("about to fail: %s", args[0])
			t.sayf("summary")
			return wrongRuns[args[0]]
		},
	}
}

var errLocked = errors.New("locked")

var wrongRuns = map[string]error{
	"plain":      errors.New("read page 12: short read"),
	"exit-coder": cli.Exit("an error with a code of its own", 7),
	"joined": errors.Join(
		errors.New("seed.go:3: no column nmae"), errors.New("seed.go:9: no table Usr")),
	"wrapped": fmt.Errorf("fixtures: %w",
		errors.Join(errors.New("no column nmae"), errors.New("no table Usr"))),
	"two-in-one": fmt.Errorf("apply: %w: %w", errLocked, errors.New("busy for 5s")),
	"control":    errors.New("near \"\x1b[31m\n\": syntax error"),
	"usage": fmt.Errorf("read flags: %w",
		usagef("table Usr is not in the schema").hintf("did you mean User?")),
	"interrupted": fmt.Errorf("read row 3: %w", context.Canceled),
	"no-consent":  fmt.Errorf("apply: %w", errNoConsent),
	"declined":    errDeclined,
	"not-there":   fmt.Errorf("open seed.db: %w", os.ErrNotExist),
}

// newInterrupt makes a verb that is interrupted the given number of times. It obeys the first
// interrupt only if there is no other.
func newInterrupt(*terminal) *verb {
	var stubborn, again bool
	return &verb{
		name:     "interrupt",
		group:    groupBackup,
		purpose:  "Be interrupted",
		args:     "[SIGNAL]",
		examples: []string{"seedkit interrupt TERM"},
		flags: []cli.Flag{
			boolFlag(&stubborn, "stubborn", "go on until killed"),
			boolFlag(&again, "again", "be interrupted a second time"),
		},
		run: func(ctx context.Context, args []string) error {
			signal := syscall.SIGINT
			if strings.Join(args, "") == "TERM" {
				signal = syscall.SIGTERM
			}
			if err := kill(signal); err != nil {
				return err
			}
			<-ctx.Done()
			if again {
				time.Sleep(10 * time.Millisecond) // until the first has done all that it does
				if err := kill(signal); err != nil {
					return err
				}
			}
			for stubborn {
				if err := kill(signal); err != nil {
					return err
				}
			}
			return fmt.Errorf("wait: %w", ctx.Err())
		},
	}
}

func kill(s syscall.Signal) error {
	p, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	return p.Signal(s)
}

// newKeep makes a verb that has verbs within it.
func newKeep(t *terminal) *verb {
	var long, yes bool
	form := "table"
	say := func(_ context.Context, args []string) error {
		_, err := fmt.Fprintf(t.out, "long %t\nyes %t\nformat %s\nargs %q\n", long, yes, form, args)
		return err
	}
	return &verb{
		name:     "keep",
		group:    groupBackup,
		purpose:  "Look at what is kept",
		args:     "VERB",
		examples: []string{"seedkit keep list"},
		verbs: []*verb{
			{
				name:     "keep list",
				purpose:  "List what is kept",
				examples: []string{"seedkit keep list --long"},
				flags:    []cli.Flag{boolFlag(&long, "long", "print all of it", "l")},
				run:      say,
			},
			{
				name:     "keep show",
				purpose:  "Show one of what is kept",
				args:     "NAME",
				required: []string{"as"},
				examples: []string{"seedkit keep show User --as table"},
				flags: []cli.Flag{
					choiceFlag(&form, []string{"table",
						"text"}, "as", "show it as `FORM`: table or text"),
					boolFlag(&yes, "yes", "do not ask", "y"),
				},
				run: say,
			},
		},
	}
}
