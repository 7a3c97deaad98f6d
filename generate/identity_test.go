package generate_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const library = `
	CREATE TABLE author(id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
		created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
	CREATE TABLE book(id INTEGER PRIMARY KEY, title TEXT NOT NULL,
		author_id TEXT NOT NULL REFERENCES author(id), price REAL NOT NULL, shelf BLOB);
	CREATE TABLE tag(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE book_tag(book INTEGER NOT NULL REFERENCES book(id),
		tag TEXT NOT NULL REFERENCES tag(id), PRIMARY KEY(book, tag)) WITHOUT ROWID;
	CREATE TABLE loan(book INTEGER NOT NULL REFERENCES book(id),
		until DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);`

func libraryBooks(s *generate.Fixtures) {
	s.Add("tag", "old", generate.Row{"name": "old"})
	s.Many("author", "known", 3,
		generate.Row{
			"name": generate.FullName, "created_at": generate.Past(time.Hour, 1000*time.Hour),
		},
		generate.Some("book", 1, 4, generate.Row{}, generate.Link(s.Ref("tag", "old"))),
		generate.Has("book", generate.Row{"title": "Last"}))
}

func libraryLoans(s *generate.Fixtures) {
	s.Many("book", "lost", 2, generate.Row{"author_id": s.Ref("author", "known#2")},
		generate.Has("loan", nil), generate.Has("loan", nil))
}

// TestIdentity changes everything around rows that must stay the same.
func TestIdentity(t *testing.T) {
	sets := func(fills ...fill) []generate.Set {
		var out []generate.Set
		for i, f := range fills {
			out = append(out, generate.Set{Name: fmt.Sprint(i), Fill: f})
		}
		return out
	}
	base := write(t,
		generate.Options{SchemaSQL: library, Sets: sets(libraryBooks, libraryLoans)}).rows()
	tests := []struct {
		name   string
		schema string
		fills  []fill
	}{
		{"sets in another order", library, []fill{libraryLoans, libraryBooks}},
		{"rows before and behind", library, []fill{
			func(s *generate.Fixtures) { s.Many("author", "new", 5, nil) },
			libraryBooks,
			func(s *generate.Fixtures) { s.Add("tag", "new", nil); s.Many("book", "new", 7, nil) },
			libraryLoans,
		}},
		{"more rows of one declaration, more parts", library, []fill{
			func(s *generate.Fixtures) {
				s.Add("tag", "other", nil)
				s.Add("tag", "old", generate.Row{"name": "old"})
				s.Many("author", "known", 9,
					generate.Row{
						"name":       generate.FullName,
						"created_at": generate.Past(time.Hour, 1000*time.Hour),
					},
					generate.Some("book", 1, 4, generate.Row{},
						generate.Link(s.Ref("tag", "other"), s.Ref("tag", "old")),
						generate.Some("loan", 1, 2, nil)),
					generate.Has("book", generate.Row{"title": "Last"}),
					generate.Some("book", 2, 2, nil))
			},
			libraryLoans,
		}},
		{"names in another case", library, []fill{
			func(s *generate.Fixtures) {
				s.Add("TAG", "old", generate.Row{"NAME": "old"})
				s.Many("Author", "known", 3,
					generate.Row{
						"Name":       generate.FullName,
						"CREATED_AT": generate.Past(time.Hour, 1000*time.Hour),
					},
					generate.Some("Book", 1, 4, generate.Row{}, generate.Link(s.Ref("Tag", "old"))),
					generate.Has("BOOK", generate.Row{"title": "Last"}))
			},
			libraryLoans,
		}},
		{"columns and tables in another order", `
			CREATE TABLE tag(name TEXT NOT NULL UNIQUE, id TEXT PRIMARY KEY);
			CREATE TABLE loan(until DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
				book INTEGER NOT NULL REFERENCES book(id));
			CREATE TABLE other(x TEXT);
			CREATE TABLE book_tag(tag TEXT NOT NULL REFERENCES tag(id),
				book INTEGER NOT NULL REFERENCES book(id), PRIMARY KEY(book, tag)) WITHOUT ROWID;
			CREATE TABLE book(shelf BLOB, price REAL NOT NULL,
				author_id TEXT NOT NULL REFERENCES author(id), title TEXT NOT NULL,
				id INTEGER PRIMARY KEY);
			CREATE TABLE author(created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,
				email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, id TEXT PRIMARY KEY);`,
			[]fill{libraryBooks, libraryLoans}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := write(t,
				generate.Options{SchemaSQL: test.schema, Sets: sets(test.fills...)}).rows()
			maps.DeleteFunc(got, func(row string, _ bool) bool { return !base[row] })
			if diff := cmp.Diff(base, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestIdentityOfColumns adds a column to every table. No other value may change.
func TestIdentityOfColumns(t *testing.T) {
	fills := func(s *generate.Fixtures) { libraryBooks(s); libraryLoans(s) }
	want := write(t, options(library, fills))
	wider := write(t,
		options(
			strings.ReplaceAll(library, "(id TEXT PRIMARY KEY,",
				"(extra TEXT NOT NULL, id TEXT PRIMARY KEY, more INTEGER UNIQUE,"), fills,
		))
	for _, sql := range []string{
		"SELECT id, name, email, created_at, updated_at FROM author",
		"SELECT * FROM book", "SELECT id, name FROM tag", "SELECT * FROM book_tag",
		"SELECT * FROM loan",
	} {
		if diff := cmp.Diff(want.query(sql), wider.query(sql)); diff != "" {
			t.Errorf("%s:\n%s", sql, diff)
		}
	}
}

func TestIDsDependOnTheSeedAlone(t *testing.T) {
	ids := func(change func(*generate.Options)) []string {
		opts := options(library, libraryBooks)
		change(&opts)
		return write(t, opts).query("SELECT id FROM author UNION ALL SELECT id " +
			"FROM book ORDER BY 1")
	}
	want := ids(func(*generate.Options) {})
	later := ids(func(o *generate.Options) {
		o.Now, o.Datetime = generate.DefaultNow.AddDate(1, 0, 0), generate.Unix
	})
	if diff := cmp.Diff(want, later); diff != "" {
		t.Errorf("with another clock:\n%s", diff)
	}
	for _, id := range ids(func(o *generate.Options) { o.Seed = "another" }) {
		if slices.Contains(want, id) {
			t.Errorf("id %s of another seed", id)
		}
	}
}

// TestOpenReferencesMoveOnlyToNewRows adds a parent. Every reference must either move to it or
// stay.
func TestOpenReferencesMoveOnlyToNewRows(t *testing.T) {
	const books = 2000
	authors := func(n int) map[string]string {
		d := write(t, options(library, func(s *generate.Fixtures) {
			s.Many("author", "a", n, nil)
			s.Many("book", "b", books, nil)
		}))
		out := map[string]string{}
		for _, row := range d.query("SELECT id || '|' || author_id FROM book") {
			book, author, _ := strings.Cut(row, "|")
			out[book] = author
		}
		return out
	}
	before, after := authors(9), authors(10)
	old := map[string]int{}
	for _, author := range before {
		old[author]++
	}
	moved := 0
	for book, author := range after {
		if author != before[book] {
			moved++
			if old[author] > 0 {
				t.Errorf("book %s moved to author %s, who was there before", book, author)
			}
		}
	}
	if moved < books/20 || moved > books/5 {
		t.Errorf("%d of %d references moved to the tenth parent", moved, books)
	}
	for author, n := range old {
		if n < books/18 || n > books/4 {
			t.Errorf("author %s has %d of %d books, of nine authors", author, n, books)
		}
	}
}

// TestSameBytesOnEveryRun generates databases at the same time that must not influence each other.
func TestSameBytesOnEveryRun(t *testing.T) {
	opts := options(library, func(s *generate.Fixtures) { libraryBooks(s); libraryLoans(s) })
	file := func(t *testing.T) string {
		content, err := os.ReadFile(write(t, opts).path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	want := file(t)
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if file(t) != want {
				t.Error("two runs made two files")
			}
		})
	}
}
