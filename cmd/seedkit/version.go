package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// version is set at link time, -ldflags "-X main.version=v1.2.3", where the build knows better
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

func runVersion(t *terminal) error {
	_, err := fmt.Fprintf(t.out, "seedkit %s (%s, SQLite %s)\n", seedkitVersion(), runtime.Version(), sqlite.Version())
	return err
}

// seedkitVersion is "(devel)" for a build that no version control knows.
func seedkitVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
