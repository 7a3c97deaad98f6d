package command

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/goprogram"
)

// This file has the fixtures of gen that are a Go program.

// genPackage is the package whose Main the program calls.
const genPackage = "github.com/seedkit/seedkit/gen"

// withGoProgram makes gen run the Go program that is in one of the folders of fixtures. The program
// does all of gen's work: it gets the command line without its own folder.
func (t *terminal) withGoProgram(run runFunc) runFunc {
	return func(ctx context.Context, args []string) error {
		paths := args
		if len(paths) == 0 && hasSeedFolder() {
			paths = []string{seedFolder}
		}
		var programs []string
		for _, path := range paths {
			if filepath.Ext(path) == ".go" {
				return usagef("%s: a Go program is named by its folder", path).
					hintf("write: seedkit gen %s", quoted(filepath.Dir(path)))
			}
			has, err := goprogram.Imports(path, genPackage)
			if err != nil {
				return err
			}
			if has && !slices.Contains(programs, path) {
				programs = append(programs, path)
			}
		}
		switch {
		case len(programs) == 0:
			return run(ctx, args)
		case len(programs) > 1:
			return usagef("gen runs one Go program, and these are %d: %s", len(programs),
				listed("and", programs)).
				hintf("one program can import the packages of the other's sets")
		}
		if len(args) == 0 {
			t.sayf("fixtures: %s, a Go program", seedFolder)
		}
		return t.runGoProgram(ctx, programs[0], paths)
	}
}

// runGoProgram builds the program in a folder and runs it with the flags of the command line, and
// with the other paths. A folder that has files, too, stays one of the paths.
func (t *terminal) runGoProgram(ctx context.Context, folder string, paths []string) error {
	files, err := generate.FixtureFiles(folder)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == folder })
	}
	program, err := t.buildGoProgram(ctx, folder)
	if err != nil {
		return err
	}
	defer program.Remove()
	exit, err := program.Run(ctx, slices.Concat(t.flags, []string{"--"}, paths),
		goprogram.Streams{In: t.stdin, Out: unwrapped(t.out.Writer), Err: t.err.Writer})
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	t.json = nil // the program has printed its own answer
	if exit != exitDone {
		return programEnd(exit)
	}
	return nil
}

func (t *terminal) buildGoProgram(ctx context.Context, folder string) (*goprogram.Program, error) {
	folder = filepath.Clean(folder)
	if here, err := filepath.Abs("."); err == nil && filepath.IsAbs(folder) {
		if relative, err := filepath.Rel(here, folder); err == nil {
			folder = relative
		}
	}
	bar := &stageBars{term: t}
	defer bar.close()
	bar.show("building "+folder, "", 0, 0)
	return goprogram.Build(ctx, folder, time.Now(), func(line string) { t.sayf("%s", line) })
}

// A programEnd is the exit code of a Go program that did gen's work, if it is not 0. The program
// has said why.
type programEnd int

func (e programEnd) Error() string { return fmt.Sprintf("the program's exit code is %d", int(e)) }
