package chance_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/chance"
)

// TestNumbersStay checks numbers that must never change, because generated databases and their
// keys depend on them. The stream's are the first of the reference implementation for this seed.
func TestNumbersStay(t *testing.T) {
	stream := chance.New(1234567)
	got := []uint64{
		stream.Uint64(), stream.Uint64(), stream.Uint64(), chance.Hash("seed", "User/kody"),
		chance.Join(chance.Hash("seed"), 1, 2),
	}
	want := []uint64{
		6457827717110365317, 3203168211198807973, 9817491932198370423, 92716008990033764,
		5704415131785711632,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHashesDiffer(t *testing.T) {
	hash := chance.Hash("a")
	hashes := map[string]uint64{
		"nothing": chance.Hash(), "an empty name": chance.Hash(""), "a": hash,
		"a, b": chance.Hash("a", "b"), "b, a": chance.Hash("b", "a"), "ab": chance.Hash("ab"),
		"ab, nothing": chance.Hash("ab", ""), "a with 0": chance.Join(hash, 0),
		"a with 1, 2": chance.Join(hash, 1, 2), "a with 2, 1": chance.Join(hash, 2, 1),
		"a with 0, 0": chance.Join(hash, 0, 0),
	}
	names := map[uint64]string{}
	for name, hash := range hashes {
		if other, ok := names[hash]; ok {
			t.Errorf("%s and %s have the hash %d", name, other, hash)
		}
		names[hash] = name
	}
	if got := chance.Join(hash); got != hash {
		t.Errorf("nothing changes the hash %d to %d", hash, got)
	}
	if got := chance.Join(chance.Join(hash, 1), 2); got != hashes["a with 1, 2"] {
		t.Errorf("elements one by one: %d, together %d", got, hashes["a with 1, 2"])
	}
}

func TestBetween(t *testing.T) {
	for _, test := range []struct {
		least, greatest int64
		values          int // the number of values, 0 for too many to count
	}{
		{3, 3, 1}, {-2, 2, 5}, {0, 99, 100}, {math.MaxInt64 - 1, math.MaxInt64, 2},
		{math.MinInt64, math.MinInt64 + 2, 3}, {math.MinInt64, math.MaxInt64, 0},
		{math.MinInt64, 0, 0},
	} {
		stream, found := chance.New(7), map[int64]bool{}
		for range 2000 {
			n := stream.Between(test.least, test.greatest)
			if n < test.least || n > test.greatest {
				t.Fatalf("%d is not from %d to %d", n, test.least, test.greatest)
			}
			found[n] = true
		}
		if test.values > 0 && len(found) != test.values {
			t.Errorf("%d to %d: %d values, want %d", test.least, test.greatest, len(found),
				test.values)
		}
	}
}
