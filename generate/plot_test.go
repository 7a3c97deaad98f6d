package generate

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlot checks the rows of a table in their order: path, number and place.
func TestPlot(t *testing.T) {
	m, templates := compileSet(t, forum, func(s *Fixtures) {
		edited := Row{"editor": s.Ref("user", "b")}
		s.Many("user", "a", 2, nil, Has("post", edited),
			Some("post", 2, 2, edited, Link(s.Ref("user", "b"))))
		s.Add("user", "b", nil, Some("post", 0, 0, edited))
	})
	mistakes := &mistakes{}
	p := newPlot(t.Context(), templates, nil, mistakes)
	if err := mistakes.err(); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	hashes := map[uint64]string{}
	for _, table := range m.Tables {
		numbered := p.ordinals(table)
		for r := range p.rows(table) {
			path := r.path()
			if other, ok := hashes[r.hash]; ok || !p.at(path, nil).is(r) ||
				!numbered.row(len(got[table.Name])).is(r) {
				t.Errorf("%s is not itself, or has the hash of %q", path, other)
			}
			hashes[r.hash] = path
			got[table.Name] = append(got[table.Name], fmt.Sprint(path, " ", r.number, " ", r.place))
		}
		if numbered.rows != len(got[table.Name]) {
			t.Errorf("%s has %d numbers", table.Name, numbered.rows)
		}
	}
	if p.count() != int64(len(hashes)) {
		t.Errorf("counted %d rows of %d", p.count(), len(hashes))
	}
	want := map[string][]string{
		"user": {"user/a#1 1 1", "user/a#2 2 2", "user/b 1 0"},
		"post": {
			"user/a#1/post 1 1", "user/a#1/post(2)#1 1 1", "user/a#1/post(2)#2 2 1",
			"user/a#2/post 2 2", "user/a#2/post(2)#1 1 2", "user/a#2/post(2)#2 2 2",
		},
		"likes": {
			"user/a#1/post(2)#1/likes/user/b 1 1", "user/a#1/post(2)#2/likes/user/b 2 1",
			"user/a#2/post(2)#1/likes/user/b 1 2", "user/a#2/post(2)#2/likes/user/b 2 2",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPlotStops checks that nothing goes on over a billion rows after the context has ended.
func TestPlotStops(t *testing.T) {
	m, templates := compileSet(t, forum, func(s *Fixtures) {
		s.Many("user", "a", 1<<30, nil)
		s.Many("user", "a#b", 1<<30, nil)
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := newPlot(ctx, templates, nil, &mistakes{})
	if n := p.count(); n != 0 {
		t.Errorf("counted %d rows", n)
	}
	for _, table := range m.Tables {
		for r := range p.rows(table) {
			t.Fatalf("%s comes after the end", r.path())
		}
	}
}

// TestFindRow checks that a reference finds rows of its own table alone.
func TestFindRow(t *testing.T) {
	_, templates := compileSet(t, forum+`CREATE TABLE tree(up INT REFERENCES tree,
		id INTEGER PRIMARY KEY)`, func(s *Fixtures) {
		s.Many("user", "a", 2, nil, Has("post", Row{"editor": nil}))
		s.Add("tree", "root", nil, Has("tree", nil))
	})
	p := newPlot(t.Context(), templates, nil, &mistakes{})
	fixtures := &Fixtures{}
	for ref, want := range map[Ref]bool{
		fixtures.Ref("user", "a#2"): true, fixtures.Ref("user", "a"): false,
		fixtures.Ref("user", "a#3"): false, fixtures.Ref("user", "a#1/post"): false,
		fixtures.Ref("tree", "root/tree"): true,
	} {
		if r := p.find(ref); (r != nil) != want {
			t.Errorf("%s: found %v, want %t", ref.path(), r, want)
		}
	}
}
