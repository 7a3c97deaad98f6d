package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Stranger is a row of the seed whose key belongs to another entity in the target, and to which new
// rows of the seed refer. In the target the new rows would refer to the other entity, or to no row.
type Stranger struct {
	Table string `json:"table"`
	// Seed names the seed's row by its unique keys: `id = 2, code = "pro"`.
	Seed string `json:"seed"`
	// Target names the target's row by the same columns.
	Target string `json:"target"`
	// Children are the first few new rows that refer to the seed's row.
	Children []Reference `json:"children"`
	// Total counts all new rows that refer to the seed's row.
	Total int64 `json:"total"`
}

// Reference is a foreign key of a new row of the seed.
type Reference struct {
	// Table is the table of the new row.
	Table string `json:"table"`
	// Key names the new row: `id = 10`. It is empty for a table without a key.
	Key string `json:"key"`
	// Columns are the columns of the foreign key.
	Columns []string `json:"columns"`
	// Values are the values of the foreign key, written as in [Differing].
	Values []string `json:"values"`
}

// String says which new rows refer to which row. It names the children by their keys, and the
// parent by the unique keys of both rows.
func (s Stranger) String() string {
	refer := "refer"
	if s.Total == 1 {
		refer = "refers"
	}
	names := make([]string, len(s.Children), len(s.Children)+1)
	for i, child := range s.Children {
		names[i] = child.String()
	}
	if int64(len(names)) < s.Total {
		names = append(names, "…")
	}
	return fmt.Sprintf("%s %s to %s with %s, which in the target is another row, with %s: %s",
		countNew(s.Total), refer, s.Table, s.Seed, s.Target, strings.Join(names, ", "))
}

func countNew(n int64) string {
	if n == 1 {
		return "1 new row"
	}
	return fmt.Sprintf("%d new rows", n)
}

func (r Reference) String() string {
	if r.Key == "" {
		return fmt.Sprintf("%s by %s", r.Table, assignments(r.Columns, r.Values))
	}
	return fmt.Sprintf("%s with %s", r.Table, r.Key)
}

// StrangersError reports new rows whose parents in the seed have keys that belong to other entities
// in the target.
type StrangersError struct {
	// Strangers are the first few parents. There is at least one.
	Strangers []Stranger
	// Total counts the new rows that refer to such parents.
	Total int64
	// Help is the plan's.
	Help []Choice
}

func (e *StrangersError) Error() string { return e.Strangers[0].String() }

// parentFinder finds the row of the seed that a row refers to by one foreign key, and compares the
// found row with the target's.
type parentFinder struct {
	run     *run
	fk      schema.ForeignKey
	at      []int      // the positions of the key's columns in a row of the child
	place   tablePlace // the parent's
	inSeed  *seed.Finder
	matcher *rowdiff.Matcher
}

// parentFinders returns a finder for each foreign key by which rows of the table may refer to a
// stranger. The caller must close the finders.
func (x *transfer) parentFinders(t tablePlace) ([]*parentFinder, error) {
	var finders []*parentFinder
	for _, fk := range references(t) {
		parent := x.run.placeOf(fk.Parent)
		at, ok := schema.Positions(t.seed.Stored(), fk.Columns)
		if parent.seed == nil || !ok {
			continue
		}
		_, ok = schema.Positions(parent.seed.Stored(), fk.ParentColumns)
		if !ok || len(fk.ParentColumns) == 0 {
			continue
		}
		some, err := x.hasStrangers(parent)
		if err != nil {
			closeAll(finders)
			return nil, err
		}
		if !some {
			continue
		}
		f := &parentFinder{run: x.run, fk: fk, at: at, place: parent}
		finders = append(finders, f)
		if f.inSeed, err = x.run.seed.Finder(parent.seed, fk.ParentColumns); err == nil {
			f.matcher, err = rowdiff.NewMatcher(parent.seed.Stored(), nil, x.run.dst, parent.there)
		}
		if err != nil {
			closeAll(finders)
			return nil, x.run.nameDatabase(err)
		}
	}
	return finders, nil
}

// hasStrangers reports whether a table of the seed has a row whose key belongs to another entity in
// the target. If a table refers to itself, or if tables refer to each other, the parent's rows were
// not compared before, and hasStrangers compares them. The rows of a table that is left out are
// compared one by one, when a row refers to them, so hasStrangers returns true for the table.
func (x *transfer) hasStrangers(t tablePlace) (bool, error) {
	if some, known := x.strangers[t.seed]; known {
		return some, nil
	}
	if slices.Contains(x.run.aside, t) {
		return true, nil
	}
	for row, err := range x.run.rows(t) {
		if err != nil {
			return false, err
		}
		if isStranger(row) {
			x.strangers[t.seed] = true
			return true, nil
		}
	}
	x.strangers[t.seed] = false
	return false, nil
}

func closeAll(finders []*parentFinder) {
	for _, f := range finders {
		if f.inSeed != nil {
			f.inSeed.Close()
		}
		if f.matcher != nil {
			f.matcher.Close()
		}
	}
}

// references returns the foreign keys of the target's table, and then the foreign keys that only
// the seed's table has.
func references(t tablePlace) []schema.ForeignKey {
	keys := slices.Clone(t.there.ForeignKeys)
	for _, fk := range t.seed.ForeignKeys {
		known := slices.ContainsFunc(keys, func(other schema.ForeignKey) bool {
			return strings.EqualFold(fk.Parent, other.Parent) &&
				slices.EqualFunc(fk.Columns, other.Columns, strings.EqualFold)
		})
		if !known {
			keys = append(keys, fk)
		}
	}
	return keys
}

func (r *run) placeOf(table string) tablePlace {
	for _, t := range slices.Concat(r.tables, r.aside) {
		if strings.EqualFold(t.there.Name, table) {
			return t
		}
	}
	return tablePlace{}
}

// find returns the stranger that a row refers to, or nil if the parent is no stranger. A script can
// look a key up in the target. Such a key names the target's row, even if a row of the seed has the
// same key.
func (f *parentFinder) find(row rowdiff.Row) (*rowdiff.Row, error) {
	key := sqlite.Pick(row.Source, f.at)
	if slices.ContainsFunc(key, sqlite.Value.IsNull) || f.isLookedUp(row) {
		return nil, nil
	}
	found, ok, err := f.inSeed.Find(key)
	if err != nil || !ok {
		return nil, err
	}
	given, err := f.run.given(f.place.seed, found)
	if err != nil {
		return nil, err
	}
	parent, err := f.matcher.Compare(given)
	if err != nil || !isStranger(parent) {
		return nil, err
	}
	return &parent, nil
}

// isLookedUp reports whether every value of a row's key was looked up in the target.
func (f *parentFinder) isLookedUp(row rowdiff.Row) bool {
	own := func(at int) bool { return row.Theirs == nil || !row.Theirs[at] }
	return !slices.ContainsFunc(f.at, own)
}

// stranger describes the parent that a row refers to.
func (f *parentFinder) stranger(t tablePlace, row []sqlite.Value, parent rowdiff.Row) Stranger {
	return Stranger{
		Table: f.place.there.Name,
		Seed:  uniqueText(f.place, parent.Values), Target: uniqueText(f.place, parent.Clash.There),
		Children: []Reference{{
			Table: t.there.Name, Key: rowKey(t, row),
			Columns: f.fk.Columns, Values: keyTexts(f.fk.Columns, sqlite.Pick(row, f.at)),
		}},
		Total: 1,
	}
}
