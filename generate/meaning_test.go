package generate

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestMeaningsFit makes rows with every name that has a meaning, for types with little room. Each
// value has as many characters and digits as its column allows, also where values must differ.
func TestMeaningsFit(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand columns take long")
	}
	names := slices.Concat(slices.Sorted(maps.Keys(texts)), slices.Sorted(maps.Keys(numbers)),
		slices.Sorted(maps.Keys(lists)), positions)
	slices.Sort(names)
	names = slices.Compact(names)
	for _, test := range []struct{ declared, fits string }{
		{"TEXT NOT NULL", "typeof(v) = 'text' AND v <> ''"},
		{"TEXT NOT NULL UNIQUE", "typeof(v) = 'text'"},
		{"VARCHAR(1) NOT NULL", "length(v) = 1"},
		{"CHAR(2) NOT NULL", "length(v) <= 2"},
		{"VARCHAR(5) NOT NULL UNIQUE", "length(v) <= 5"},
		{"TEXT NOT NULL CHECK (length(v) BETWEEN 3 AND 8)", "length(v) BETWEEN 3 AND 8"},
		{"INTEGER NOT NULL", "typeof(v) = 'integer'"},
		{"REAL NOT NULL", "typeof(v) = 'real'"},
		{"DECIMAL(2,2) NOT NULL", "abs(v) < 1 AND round(v, 2) = v"},
		{"DECIMAL(1,3) NOT NULL", "abs(v) < 1 AND round(v, 3) = v"},
		{"NUMERIC(3,1) NOT NULL", "abs(v) < 100 AND round(v, 1) = v"},
		{"NUMERIC(2) NOT NULL", "typeof(v) = 'integer' AND abs(v) < 100"},
		{"NUMBER(60,40) NOT NULL", "abs(v) < 1e20"},
	} {
		t.Run(test.declared, func(t *testing.T) {
			t.Parallel()
			checkMeaningsFit(t, names, test.declared, test.fits)
		})
	}
}

// TestOneMeaning checks that no word names things of two kinds, and that no name of a text is both
// in texts and in lists.
func TestOneMeaning(t *testing.T) {
	of := map[string]string{}
	for kind, words := range namesOf {
		for _, word := range strings.Fields(words) {
			if of[word] != "" {
				t.Errorf("%s names a %s and a %s", word, kind, of[word])
			}
			of[word] = kind
		}
		_, isText := texts[kind]
		_, isList := lists[kind]
		if !isText && !isList {
			t.Errorf("%s is no meaning", kind)
		}
	}
	for name := range lists {
		if _, ok := texts[name]; ok {
			t.Errorf("%s has two meanings", name)
		}
	}
}

func checkMeaningsFit(t *testing.T, names []string, declared, fits string) {
	var columns []string
	for _, name := range names {
		columns = append(columns, fmt.Sprintf("%q %s", name,
			strings.ReplaceAll(declared, "(v)", fmt.Sprintf("(%q)", name))))
	}
	schema := "CREATE TABLE t(" + strings.Join(columns, ", ") + ")"
	path := filepath.Join(t.TempDir(), "seed.db")
	opts := Options{SchemaSQL: schema, Rows: []Rows{{Table: "*", N: 30}}}
	if _, err := Write(t.Context(), path, opts); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, name := range names {
		const misfits = "SELECT quote(v) FROM (SELECT %q AS v FROM t) WHERE NOT (%s)"
		sql := fmt.Sprintf(misfits, name, fits)
		for row, err := range c.Query(sql) {
			if err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: %s", name, row.Text(0))
			break
		}
	}
}
