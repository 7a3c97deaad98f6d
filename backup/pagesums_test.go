package backup

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPageSums compares files with copied pages: every page with a sum of its own, and groups of
// pages.
func TestPageSums(t *testing.T) {
	const size, pages = 512, 3000 // more than a block
	file := make([]byte, size*pages)
	for i := range file {
		file[i] = byte(i / size)
	}
	flip := func(page int) []byte {
		other := bytes.Clone(file)
		other[(page-1)*size+100] ^= 4
		return other
	}
	swapped := bytes.Clone(file)
	copy(swapped, file[size:2*size])
	copy(swapped[size:], file[:size])
	tests := []struct {
		title          string
		file           []byte
		alone, grouped string
	}{
		{"the same", file, "", ""},
		{"the first page", flip(1), "page 1", "one of the pages 1 to 7"},
		{"a page in a later block", flip(2050), "page 2050", "one of the pages 2045 to 2051"},
		{"the last page", flip(pages), "page 3000", "one of the pages 2997 to 3000"},
		{"swapped pages", swapped, "page 1", "one of the pages 1 to 7"},
		{"a page less", file[:len(file)-size], "page 3000", "page 3000"},
		{"a byte less", file[:len(file)-1], "page 3000", "page 3000"},
		{"a byte more", append(bytes.Clone(file), 0), "page 3001", "page 3001"},
		{"a page more", append(bytes.Clone(file), file[:size]...), "page 3001", "page 3001"},
		{"nothing", nil, "page 1", "page 1"},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			var got []string
			for _, group := range []int64{1, 7} {
				s := newPageSums(size, pages)
				s.group = group
				s.add(file[:size*100])
				s.add(file[size*100:])
				err := s.compareFile(t.Context(), bytes.NewReader(test.file), nil)
				what := ""
				if mismatch, ok := errors.AsType[*MismatchError](err); ok {
					what = mismatch.Differences[0].What
				} else if err != nil {
					t.Fatal(err)
				}
				got = append(got, what)
			}
			if diff := cmp.Diff([]string{test.alone, test.grouped}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPageSumsTakeLittleMemory(t *testing.T) {
	for pages, want := range map[int64]int64{
		1: 1, maxSums: 1, maxSums + 1: 2, 100 * maxSums: 128, 1<<32 - 2: 1 << 13,
	} {
		if got := newPageSums(4096, pages).group; got != want {
			t.Errorf("%d pages: groups of %d, want %d", pages, got, want)
		}
	}
}

// TestDiffering compares the pages 1, 2, … of two databases. A page is a byte.
func TestDiffering(t *testing.T) {
	tests := []struct {
		a, b           string
		alone, grouped []int64
	}{
		{"abcdefgh", "abcdefgh", nil, nil},
		{"abcdefgh", "abXdefgh", []int64{3}, []int64{1, 2, 3}},
		{"abcdefgh", "abcdefgX", []int64{8}, []int64{7, 8}},
		{"abcdefgh", "abcdefg", []int64{8}, []int64{7, 8}},
		{"abcdefg", "abcdefgh", nil, []int64{7}},
		{"abcdef", "abcdefgh", nil, nil},
		{"abcdefgh", "abc", []int64{4, 5, 6, 7, 8}, []int64{4, 5, 6, 7, 8}},
		{"abc", "", []int64{1, 2, 3}, []int64{1, 2, 3}},
		{"", "abc", nil, nil},
	}
	for _, test := range tests {
		sums := func(pages string, group int64) *pageSums {
			s := newPageSums(1, 1)
			s.group = group
			s.add([]byte(pages))
			return s
		}
		for group, want := range map[int64][]int64{1: test.alone, 3: test.grouped} {
			got := slices.Collect(sums(test.a, group).differing(sums(test.b, group)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q from %q in groups of %d: %s", test.a, test.b, group, diff)
			}
		}
		all := slices.Collect(sums(test.a, 1).differing(sums(test.b, 2)))
		if len(all) != len(test.a) {
			t.Errorf("%q from %q in other groups: %v", test.a, test.b, all)
		}
	}
}
