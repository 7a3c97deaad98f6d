package command

import (
	"os"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
)

// genFixtures are the sets of fixtures that gen chooses from.
type genFixtures struct {
	sets    []generate.Set
	builtIn bool
}

// seedFolder is the folder of an app's own fixtures.
const seedFolder = "seed"

// findFixtures reads the fixtures that the command line names. Without names, it reads those of the
// folder seed. Without that folder, it takes the built-in ones, or none if only rows are wanted.
func (t *terminal) findFixtures(opts genOptions) (genFixtures, error) {
	paths := opts.fixtures
	if len(paths) == 0 {
		if info, err := os.Stat(seedFolder); err != nil || !info.IsDir() {
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
