package command

import (
	"os"
	"slices"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
)

// genFixtures are the sets of fixtures that gen chooses from.
type genFixtures struct {
	sets    []generate.Set
	builtIn bool
}

// A fixtureFinder returns the fixtures that gen's command line means.
type fixtureFinder func(genOptions) (genFixtures, error)

// seedFolder is the folder of an app's own fixtures.
const seedFolder = "seed"

// findFixtures reads the fixtures that the command line names. Without names, it reads those of the
// folder seed. Without that folder, it takes the built-in ones, or none if only rows are wanted.
func (t *terminal) findFixtures(opts genOptions) (genFixtures, error) {
	paths := opts.fixtures
	if len(paths) == 0 {
		if !hasSeedFolder() {
			if len(opts.rows) > 0 && len(opts.sets) == 0 {
				return genFixtures{builtIn: true}, nil
			}
			t.sayf("fixtures: the built-in ones, for the Epic Stack")
			return genFixtures{epicstack.Sets, true}, nil
		}
		paths = []string{seedFolder}
		t.json.find("fixtures", seedFolder)
		t.sayf("fixtures: %s", seedFolder)
	}
	sets, err := generate.ReadSets(paths...)
	return genFixtures{sets: sets}, err
}

func hasSeedFolder() bool {
	info, err := os.Stat(seedFolder)
	return err == nil && info.IsDir()
}

// programFixtures returns a finder of the sets of a Go program, with those of the files that the
// command line names.
func programFixtures(sets []generate.Set) fixtureFinder {
	return func(opts genOptions) (genFixtures, error) {
		files, err := generate.ReadSets(opts.fixtures...)
		return genFixtures{sets: slices.Concat(sets, files)}, err
	}
}
