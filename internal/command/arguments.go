package command

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// check returns a usageError if arguments or flags are missing or empty, or if there are too many
// arguments.
func (l commandLine) check() error {
	if _, most := l.verb.arity(); most >= 0 && len(l.args) > most {
		return l.tooMany(l.args[most:])
	}
	if err := l.missing(); err != nil {
		return err
	}
	return l.empty()
}

// empty is the error for an argument or a value that is empty, as --dir "$UNSET" is: the default
// would put a backup elsewhere than was meant, and SQLite takes an empty name for a new database.
// The text of --seed may be empty. A flag that repeats checks its values by itself.
func (l commandLine) empty() error {
	const hint = "a variable of the shell may not be set"
	if slices.Contains(l.args, "") {
		return usagef("an argument of %s is empty", l.verb.name).hintf(hint)
	}
	for _, f := range l.verb.flags {
		name := dashed(f.Names()[0])
		if takesValue(f) && !repeats(f) && name != "--seed" && slices.Contains(l.flags, name+"=") {
			return usagef("the value of %s is empty: %s", name, synopsis(f)).hintf(hint)
		}
	}
	return nil
}

// arity returns the names of the arguments that the verb needs, and the maximum number of its
// arguments: -1 for any number.
func (v *verb) arity() (needed []string, most int) {
	names := strings.Fields(v.args)
	for _, name := range names {
		if !strings.HasPrefix(name, "[") {
			needed = append(needed, strings.TrimSuffix(name, "…"))
		}
		if strings.HasSuffix(strings.TrimSuffix(name, "]"), "…") {
			return needed, -1
		}
	}
	return needed, len(names)
}

// tooMany is the error for extra arguments. Only the user knows which word was meant for what, so
// the hint repeats none of them.
func (l commandLine) tooMany(extra []string) error {
	err := usagef("too many arguments for %s: %s", l.verb.name, quoted(extra...))
	return err.hintf("write: %s", l.verb.usage())
}

// missing is the error for arguments and flags that the verb needs and the line lacks.
func (l commandLine) missing() error {
	needed, _ := l.verb.arity()
	args := needed[min(len(l.args), len(needed)):]
	var flags []string
	for _, f := range l.missingFlags() {
		flags = append(flags, synopsis(f))
	}
	if len(args)+len(flags) == 0 {
		return nil
	}
	if verbs := l.verb.verbs; len(verbs) > 0 {
		return usagef("%s needs %s: %s", l.verb.name, l.verb.args, listed("or", wordsOf(verbs)))
	}
	err := usagef("%s needs %s", l.verb.name, listed("and", append(args, flags...)))
	return err.hintf("write: %s", l.verb.usage())
}

// missingFlags returns the required flags that the line lacks or leaves empty, as --to "$UNSET"
// does.
func (l commandLine) missingFlags() []cli.Flag {
	var missing []cli.Flag
	for _, name := range l.verb.required {
		if !l.has(name) {
			missing = append(missing, findFlag(l.verb.flags, dashed(name)))
		}
	}
	return missing
}

// has reports whether the line gives the flag a value that is not empty.
func (l commandLine) has(name string) bool {
	prefix := dashed(name) + "="
	for _, f := range l.flags {
		if strings.HasPrefix(f, prefix) && f != prefix {
			return true
		}
	}
	return false
}

// unsafeInShell matches a character that a shell might not take literally.
var unsafeInShell = regexp.MustCompile(`[^\w@%+=:,./-]`)

// quoted writes words so that a shell reads them as they are.
func quoted(words ...string) string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = word
		if word == "" || unsafeInShell.MatchString(word) {
			out[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(out, " ")
}

// listed joins words as a sentence does: "A, B and C".
func listed(conjunction string, words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}
