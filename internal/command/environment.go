package command

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
)

// settings are the flags that an environment variable can set: SEEDKIT_BACKUP_DIR sets
// --backup-dir. Each setting says how seedkit writes or prints something. A flag that consents,
// that names what is written, or that skips a check must be typed each time: a forgotten variable
// would do so without a word.
var settings = []string{"backup-dir", "datetime", "format", "json", "now", "quiet", "seed"}

const variablePrefix = "SEEDKIT_"

// environment returns the variables that can set the flag. Most flags have none.
func environment(flag string) []string {
	if !slices.Contains(settings, flag) {
		return nil
	}
	return []string{variableOf(flag)}
}

// variableOf returns SEEDKIT_DRY_RUN for dry-run.
func variableOf(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// warnIgnored warns of variables that set nothing: those with the name of a flag of the verb that
// is not a setting, and those with a name similar to a setting's. Other programs may have variables
// that begin with SEEDKIT_, too.
func (p *program) warnIgnored(v *verb) {
	ignored := map[string]string{}
	for _, f := range v.flags {
		if name := f.Names()[0]; !slices.Contains(settings, name) {
			ignored[variableOf(name)] = fmt.Sprintf("no variable can set %s", dashed(name))
		}
	}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		word, ours := strings.CutPrefix(name, variablePrefix)
		if !ours || value == "" {
			continue
		}
		flag := strings.ToLower(strings.ReplaceAll(word, "_", "-"))
		near, ok := nearest.Nearest(flag, settings)
		switch {
		case ignored[name] != "":
			p.term.warnf("%s is ignored: %s", name, ignored[name])
		case ok && variableOf(near) != name:
			p.term.warnf("%s is ignored: there is no such setting (did you mean %s?)",
				name, variableOf(near))
		}
	}
}

// describeEnvironment writes the help on the variables: for each setting that a verb has, the verbs
// and what it sets.
func (p *program) describeEnvironment(page *helpPage) {
	page.WriteString("Settings that seedkit takes from the environment\n")
	page.section("Usage", helpRow{"SEEDKIT_…=VALUE seedkit VERB [ARGUMENT…] [FLAG…]", ""})
	var rows []helpRow
	for _, flag := range settings {
		rows = append(rows, p.settingRows(flag)...)
	}
	page.section("Variables", rows...)
	page.section("Rules",
		helpRow{"1", "A flag on the command line goes before its variable."},
		helpRow{"2", "A variable that is empty sets nothing. " +
			"A flag that takes no value is set by 1 or true."},
		helpRow{"3", "No variable consents, names what is written, or skips a check: " +
			"such flags are typed."},
		helpRow{"4", "DATABASE_URL names a database that verbs read where the command line " +
			"has none, and never write to."},
		helpRow{"5", "NO_COLOR, set to anything, and TERM=dumb turn colours off."},
	)
}

// settingRows returns rows that say what a setting does in each verb that has it. Verbs in which it
// does the same share a row.
func (p *program) settingRows(flag string) []helpRow {
	name, dashes := variableOf(flag), dashed(flag)
	if f := findFlag(p.flags, dashes); f != nil {
		_, text := placeholderOf(f)
		return []helpRow{{name, fmt.Sprintf("%s of every verb: %s", dashes, text)}}
	}
	var texts []string
	verbs := map[string][]string{} // by text
	for _, v := range every(p.verbs) {
		f := findFlag(v.flags, dashes)
		if f == nil {
			continue
		}
		_, text := placeholderOf(f)
		if verbs[text] == nil {
			texts = append(texts, text)
		}
		verbs[text] = append(verbs[text], v.name)
	}
	var rows []helpRow
	for _, text := range texts {
		of := listed("and", verbs[text])
		rows = append(rows, helpRow{name, fmt.Sprintf("%s of %s: %s", dashes, of, text)})
	}
	return rows
}
