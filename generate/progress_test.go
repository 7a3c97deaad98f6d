package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestProgress checks that Progress counts every declared row once, in order, including the rows
// that the schema has inserted.
func TestProgress(t *testing.T) {
	const sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t VALUES (1, 'a');"
	opts := options(sql, func(s *generate.Fixtures) {
		s.Add("t", "a", generate.Row{"id": 1, "x": "a"})
		s.Many("t", "n", 2, generate.Row{"x": "b"})
	})
	var got []generate.Progress
	opts.Progress = func(p generate.Progress) { got = append(got, p) }
	write(t, opts)
	want := []generate.Progress{
		{generate.Inserting, 1, 3}, {generate.Inserting, 2, 3}, {generate.Inserting, 3, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}
