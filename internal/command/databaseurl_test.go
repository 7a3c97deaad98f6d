package command

import (
	"slices"
	"testing"

	"github.com/urfave/cli/v2"
)

func TestParseDatabaseURL(t *testing.T) {
	tests := []struct {
		word, path string
		ok         bool
	}{
		{"data.db", "", false},
		{"./file:data.db", "", false},
		{"-", "", false},
		{"C:\\data.db", "", false},
		{"postgres://localhost/app", "", false},
		{"file:data.db", "data.db", true},
		{"file:./data.db", "./data.db", true},
		{"FILE:data.db", "data.db", true},
		{"file:///data/app.db", "/data/app.db", true},
		{"file:/data/app.db", "/data/app.db", true},
		{"file://localhost/data/app.db", "/data/app.db", true},
		{"file:data.db?connection_limit=1&mode=ro", "data.db", true},
		{"file:data.db#main", "data.db", true},
		{"file:data.db?a=b#c?d", "data.db", true},
		{"file:my%20data%3f.db", "my data?.db", true},
		{"file:50%.db", "50%.db", true},
		{"file:%zz%4", "%zz%4", true},
		{"sqlite:db/data.db", "db/data.db", true},
		{"sqlite://db/data.db", "db/data.db", true},
		{"sqlite3:///data/app.db", "/data/app.db", true},
		{"file::memory:", "", true},
		{"file:data.db?mode=memory", "", true},
		{"file:data%00.db", "", true},
		{"file:", "", true},
	}
	for _, tt := range tests {
		if path, ok := parseDatabaseURL(tt.word); path != tt.path || ok != tt.ok {
			t.Errorf("%s: got %q, %t, want %q, %t", tt.word, path, ok, tt.path, tt.ok)
		}
	}
}

// TestDatabasesAreNamedByURL checks that each flag and argument that names a database takes a URL.
func TestDatabasesAreNamedByURL(t *testing.T) {
	checked := 0
	databases := []string{"DB", "PATH", "SRC", "BACKUP"}
	for verb, flags := range everyFlag() {
		for _, f := range flags {
			if name, _ := placeholderOf(f); !slices.Contains(databases, name) {
				continue
			}
			checked++
			if got := parsed(t, f, "file:my%20data.db?x=1"); got != "my data.db" {
				t.Errorf("%s %s takes a URL for %q, want the path", verb, synopsis(f), got)
			}
		}
	}
	if checked < 7 {
		t.Errorf("%d flags name databases, want more", checked)
	}
	for _, v := range unattended().verbs {
		// Files of fixtures and a folder are no databases, nor is the name of a run.
		isOther := v.group == groupItself || v.group == groupSeed || v.name == "undo"
		if isOther || v.args == "" || len(v.verbs) > 0 {
			continue
		}
		got, err := v.paths([]string{"file:my%20data.db"})
		if err != nil || got[0] != "my data.db" {
			t.Errorf("%s %s takes a URL for %q, %v, want the path", v.name, v.args, got, err)
		}
	}
}

// parsed returns the flag's value after the flag has read the text.
func parsed(t *testing.T, f cli.Flag, text string) string {
	t.Helper()
	generic, ok := f.(*cli.GenericFlag)
	if !ok {
		return text
	}
	value, ok := generic.Value.(*parsedValue[string])
	if !ok {
		return text
	}
	if err := value.Set(text); err != nil {
		t.Fatal(err)
	}
	return *value.dst
}
