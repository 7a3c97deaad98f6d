package scan_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/scan"
)

func TestDiffer(t *testing.T) {
	plain := "CREATE TABLE t(a, b); " + numbers(3000) +
		" INSERT INTO t SELECT i, printf('%.*c', i % 200, 'x') FROM n;"
	tests := []struct {
		name, script, other string
		here, there         []int64 // the values of a, without those on both sides
	}{
		{"the same", plain, plain, nil, nil},
		{"a value", plain, plain + "UPDATE t SET b = 1 WHERE a = 2900",
			[]int64{2900}, []int64{2900}},
		{"rows less", plain, plain + "DELETE FROM t WHERE a IN (1, 2000, 3000)",
			[]int64{1, 2000, 3000}, nil},
		{"rows more", plain, plain + "INSERT INTO t(rowid, a) VALUES(-1, 5000), (4000, 6000)",
			nil, []int64{5000, 6000}},
		{"a rowid between", plain + "DELETE FROM t WHERE a = 1500", plain, nil, []int64{1500}},
		{"a storage class", plain, plain + "UPDATE t SET b = CAST(b AS BLOB) WHERE a = 2900",
			[]int64{2900}, []int64{2900}},
		{"columns in another order", plain, "CREATE TABLE t(b, a); " + numbers(3000) +
			" INSERT INTO t SELECT printf('%.*c', i % 200, 'x'), i FROM n;", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, other := open(t, test.script), open(t, test.other)
			for name, method := range methods {
				var got [2][]int64
				err := scan.New(c, method).Differ(query, scan.New(other, method), query,
					func(side scan.Side, row []scan.Value) error {
						got[side] = append(got[side], row[0].Int64())
						return nil
					})
				if err != nil {
					t.Fatal(err)
				}
				if method == scan.Step { // it passes all rows
					got = withoutUnchanged(got, test.here, test.there)
				}
				if diff := cmp.Diff([2][]int64{test.here, test.there}, got); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		})
	}
}

// withoutUnchanged leaves out what is on both sides, except what is wanted.
func withoutUnchanged(got [2][]int64, here, there []int64) (rest [2][]int64) {
	for side, want := range [2][]int64{here, there} {
		for _, a := range got[side] {
			if !slices.Contains(got[1-side], a) || slices.Contains(want, a) {
				rest[side] = append(rest[side], a)
			}
		}
	}
	return rest
}

// TestDifferEndsWithAnError holds that an error for a row ends both walks.
func TestDifferEndsWithAnError(t *testing.T) {
	script := "CREATE TABLE t(a, b); " + numbers(90000) + " INSERT INTO t SELECT i, i FROM n;"
	c, other := open(t, script), open(t, script+"UPDATE t SET b = b + 1")
	want := errors.New("enough")
	for name, method := range methods {
		err := scan.New(c, method).Differ(query, scan.New(other, method), query,
			func(scan.Side, []scan.Value) error { return want })
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
