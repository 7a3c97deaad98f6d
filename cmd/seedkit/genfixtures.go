package main

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

// findFixtures reads the fixtures at paths. Without paths, it reads those of the folder seed, and
// without that folder, it takes the built-in ones.
func (t *terminal) findFixtures(paths []string) (genFixtures, error) {
	if len(paths) == 0 {
		if info, err := os.Stat(seedFolder); err != nil || !info.IsDir() {
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
