package command

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/internal/nearest"
)

// A commandLine is argv taken apart. argv may have flags and arguments in any order. urfave/cli
// alone would take every word after the first argument for an argument, so that "apply seed.sql
// --dry-run" would apply.
type commandLine struct {
	verb    *verb
	globals []string // flags of seedkit, as --name or --name=value
	flags   []string // flags of the verb, likewise
	args    []string
}

// canonical returns the line in the only order that urfave/cli understands.
func (l commandLine) canonical() []string {
	verbs := strings.Fields(l.verb.name)
	return slices.Concat([]string{"seedkit"}, l.globals, verbs, l.flags, []string{"--"}, l.args)
}

// An argvReader reads argv from left to right.
type argvReader struct {
	program *program
	rest    []string // not read yet
	line    commandLine
	help    bool
	version bool
}

// parse takes argv apart and checks everything except the values of flags. A line that asks for
// help or for the version asks for nothing else. With an error, parse returns what it has read so
// far.
func (p *program) parse(argv []string) (commandLine, error) {
	r := &argvReader{program: p, rest: argv}
	for len(r.rest) > 0 {
		if err := r.read(r.next()); err != nil {
			return r.line, err
		}
	}
	switch {
	case r.version:
		return commandLine{verb: p.verb("version")}, nil
	case r.line.verb == nil:
		return commandLine{verb: p.verb("help")}, nil
	case r.help:
		return commandLine{verb: p.verb("help"), args: strings.Fields(r.line.verb.name)}, nil
	}
	return r.line, r.line.check()
}

func (r *argvReader) next() string {
	word := r.rest[0]
	r.rest = r.rest[1:]
	return word
}

// read reads a word. "--" ends the flags. "-" is an argument: standard input or output.
func (r *argvReader) read(word string) error {
	switch {
	case word == "--":
		for len(r.rest) > 0 {
			if err := r.argument(r.next()); err != nil {
				return err
			}
		}
		return nil
	case strings.HasPrefix(word, "-") && word != "-":
		return r.flag(word)
	default:
		return r.argument(word)
	}
}

// argument reads a word that is not a flag: the name of a verb, of a verb within it, or an
// argument.
func (r *argvReader) argument(word string) error {
	if err := refuseRemote(word); err != nil {
		return err
	}
	if v := r.line.verb; v != nil && len(v.verbs) == 0 {
		r.line.args = append(r.line.args, word)
		return nil
	}
	v, rest := r.program.find(r.line.verb, []string{word})
	if len(rest) > 0 {
		return r.program.unknownVerb(v, word)
	}
	r.line.verb = v
	return nil
}

// flag reads a flag and, if the flag's definition has one, its value.
func (r *argvReader) flag(word string) error {
	name, value, hasValue := strings.Cut(word, "=")
	f := findFlag(r.flags(), name)
	if f == nil && remoteScheme(word) != "" {
		return refuseRemote(word)
	}
	if f == nil && r.isGroup(name) {
		return r.group(word)
	}
	switch {
	case f == nil:
		return r.unknownFlag(name, "")
	case f == r.program.help:
		r.help = true
		return nil
	case f == r.program.version:
		r.version = true
		return nil
	case takesValue(f) && !hasValue:
		var err error
		if value, err = r.value(f, name); err != nil {
			return err
		}
		hasValue = true
	}
	if err := r.checkValue(f, value); err != nil {
		return err
	}
	canonical := dashed(f.Names()[0])
	if hasValue {
		canonical += "=" + value
	}
	if slices.Contains(r.program.flags, f) {
		r.line.globals = append(r.line.globals, canonical)
	} else {
		r.line.flags = append(r.line.flags, canonical)
	}
	return nil
}

// checkValue refuses a second value for the flag f if only the last value would count. It refuses
// the URL of a server, and one that names no file, before anything prints the URL. A flag without a
// value may be repeated. The text of --seed may be anything.
func (r *argvReader) checkValue(f cli.Flag, value string) error {
	name := dashed(f.Names()[0])
	if name != "--seed" {
		if err := refuseRemote(value); err != nil {
			return err
		}
		if _, err := databasePath(value); err != nil {
			return err
		}
	}
	if !takesValue(f) || repeats(f) {
		return nil
	}
	given := func(flag string) bool { return strings.HasPrefix(flag, name+"=") }
	if slices.ContainsFunc(r.line.flags, given) || slices.ContainsFunc(r.line.globals, given) {
		return usagef("%s is given twice, and takes one value: %s", name, synopsis(f))
	}
	return nil
}

// isGroup reports whether word is several one-letter flags in one word: -yq. A word is no group if
// its first letter is not a flag, or if it is a flag's long name that lacks a dash.
func (r *argvReader) isGroup(word string) bool {
	letters, dash := strings.CutPrefix(word, "-")
	if !dash || len(letters) < 2 || findFlag(r.flags(), "--"+letters) != nil {
		return false
	}
	return findFlag(r.flags(), "-"+letters[:1]) != nil
}

// group reads flags of one letter each. Only the last can have a value.
func (r *argvReader) group(word string) error {
	name, value, hasValue := strings.Cut(word, "=")
	letters := []rune(name[1:])
	for i, letter := range letters {
		flag, last := "-"+string(letter), i == len(letters)-1
		f := findFlag(r.flags(), flag)
		if f == nil {
			return r.unknownFlag(flag, " in "+name)
		}
		if takesValue(f) && !last {
			return usagef("%s in %s needs a value, so it must be the last: %s",
				flag, name, synopsis(f))
		}
		if last && hasValue {
			flag += "=" + value
		}
		if err := r.flag(flag); err != nil {
			return err
		}
	}
	return nil
}

// value reads the value of the flag f, which was typed as name. A flag in the value's place means
// that the value was forgotten: "--to --yes" does not name a database --yes. -1 is a value.
func (r *argvReader) value(f cli.Flag, name string) (string, error) {
	missing := usagef("%s needs a value: %s", name, synopsis(f))
	if len(r.rest) == 0 {
		return "", missing
	}
	value := r.next()
	if strings.HasPrefix(value, "--") || findFlag(r.flags(), value) != nil || r.isGroup(value) {
		return "", missing.hintf("a value that begins with a dash is written as %s=VALUE", name)
	}
	return value, nil
}

// flags returns the flags that can come next: the verb's own flags come only after the verb.
func (r *argvReader) flags() []cli.Flag {
	if r.line.verb == nil {
		return r.program.flags
	}
	return slices.Concat(r.line.verb.flags, r.program.flags)
}

// unknownFlag is the error for a flag that the verb does not have. The hint proposes no flag that
// consents: only the user knows what a misspelt flag was meant to be.
func (r *argvReader) unknownFlag(name, where string) error {
	v := r.line.verb
	err := usagef("unknown flag %s%s", name, where)
	if v != nil {
		err = usagef("unknown flag %s%s for %s", name, where, v.name)
	}
	if near, found := nearestFlag(r.flags(), name); found {
		return err.hintf("did you mean %s?", near)
	}
	usage := "seedkit VERB [FLAG…]"
	if v != nil {
		usage = v.usage()
	}
	for _, within := range every(r.program.within(v)) {
		if findFlag(within.flags, name) != nil {
			return err.hintf("a verb's flags come after it: %s", usage)
		}
	}
	if v != nil {
		return err.hintf("seedkit help %s lists its flags; "+
			"-- goes before an argument that begins with a dash", v.name)
	}
	return err.hintf("seedkit help lists the flags and the verbs")
}

// unknownVerb is the error for a word that is neither a verb within v nor one of the others.
func (p *program) unknownVerb(v *verb, word string, others ...string) error {
	err := usagef("unknown verb %s", quoted(word)).hintf("seedkit help lists the verbs")
	if v != nil {
		err = usagef("unknown verb %s for %s", quoted(word), v.name).
			hintf("seedkit help %s lists its verbs", v.name)
	}
	if near, found := nearest.Nearest(word, append(wordsOf(p.within(v)), others...)); found {
		return err.hintf("did you mean %s?", near)
	}
	return err
}

// findFlag returns the flag that word names, with its dashes, or nil.
func findFlag(flags []cli.Flag, word string) cli.Flag {
	for _, f := range flags {
		for _, name := range f.Names() {
			if dashed(name) == word {
				return f
			}
		}
	}
	return nil
}

// nearestFlag returns the flag that word was meant to be, with its dashes: the same name with the
// wrong number of dashes, or a similar name.
func nearestFlag(flags []cli.Flag, word string) (string, bool) {
	var names []string
	for _, f := range flags {
		if !consents(f) {
			names = append(names, f.Names()...)
		}
	}
	near, found := nearest.Nearest(strings.TrimLeft(word, "-"), names)
	return dashed(near), found
}

// consents reports whether the flag permits what seedkit would otherwise ask for or refuse.
func consents(f cli.Flag) bool {
	name := f.Names()[0]
	return name == "yes" || name == "force" || name == "no-proof" ||
		strings.HasPrefix(name, "allow-")
}

// dashed returns a flag's name as the user types it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func takesValue(f cli.Flag) bool {
	return f.(cli.DocGenerationFlag).TakesValue()
}
