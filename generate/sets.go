package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
)

// Set is a named group of fixtures that is generated as a whole.
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
	Fill  func(s *Fixtures)
}

// ErrUnknownSet reports the name of a set that does not exist.
var ErrUnknownSet = errors.New("unknown set")

// ErrNoTables reports fixtures of sets with SkipMissing for which the schema has no table at all.
var ErrNoTables = errors.New("the schema has none of the tables of the fixtures")

// selectSets returns the named sets and the sets that they need, in the order of all. Nil names
// mean all sets.
func selectSets(all []Set, names []string) ([]Set, error) {
	byName := map[string]Set{}
	var known []string
	for _, set := range all {
		byName[set.Name] = set
		known = append(known, set.Name)
	}
	if names == nil {
		names = known
	}
	wanted := map[string]bool{}
	for todo := slices.Clone(names); len(todo) > 0; todo = todo[1:] {
		set, ok := byName[todo[0]]
		if !ok {
			return nil, unknownSet(todo[0], known)
		}
		if !wanted[set.Name] {
			wanted[set.Name] = true
			todo = append(todo, set.Needs...)
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s Set) bool { return !wanted[s.Name] }), nil
}

func unknownSet(name string, known []string) error {
	if near := nearest.DidYouMean(name, known); near != "" {
		return fmt.Errorf(`%w "%s"%s`, ErrUnknownSet, name, near)
	}
	return fmt.Errorf(`%w "%s": there are %s`, ErrUnknownSet, name, strings.Join(known, ", "))
}
