package command

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/internal/nearest"
)

// The constructors of flags. Each flag writes to *dst, has the value of *dst as its default, and
// reads the environment if it is one of the settings. usage has the name of the flag's value in
// backquotes: "write to `FILE`". A short name is a letter without its dash.

// fileValue matches the usage of a flag whose value is a file or a folder, which a shell completes.
var fileValue = regexp.MustCompile("`(FILE|DB|DIR|PATH|MIGRATIONS?)`")

// boolFlag makes a flag without a value.
func boolFlag(dst *bool, name, usage string, short ...string) cli.Flag {
	return &cli.BoolFlag{
		Name: name, Aliases: short, Usage: usage, EnvVars: environment(name),
		Destination: dst, Value: *dst,
	}
}

// stringFlag makes a flag that takes any text.
func stringFlag(dst *string, name, usage string, short ...string) cli.Flag {
	return &cli.StringFlag{
		Name: name, Aliases: short, Usage: usage, EnvVars: environment(name),
		Destination: dst, Value: *dst, TakesFile: fileValue.MatchString(usage),
	}
}

// stringsFlag makes a flag that may be repeated. It keeps each value as it is: a comma or a space
// is part of a name.
func stringsFlag(dst *[]string, name, usage string, short ...string) cli.Flag {
	return &cli.StringSliceFlag{
		Name: name, Aliases: short, Usage: usage, EnvVars: environment(name), KeepSpace: true,
		Action: func(_ *cli.Context, values []string) error {
			*dst = values
			return nil
		},
	}
}

// patternUsage explains how to write patterns of tables, in the usage of each flag that takes them.
const patternUsage = "such as plan*, in any case, with commas between several"

// intFlag makes a flag that takes a whole number in decimal.
func intFlag(dst *int, name, usage string, short ...string) cli.Flag {
	return parsedFlag(dst, strconv.Itoa(*dst), func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, errors.New("want a whole number")
		}
		return n, nil
	}, name, usage, short)
}

// timeFlag makes a flag that takes a time in the form of RFC 3339.
func timeFlag(dst *time.Time, name, usage string, short ...string) cli.Flag {
	text := ""
	if !dst.IsZero() {
		text = dst.Format(time.RFC3339)
	}
	return parsedFlag(dst, text, func(text string) (time.Time, error) {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return t, errors.New("want a time such as 2025-01-01T00:00:00Z")
		}
		return t, nil
	}, name, usage, short)
}

// choiceFlag makes a flag that takes one of the choices.
func choiceFlag[T ~string](dst *T, choices []T, name, usage string, short ...string) cli.Flag {
	words := make([]string, len(choices))
	for i, choice := range choices {
		words[i] = string(choice)
	}
	f := parsedFlag(dst, string(*dst), func(text string) (T, error) {
		if slices.Contains(words, text) {
			return T(text), nil
		}
		if near, found := nearest.Nearest(text, words); found {
			return "", fmt.Errorf("did you mean %s?", near)
		}
		return "", fmt.Errorf("want %s", listed("or", words))
	}, name, usage, short)
	f.Value.(*parsedValue[T]).choices = words
	return f
}

// choicesOf returns the values of a flag that choiceFlag made, nil for any other flag.
func choicesOf(f cli.Flag) []string {
	if generic, ok := f.(*cli.GenericFlag); ok {
		return generic.Value.(interface{ words() []string }).words()
	}
	return nil
}

// addsUp reports whether each value of a flag that parsedFlag made adds to those before it.
func addsUp(f cli.Flag) bool {
	generic, ok := f.(*cli.GenericFlag)
	return ok && generic.Value.(interface{ addsUp() bool }).addsUp()
}

// parsedFlag makes a flag that takes what parse understands. text is the default in parse's own
// notation.
func parsedFlag[T any](
	dst *T, text string, parse func(string) (T, error), name, usage string, short []string,
) *cli.GenericFlag {
	value := &parsedValue[T]{dst: dst, text: text, parse: parse}
	return &cli.GenericFlag{
		Name: name, Aliases: short, Usage: usage, EnvVars: environment(name),
		Value: value, TakesFile: fileValue.MatchString(usage),
	}
}

// A parsedValue is the flag.Value of a flag that parsedFlag made.
type parsedValue[T any] struct {
	dst   *T
	text  string
	parse func(string) (T, error)

	choices []string
	repeats bool // parse adds to *dst
}

func (v *parsedValue[T]) words() []string { return v.choices }

func (v *parsedValue[T]) addsUp() bool { return v.repeats }

func (v *parsedValue[T]) Set(text string) error {
	x, err := v.parse(text)
	if err != nil {
		return err
	}
	*v.dst, v.text = x, text
	return nil
}

func (v *parsedValue[T]) String() string { return v.text }
