package generate_test

import (
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// FuzzWrite checks for any seed and number of rows that the database is intact and that every
// reference has its row.
func FuzzWrite(f *testing.F) {
	f.Add("", 0, 0)
	f.Add("seed", 3, 40)
	f.Add("\xff\x00", 17, 1)
	f.Fuzz(func(t *testing.T, seed string, authors, books int) {
		authors, books = authors&31, books&63
		opts := options(library, func(s *generate.Fixtures) {
			s.Many("author", "a", authors, nil, generate.Some("book", 0, 3, nil))
			if authors > 0 {
				s.Many("book", "b", books, nil, generate.Some("loan", 0, 2, nil))
			}
		})
		opts.Seed = seed
		path := filepath.Join(t.TempDir(), "seed.db")
		if _, err := generate.Write(t.Context(), path, opts); err != nil {
			t.Fatal(err)
		}
		c, err := sqlite.Open(t.Context(), path, sqlite.ReadOnly)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		const whole = "SELECT (SELECT group_concat(integrity_check) " +
			"FROM pragma_integrity_check) || (SELECT count(*) FROM pragma_foreign_key_check)"
		if v, err := c.Value(whole); err != nil || v.Data() != "ok0" {
			t.Errorf("%q (%v)", v.Data(), err)
		}
	})
}
