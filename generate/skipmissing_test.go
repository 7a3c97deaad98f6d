package generate_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

func TestSkipMissing(t *testing.T) {
	opts := options(`CREATE TABLE a(id INTEGER PRIMARY KEY);
		CREATE TABLE part(a INTEGER NOT NULL REFERENCES a)`,
		func(s *generate.Fixtures) {
			s.Add("a", "x", nil, generate.Has("part", nil),
				generate.Some("gone", 1, 3, nil, generate.Has("part", nil)),
				generate.Link(s.Ref("tag", "t"), s.Ref("tag", "u")))
			s.Add("tag", "t", nil, generate.Has("part", nil))
			s.Many("gone", "y", 3, generate.Row{"column": 1})
		})
	opts.Sets[0].SkipMissing = true
	d := write(t, opts)
	const why = "the schema has no such table"
	want := []generate.LeftOut{{Table: "gone", Why: why}, {Table: "tag", Why: why}}
	if diff := cmp.Diff(want, d.report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if got := d.one("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM part)"); got != "1|1" {
		t.Errorf("%s rows, want 1|1", got)
	}
}

// TestSkipMissingIsNoExcuse checks that mistakes in rows of tables that are there stay mistakes.
func TestSkipMissingIsNoExcuse(t *testing.T) {
	opts := options("CREATE TABLE a(id INTEGER PRIMARY KEY, tag INTEGER)",
		func(s *generate.Fixtures) {
			s.Add("a", "x", generate.Row{"idd": 1, "tag": s.Ref("tag", "t")})
			s.Add("tag", "t", nil)
		})
	opts.Sets[0].SkipMissing = true
	want := []string{
		`a/x: table a has no column "idd" (did you mean id?)`,
		`a/x: column "tag" refers to tag/t, but there is no table "tag"`,
	}
	if diff := cmp.Diff(want, mistakes(t, opts)); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestSkipMissingAll(t *testing.T) {
	opts := options("CREATE TABLE b(id INTEGER PRIMARY KEY)", func(s *generate.Fixtures) {
		s.Add("a", "x", nil)
	})
	opts.Sets[0].SkipMissing = true
	_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"), opts)
	if !errors.Is(err, generate.ErrNoTables) {
		t.Errorf("error %v, want %v", err, generate.ErrNoTables)
	}
}
