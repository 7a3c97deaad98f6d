package generate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const oneValue = "CREATE TABLE a(id INTEGER PRIMARY KEY, v)"

// drawn returns the counts of the values that a function generates in 2,000 rows.
func drawn(t *testing.T, fn func(*generate.Fake) any) map[string]int {
	t.Helper()
	d := write(t, options(oneValue, func(s *generate.Fixtures) {
		s.Many("a", "x", 2000, generate.Row{"v": fn})
	}))
	counts := map[string]int{}
	for _, v := range d.query("SELECT coalesce(v, 'NULL') FROM a") {
		counts[v]++
	}
	return counts
}

func TestShares(t *testing.T) {
	letters := []string{"a", "b", "c"}
	tests := []struct {
		name string
		fn   func(*generate.Fake) any
		want map[string]float64 // shares
	}{
		{"never", generate.Maybe(0, "x"), map[string]float64{"NULL": 1}},
		{"always", generate.Maybe(1, "x"), map[string]float64{"x": 1}},
		{"a value", generate.Maybe(0.25, "x"), map[string]float64{"x": 0.25, "NULL": 0.75}},
		{"a function", generate.Maybe(0.5, func(f *generate.Fake) any {
			return generate.Pick(f, letters[:2])
		}), map[string]float64{"a": 0.25, "b": 0.25, "NULL": 0.5}},
		{"weights", func(f *generate.Fake) any {
			return generate.PickWeighted(f, letters, []int{6, 0, 2})
		}, map[string]float64{"a": 0.75, "c": 0.25}},
		{"several", func(f *generate.Fake) any {
			return fmt.Sprint(generate.PickSome(f, 2, letters))
		}, map[string]float64{
			"[a b]": 1. / 6, "[b a]": 1. / 6, "[a c]": 1. / 6, "[c a]": 1. / 6, "[b c]": 1. / 6,
			"[c b]": 1. / 6,
		}},
		{"none", func(f *generate.Fake) any { return len(generate.PickSome(f, 0, letters)) },
			map[string]float64{"0": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := drawn(t, tt.fn)
			for value, share := range tt.want {
				const tolerance = 100 // nine standard deviations of a share of a sixth
				if n := got[value]; n < int(2000*share)-tolerance || n > int(2000*share)+tolerance {
					t.Errorf("%s: %d of 2000 rows, want a share of %v", value, n, share)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("values %v, want those of %v", got, tt.want)
			}
		})
	}
	if !slices.Equal(letters, []string{"a", "b", "c"}) {
		t.Errorf("the values have changed to %v", letters)
	}
}

func TestByNumber(t *testing.T) {
	d := write(t, options("CREATE TABLE a(id INTEGER PRIMARY KEY, nth TEXT, n INTEGER)",
		func(s *generate.Fixtures) {
			row := generate.Row{
				"nth": func(f *generate.Fake) any {
					return generate.Nth(f, []string{"a", "b", "c"})
				},
				"n": generate.Sequence(10, -5),
			}
			s.Many("a", "x", 4, row)
			s.Add("a", "alone", row)
		}))
	want := []string{"a|-5", "a|10", "a|10", "b|5", "c|0"}
	if diff := cmp.Diff(want, d.query("SELECT nth, n FROM a ORDER BY nth, n")); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestWrongChoices(t *testing.T) {
	tests := []struct {
		fn   func(*generate.Fake) any
		want string
	}{
		{generate.Maybe(1.5, "x"), "Maybe(1.5, …): a probability is from 0 to 1"},
		{generate.Maybe(-1, "x"), "Maybe(-1, …): a probability is from 0 to 1"},
		{func(f *generate.Fake) any { return generate.PickWeighted(f, []int{1, 2}, []int{1}) },
			"PickWeighted: 2 values and 1 weights with the sum 1"},
		{func(f *generate.Fake) any { return generate.PickWeighted(f, []int{1}, []int{0}) },
			"PickWeighted: 1 values and 1 weights with the sum 0"},
		{func(f *generate.Fake) any { return generate.PickWeighted(f, []int{1}, []int{-1}) },
			"PickWeighted: -1 cannot be a weight"},
		{func(f *generate.Fake) any { return len(generate.PickSome(f, 3, []int{1, 2})) },
			"PickSome: there are 2 values, not 3"},
		{func(f *generate.Fake) any { return generate.Nth(f, []int{}) },
			"Nth: there are no values"},
	}
	for _, tt := range tests {
		got := mistakes(t, options(oneValue, func(s *generate.Fixtures) {
			s.Add("a", "x", generate.Row{"v": tt.fn})
		}))
		if diff := cmp.Diff([]string{"a/x: " + tt.want}, got); diff != "" {
			t.Errorf("mistakes (-want +got):\n%s", diff)
		}
	}
}
