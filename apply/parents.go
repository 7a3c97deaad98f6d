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

// Stranger is a row of the seed whose key another entity has in the target, and
// to which new rows of the seed refer: they would belong to that entity, or to
// none.
type Stranger struct {
	Table    string      `json:"table"`
	Seed     string      `json:"seed"`     // the seed's row by its unique keys: `id = 2, code = "pro"`
	Target   string      `json:"target"`   // the target's row by the same columns
	Children []Reference `json:"children"` // the first few
	Total    int64       `json:"total"`    // how many new rows refer to the seed's row
}

// Reference is a foreign key of a new row of the seed.
type Reference struct {
	Table   string   `json:"table"`
	Key     string   `json:"key"` // of the row, `id = 10`; "" for a table without a key
	Columns []string `json:"columns"`
	Values  []string `json:"values"` // as text
}

// String says which rows refer to what: the children are known by their keys,
// and the parent by the unique keys of both rows.
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

// StrangersError reports new rows whose parents in the seed are other entities
// than the rows of the target that have the parents' keys.
type StrangersError struct {
	Strangers []Stranger // the first few
	Total     int64      // how many new rows refer to such parents
}

func (e *StrangersError) Error() string { return e.Strangers[0].String() }

// parentFinder finds the row of the seed that a row refers to by one foreign
// key, and compares it with the target's.
type parentFinder struct {
	run     *run
	fk      schema.ForeignKey
	at      []int // where the key's columns are in a row of the child's
	place   tablePlace
	inSeed  *seed.Finder
	matcher *rowdiff.Matcher
}

// parentFinders returns those of a table's foreign keys by which its rows may
// refer to a stranger. They must be closed.
func (x *transfer) parentFinders(t tablePlace) ([]*parentFinder, error) {
	var finders []*parentFinder
	for _, fk := range references(t) {
		parent := x.run.placeOf(fk.Parent)
		at, ok := schema.Positions(t.seed.Stored(), fk.Columns)
		if parent.seed == nil || !ok {
			continue
		}
		if _, ok := schema.Positions(parent.seed.Stored(), fk.ParentColumns); !ok || len(fk.ParentColumns) == 0 {
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

// hasStrangers reports whether a table of the seed has a row whose key another
// entity has. Where the table's rows were not compared yet, for a reference to
// the same table or in a cycle, they are now. Those of a table that is left out
// are compared one by one, as they are referred to.
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

// references returns the foreign keys of a table, those of the target first.
func references(t tablePlace) []schema.ForeignKey {
	keys := slices.Clone(t.there.ForeignKeys)
	for _, fk := range t.seed.ForeignKeys {
		known := slices.ContainsFunc(keys, func(other schema.ForeignKey) bool {
			return strings.EqualFold(fk.Parent, other.Parent) && slices.EqualFunc(fk.Columns, other.Columns, strings.EqualFold)
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

// find returns the stranger that a row refers to, nil if its parent is none. A
// key that was looked up in the target names the target's row, whatever row of
// the seed has the same.
func (f *parentFinder) find(row rowdiff.Row) (*rowdiff.Row, error) {
	key := sqlite.Pick(row.Values, f.at)
	if slices.ContainsFunc(key, sqlite.Value.IsNull) || f.isLookedUp(row) {
		return nil, nil
	}
	found, ok, err := f.inSeed.Find(key)
	if err != nil || !ok {
		return nil, err
	}
	parent, err := f.matcher.Compare(f.run.given(f.place.seed, found))
	if err != nil || !isStranger(parent) {
		return nil, err
	}
	return &parent, nil
}

// isLookedUp reports whether all of a row's key is from the target.
func (f *parentFinder) isLookedUp(row rowdiff.Row) bool {
	own := func(at int) bool { return row.Theirs == nil || !row.Theirs[at] }
	return !slices.ContainsFunc(f.at, own)
}

// stranger describes what a row refers to.
func (f *parentFinder) stranger(t tablePlace, row []sqlite.Value, parent rowdiff.Row) Stranger {
	return Stranger{
		Table: f.place.there.Name, Seed: uniqueText(f.place, parent.Values), Target: uniqueText(f.place, parent.Clash.There), Total: 1,
		Children: []Reference{{
			Table: t.there.Name, Key: rowKey(t, row), Columns: f.fk.Columns, Values: keyTexts(f.fk.Columns, sqlite.Pick(row, f.at)),
		}},
	}
}
