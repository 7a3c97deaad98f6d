package command

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// version is set at link time, with -ldflags
// "-X github.com/seedkit/seedkit/internal/command.version=v1.2.3", if the build knows better
// than the module's own version.
var version string

func newVersion(t *terminal) *verb {
	return &verb{
		name:     "version",
		group:    groupItself,
		purpose:  "Print the versions of seedkit, Go and SQLite",
		examples: []string{"seedkit version"},
		run:      func(context.Context, []string) error { return runVersion(t) },
	}
}

// A versionReport is what version says besides seedkit's own version.
type versionReport struct {
	Commit  string `json:"commit,omitempty"`
	Changed bool   `json:"changed,omitempty"`
	Go      string `json:"go"`
	SQLite  string `json:"sqlite"`
	Static  bool   `json:"static"`
}

func runVersion(t *terminal) error {
	if t.json != nil {
		t.json.give(newVersionReport(), nil)
		return nil
	}
	_, err := fmt.Fprintf(t.out, "seedkit %s (%s, SQLite %s)\n",
		seedkitVersion(), runtime.Version(), sqlite.Version())
	return err
}

func newVersionReport() versionReport {
	report := versionReport{Go: runtime.Version(), SQLite: sqlite.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return report
	}
	own := info.Main.Path == modulePath // else the commit is that of a Go program of fixtures
	for _, s := range info.Settings {
		switch {
		case s.Key == "CGO_ENABLED":
			report.Static = s.Value == "0"
		case s.Key == "vcs.revision" && own:
			report.Commit = s.Value
		case s.Key == "vcs.modified" && own:
			report.Changed = s.Value == "true"
		}
	}
	return report
}

const modulePath = "github.com/seedkit/seedkit"

// seedkitVersion returns "(devel)" for a build outside version control. In a Go program of fixtures
// seedkit is a module that the program requires.
func seedkitVersion() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	found := &info.Main
	for _, module := range info.Deps {
		if module.Path == modulePath {
			found = module
		}
	}
	if found.Version == "" || found.Replace != nil {
		return "(devel)"
	}
	return found.Version
}
