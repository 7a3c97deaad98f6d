package command

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

func everyFlag() map[string][]cli.Flag {
	p := unattended()
	flags := map[string][]cli.Flag{"seedkit": p.flags}
	for _, v := range every(p.verbs) {
		flags[v.name] = v.flags
	}
	return flags
}

// TestEnvironment checks all flags of all verbs: a variable sets a setting and nothing else.
func TestEnvironment(t *testing.T) {
	allowed := map[string]string{
		"backup-dir": "SEEDKIT_BACKUP_DIR", "datetime": "SEEDKIT_DATETIME",
		"format": "SEEDKIT_FORMAT", "json": "SEEDKIT_JSON", "now": "SEEDKIT_NOW",
		"quiet": "SEEDKIT_QUIET", "seed": "SEEDKIT_SEED",
	}
	for verb, flags := range everyFlag() {
		for _, f := range flags {
			name := f.Names()[0]
			var want []string
			if variable := allowed[name]; variable != "" {
				want = []string{variable}
			}
			if diff := cmp.Diff(want, f.(cli.DocGenerationFlag).GetEnvVars()); diff != "" {
				t.Errorf("%s %s is set by (-want +got):\n%s", verb, dashed(name), diff)
			}
			if consents(f) && want != nil {
				t.Errorf("%s %s consents, and a variable sets it", verb, dashed(name))
			}
		}
	}
}

// TestHelpHasTheChoices checks that the help on a flag has each value that the flag takes.
func TestHelpHasTheChoices(t *testing.T) {
	checked := 0
	betweenWords := func(r rune) bool { return strings.ContainsRune(" ,:;()", r) }
	for verb, flags := range everyFlag() {
		for _, f := range flags {
			_, text := placeholderOf(f)
			for _, choice := range choicesOf(f) {
				checked++
				if !slices.Contains(strings.FieldsFunc(text, betweenWords), choice) {
					t.Errorf("help on %s %s does not have its value %s: %s",
						verb, synopsis(f), choice, text)
				}
			}
		}
	}
	if checked < 10 {
		t.Errorf("%d values were looked at, want more", checked)
	}
}
