package rowdiff_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/rowdiff"
)

// TestCompareGiven compares rows that leave columns unsaid. A "?" marks an unsaid column.
func TestCompareGiven(t *testing.T) {
	const (
		roles = "CREATE TABLE u(id TEXT PRIMARY KEY, name TEXT UNIQUE, n);"
		keys  = "CREATE TABLE u(a, at, x, PRIMARY KEY(a, at));"
		bare  = "CREATE TABLE u(a, b);"
	)
	tests := []struct {
		name, seed, other string
		unsaid            []string // the marks of every row
		want              []string
	}{
		{"what is not said may differ",
			roles + "INSERT INTO u VALUES('a','A',1)", roles + "INSERT INTO u VALUES('a','A',2)",
			[]string{"..?"}, []string{"identical"}},
		{"what is said may not",
			roles + "INSERT INTO u VALUES('a','A',1)", roles + "INSERT INTO u VALUES('a','B',2)",
			[]string{"..?"}, []string{"in conflict id: name"}},
		{"a key that is not said",
			roles + "INSERT INTO u VALUES('drawn','A',1)",
			roles + "INSERT INTO u VALUES('a','A',1)",
			[]string{"?.."}, []string{"identical"}},
		{"it is another row's",
			roles + "INSERT INTO u VALUES('drawn','A',1)",
			roles + "INSERT INTO u VALUES('drawn','B',1)",
			[]string{"?.."}, []string{"in conflict id: name"}},
		{"it is the only key",
			roles + "INSERT INTO u VALUES('drawn',NULL,1), ('new',NULL,1)",
			roles + "INSERT INTO u VALUES('drawn',NULL,1)",
			[]string{"?..", "?.."}, []string{"identical", "new"}},
		{"no key: as many as agree",
			bare + "INSERT INTO u VALUES(1,1),(1,2),(1,3)",
			bare + "INSERT INTO u VALUES(1,8),(1,9),(2,1)",
			[]string{".?", ".?", ".?"}, []string{"identical", "identical", "new"}},
		{"no key: a row counts once",
			bare + "INSERT INTO u VALUES(1,8),(1,2)", bare + "INSERT INTO u VALUES(1,8)",
			[]string{"..", ".?"}, []string{"identical", "new"}},
		{"no key is said: as many as agree",
			roles + "INSERT INTO u VALUES('drawn',NULL,1), ('new',NULL,1), ('other',NULL,1)",
			roles + "INSERT INTO u VALUES('drawn',NULL,1), ('b','B',2), ('c',NULL,1)",
			[]string{"?..", "?..", "?.."}, []string{"identical", "identical", "new"}},
		{"no key is said: a row counts once",
			roles + "INSERT INTO u VALUES('a',NULL,1), ('new',NULL,1)",
			roles + "INSERT INTO u VALUES('a',NULL,1)",
			[]string{"...", "?.."}, []string{"identical", "new"}},
		{"no key is said: the row that another's key finds does not count",
			roles + "INSERT INTO u VALUES('new',NULL,1), ('drawn',NULL,1)",
			roles + "INSERT INTO u VALUES('drawn',NULL,1)",
			[]string{"?..", "?.."}, []string{"new", "identical"}},
		{"no key is said: nor if the other says its key",
			roles + "INSERT INTO u VALUES('new',NULL,1), ('a',NULL,1)",
			roles + "INSERT INTO u VALUES('a',NULL,1)",
			[]string{"?..", "..."}, []string{"new", "identical"}},
		{"no key is said: nor if the other leaves out another column",
			roles + "INSERT INTO u VALUES('new',NULL,1), ('a',NULL,2)",
			roles + "INSERT INTO u VALUES('a',NULL,1)",
			[]string{"?..", "..?"}, []string{"new", "identical"}},
		{"a key with the time of the insert",
			keys + "INSERT INTO u VALUES(1,9,5),(1,10,6)", keys + "INSERT INTO u VALUES(1,8,5)",
			[]string{".?.", ".?."}, []string{"identical", "new"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seed, from := memory(t, test.seed)
			other, there := memory(t, test.other)
			var sets, distinct [][]bool
			for _, marks := range test.unsaid {
				var set []bool
				for _, mark := range marks {
					set = append(set, mark == '?')
				}
				if !slices.Contains(set, true) {
					set = nil
				}
				sets = append(sets, set)
				known := slices.ContainsFunc(distinct, func(other []bool) bool {
					return slices.Equal(set, other)
				})
				if set != nil && !known {
					distinct = append(distinct, set)
				}
			}
			given := func(yield func(rowdiff.Given, error) bool) {
				n := 0
				for values, err := range rowdiff.Scan(seed, from.Table("u")) {
					if !yield(rowdiff.Given{Values: values, Unsaid: sets[n]}, err) {
						return
					}
					n++
				}
			}
			var got []string
			rows := rowdiff.CompareGiven(
				given, from.Table("u").Stored(), distinct, other, there.Table("u"))
			for row, err := range rows {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, describe(row))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestClashSameGiven checks that only keys that are said decide whether rows are the same entity.
func TestClashSameGiven(t *testing.T) {
	const table = "CREATE TABLE u(id TEXT PRIMARY KEY, email TEXT UNIQUE, name TEXT UNIQUE, n);"
	tests := []struct {
		name, seed, other string
		unsaid            string
		want              bool
	}{
		{"the key that is not said differs", "'drawn','a','A',1", "'b','a','A',2", "?...", true},
		{"another that is said differs, too", "'drawn','a','A',1", "'b','a','B',2", "?...", false},
		{"only the key that is not said is the same",
			"'b','a','A',1", "'b','b','B',2", "?...", false},
		{"no key is said", "'b',NULL,NULL,1", "'b',NULL,NULL,2", "?...", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seed, from := memory(t, table+"INSERT INTO u VALUES("+test.seed+")")
			other, there := memory(t, table+"INSERT INTO u VALUES("+test.other+")")
			var unsaid []bool
			for _, mark := range test.unsaid {
				unsaid = append(unsaid, mark == '?')
			}
			columns := from.Table("u").Stored()
			m, err := rowdiff.NewMatcher(columns, nil, other, there.Table("u"))
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			for values, err := range rowdiff.Scan(seed, from.Table("u")) {
				if err != nil {
					t.Fatal(err)
				}
				row, err := m.Compare(rowdiff.Given{Values: values, Unsaid: unsaid})
				if err != nil || row.Clash == nil || row.Clash.Same != test.want {
					t.Errorf("got %+v of %+v, %v, want Same %v", row, row.Clash, err, test.want)
				}
			}
		})
	}
}
