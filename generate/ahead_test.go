package generate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// crowd has unique keys that an index keeps, and one that the table keeps.
const crowd = `
	CREATE TABLE person(id TEXT PRIMARY KEY, name TEXT NOT NULL, code INTEGER NOT NULL,
		phone TEXT NOT NULL UNIQUE, friend TEXT REFERENCES person(id), favourite TEXT);
	CREATE UNIQUE INDEX person_code ON person(code);
	CREATE TABLE pet(id INTEGER PRIMARY KEY, owner TEXT NOT NULL REFERENCES person(id),
		name TEXT NOT NULL CHECK (name < 't'));
	CREATE INDEX pet_owner ON pet(owner);`

// crowded declares n people. Some draw the same code, and one in a hundred refers to a row that may
// be inserted after it.
func crowded(n, codes int) fill {
	return func(s *generate.Fixtures) {
		s.Many("person", "p", n, generate.Row{
			"name": generate.FullName,
			"code": func(f *generate.Fake) any { return f.Int(1, codes) },
			"favourite": func(f *generate.Fake) any {
				if f.Number()%100 > 0 {
					return nil
				}
				return f.Ref("person", fmt.Sprintf("p#%d", f.Int(1, 4999)))
			},
		}, generate.Has("pet", nil))
	}
}

// TestManyRows adds the row with which gen begins to hope that SQLite refuses no row. The rows
// before it must stay, whether SQLite refuses rows or not.
func TestManyRows(t *testing.T) {
	for _, codes := range []int{1 << 30, 2_000_000} {
		few := write(t, options(crowd, crowded(4_999, codes)))
		many := write(t, options(crowd, crowded(5_000, codes)))
		before, added := few.rows(), 0
		for row := range many.rows() {
			if !before[row] {
				added++
			}
		}
		if added != 2 {
			t.Errorf("%d codes: %d rows are new or have changed, want 2", codes, added)
		}
		const indexes = `SELECT group_concat(sql, '; ') FROM sqlite_schema WHERE type = 'index'`
		if diff := cmp.Diff(few.one(indexes), many.one(indexes)); diff != "" {
			t.Errorf("the indexes (-few +many rows):\n%s", diff)
		}
	}
}

// TestMistakeInManyRows checks that a mistake in one of many rows is reported once, with the value.
func TestMistakeInManyRows(t *testing.T) {
	got := mistakes(t, options(crowd, func(s *generate.Fixtures) {
		crowded(5_000, 1<<30)(s)
		for _, name := range []string{"first", "second"} {
			s.Add("person", name, generate.Row{"code": -1})
		}
	}))
	want := []string{
		"person/second: UNIQUE constraint failed: person.code: person/first has -1, too",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestProcessors checks that the same rows make the same file on any number of processors.
func TestProcessors(t *testing.T) {
	files := map[string]bool{}
	for _, n := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(n)
		d := write(t, options(crowd, crowded(6_000, 1<<30)))
		runtime.GOMAXPROCS(before)
		bytes, err := os.ReadFile(d.path)
		if err != nil {
			t.Fatal(err)
		}
		files[string(bytes)] = true
	}
	if len(files) != 1 {
		t.Errorf("%d different files", len(files))
	}
}

// TestGoexit checks that gen does not take the rows before a function that ended its goroutine for
// all rows.
func TestGoexit(t *testing.T) {
	opts := options(crowd, func(s *generate.Fixtures) {
		s.Many("person", "p", 10_000, generate.Row{"name": func(f *generate.Fake) any {
			if f.Number() == 50 {
				runtime.Goexit()
			}
			return "somebody"
		}})
	})
	_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "x.db"), opts)
	if err == nil || !strings.Contains(err.Error(), "Goexit") {
		t.Errorf("got the error %v", err)
	}
}
