package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
)

// Set is a named group of fixtures that is generated as a whole. Sets with one name, such as one in
// Go and one in a file, are generated together.
type Set struct {
	Name string
	// Sample marks rows for trying out the app. seedkit marks a database with such rows, so that
	// nobody applies it to production by mistake.
	Sample bool
	// Whole names tables whose rows are all in the set, such as the roles of an app. If the
	// schema's scripts insert rows into such a table, every fixture for it must adopt one of them.
	// A fixture that does not is a [*FixtureError] that names the rows of the scripts.
	Whole []string
	// SkipMissing leaves out what is declared for tables that the schema lacks: rows with their
	// parts, and links. Report.LeftOut names these tables. If the schema has none of the tables,
	// the error is [ErrNoTables].
	SkipMissing bool
	// Needs names the sets to whose rows this set refers. They are generated with it.
	Needs []string
	Fill  func(s *Fixtures) // must not be nil

	needsAt map[string]position // the places of Needs in files
}

// ErrUnknownSet reports the name of a set that does not exist.
var ErrUnknownSet = errors.New("unknown set")

// ErrNoTables reports fixtures of sets with SkipMissing for which the schema has no table at all.
var ErrNoTables = errors.New("the schema has none of the tables of the fixtures")

// selectSets returns the named sets and the sets that they need, in the order of all. Nil names
// mean all sets. unmet are the needs of files that no set meets.
func selectSets(all []Set, names []string) (sets []Set, unmet []*FixtureError, err error) {
	byName := map[string][]Set{}
	var known []string
	for _, set := range all {
		byName[set.Name] = append(byName[set.Name], set)
		known = append(known, set.Name)
	}
	if names == nil {
		names = known
	}
	wanted := map[string]bool{}
	for todo := slices.Clone(names); len(todo) > 0; todo = todo[1:] {
		name := todo[0]
		if byName[name] == nil {
			return nil, nil, unknownSet(name, known)
		}
		if wanted[name] {
			continue
		}
		wanted[name] = true
		for _, set := range byName[name] {
			for _, need := range set.Needs {
				at, inFile := set.needsAt[need]
				if !inFile || byName[need] != nil {
					todo = append(todo, need)
					continue
				}
				unmet = append(unmet, mistake(at, "", "there is no set %q%s", need,
					nearest.DidYouMean(need, known)))
			}
		}
	}
	sets = slices.DeleteFunc(slices.Clone(all), func(s Set) bool { return !wanted[s.Name] })
	return sets, unmet, nil
}

func unknownSet(name string, known []string) error {
	if near := nearest.DidYouMean(name, known); near != "" {
		return fmt.Errorf(`%w "%s"%s`, ErrUnknownSet, name, near)
	}
	return fmt.Errorf(`%w "%s": there are %s`, ErrUnknownSet, name, strings.Join(known, ", "))
}
