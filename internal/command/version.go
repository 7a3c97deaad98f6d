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
	Go     string `json:"go"`
	SQLite string `json:"sqlite"`
}

func runVersion(t *terminal) error {
	if t.json != nil {
		t.json.give(versionReport{Go: runtime.Version(), SQLite: sqlite.Version()}, nil)
		return nil
	}
	_, err := fmt.Fprintf(t.out, "seedkit %s (%s, SQLite %s)\n",
		seedkitVersion(), runtime.Version(), sqlite.Version())
	return err
}

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
		if module.Path == "github.com/seedkit/seedkit" {
			found = module
		}
	}
	if found.Version == "" || found.Replace != nil {
		return "(devel)"
	}
	return found.Version
}
