package command

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestVerbs checks what the rest of seedkit takes for granted of each verb.
func TestVerbs(t *testing.T) {
	p := unattended()
	purpose := regexp.MustCompile(`^[A-Z].{5,68}[^.]$`)
	seen := map[string]bool{}
	for _, v := range every(p.verbs) {
		t.Run(v.name, func(t *testing.T) {
			if seen[v.name] {
				t.Error("there are two verbs of this name")
			}
			seen[v.name] = true
			if slices.Contains(p.verbs, v) && !slices.Contains(groups, v.group) {
				t.Errorf("group %q is not one of %q", v.group, groups)
			}
			if v.run == nil && (len(v.verbs) == 0 || len(v.flags) > 0 || v.args == "") {
				t.Error("a verb that does not run must have verbs, no flags, " +
					"and a word for its verbs in args")
			}
			if v.run != nil && len(v.verbs) > 0 {
				t.Error("a verb that runs has verbs")
			}
			for _, within := range v.verbs {
				if within.name != v.name+" "+within.word() || within.group != "" {
					t.Errorf("%s of group %q is within %s", within.name, within.group, v.name)
				}
			}
			if !purpose.MatchString(v.purpose) {
				t.Errorf("purpose %q is not one short line without a full stop", v.purpose)
			}
			flags := map[string]bool{}
			for _, f := range slices.Concat(p.flags, v.flags) {
				for _, name := range f.Names() {
					if flags[name] {
						t.Errorf("%s is defined twice", dashed(name))
					}
					flags[name] = true
				}
				if name, _ := placeholderOf(f); takesValue(f) && name == "VALUE" {
					t.Errorf("usage of --%s does not name its value in backquotes", f.Names()[0])
				}
			}
			for _, name := range v.required {
				if findFlag(v.flags, dashed(name)) == nil {
					t.Errorf("the required flag --%s is not defined", name)
				}
			}
			if len(v.examples) == 0 {
				t.Error("no example")
			}
			for _, example := range v.examples {
				checkExample(t, p, v, example)
			}
		})
	}
}

// checkExample parses the example as a shell would, up to the first redirection or pipe.
func checkExample(t *testing.T, p *program, v *verb, example string) {
	t.Helper()
	words := strings.Fields(example)
	redirects := func(word string) bool { return strings.ContainsAny(word, "<>|") }
	if end := slices.IndexFunc(words, redirects); end >= 0 {
		words = words[:end]
	}
	if len(words) < 2 || words[0] != "seedkit" {
		t.Errorf("%s: not a command line of seedkit", example)
		return
	}
	line, err := p.parse(words[1:])
	if err != nil {
		t.Errorf("%s: %v", example, err)
	} else if line.verb != v && !slices.Contains(every(v.verbs), line.verb) {
		t.Errorf("%s: shows %s", example, line.verb.name)
	}
}
