package generate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const shop = `
	CREATE TABLE country(code TEXT PRIMARY KEY COLLATE NOCASE, name TEXT NOT NULL UNIQUE,
		since DATETIME, size REAL DEFAULT 1.5, note TEXT NOT NULL DEFAULT 'none');
	CREATE TABLE city(id INTEGER PRIMARY KEY, country TEXT NOT NULL REFERENCES country(code),
		name TEXT NOT NULL, UNIQUE(country, name));
	INSERT INTO country(code, name, since, size) VALUES ('at', 'Austria', 1600000000000, 84),
		('ch', 'Switzerland', 1600000000000, 41), ('li', 'Liechtenstein', NULL, 0.16);
	INSERT INTO city(id, country, name) VALUES (7, 'at', 'Wien');`

func TestAdoption(t *testing.T) {
	d := write(t, options(shop, func(s *generate.Fixtures) {
		s.Add("country", "same",
			generate.Row{"code": "AT", "size": "84.0", "since": time.UnixMilli(1600000000000)},
			generate.Has("city", generate.Row{"name": "Wien"}, generate.Link()),
			generate.Has("city", generate.Row{"name": "Graz"}))
		s.Add("country", "other", generate.Row{
			"name": "Switzerland", "size": 42, "since": generate.DefaultNow, "code": "xx",
		})
		s.Add("country", "new", generate.Row{"code": "de", "name": "Germany"})
		s.Add("city", "bern", generate.Row{"country": s.Ref("country", "other"), "name": "Bern"})
	}))
	tests := []struct {
		sql  string
		want []string
	}{
		{"SELECT code, name, since, size, note FROM country ORDER BY rowid", []string{
			"at|Austria|1600000000000|84.0|none", "ch|Switzerland|1600000000000|41.0|none",
			"li|Liechtenstein||0.16|none", "de|Germany||1.5|none",
		}},
		{"SELECT min(id, 8), country, name FROM city ORDER BY 2, 3 DESC",
			[]string{"7|at|Wien", "8|at|Graz", "8|ch|Bern"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, d.query(test.sql)); diff != "" {
			t.Errorf("%s:\n%s", test.sql, diff)
		}
	}
	want := generate.Report{
		Tables: []generate.TableReport{
			{Table: "country", Rows: 4, Baseline: 3, Adopted: 2},
			{Table: "city", Rows: 3, Baseline: 1, Adopted: 1},
		},
		Sets: []string{"test"}, Datetime: generate.UnixMilli,
		DatetimeWhy: "as in country.since",
		Times: []generate.TimeReport{{
			Form: generate.UnixMilli, Why: "as in country.since",
			Columns: []string{"country.since"},
		}},
		Notes: []string{
			"country/other is in the migrations already, with another code, since, " +
				"size: that row stands",
		},
	}
	if diff := cmp.Diff(want, d.report); diff != "" {
		t.Error(diff)
	}
}

func TestNoRowIsAdoptedTwice(t *testing.T) {
	want := []string{
		"country/b: stands for the same row of the schema's scripts as country/a, at HERE",
	}
	got := mistakes(t, options(shop, func(s *generate.Fixtures) {
		s.Add("country", "a", generate.Row{"code": "at"})
		s.Add("country", "b", generate.Row{"name": "Austria"})
	}))
	for i := range got {
		got[i] = places.ReplaceAllString(got[i], "HERE")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReferencesChooseAmongTheBaseline checks that references can choose rows of the baseline, with
// and without a fixture that adopts them.
func TestReferencesChooseAmongTheBaseline(t *testing.T) {
	cities := func(fixtures fill) map[string]bool {
		d := write(t, options(shop, func(s *generate.Fixtures) {
			s.Many("city", "c", 60, nil)
			fixtures(s)
		}))
		out := map[string]bool{}
		for _, row := range d.query("SELECT DISTINCT country FROM city") {
			out[row] = true
		}
		return out
	}
	all := map[string]bool{"at": true, "ch": true, "li": true}
	if diff := cmp.Diff(all, cities(func(*generate.Fixtures) {})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all,
		cities(func(s *generate.Fixtures) {
			s.Add("country", "a", generate.Row{"code": "at"})
		})); diff != "" {
		t.Errorf("one is adopted:\n%s", diff)
	}
}

// TestAdoptionByIndexes adopts rows by unique indexes of expressions and of some rows.
func TestAdoptionByIndexes(t *testing.T) {
	d := write(t, options(`
		CREATE TABLE member(id INTEGER PRIMARY KEY, email TEXT NOT NULL);
		CREATE UNIQUE INDEX m ON member(lower(email));
		CREATE TABLE page(id INTEGER PRIMARY KEY, slug TEXT NOT NULL, day TEXT, gone DATETIME);
		CREATE UNIQUE INDEX p ON page(slug COLLATE NOCASE, coalesce(day, '')) WHERE gone IS NULL;
		INSERT INTO member VALUES (7, 'Ada@example.com');
		INSERT INTO page VALUES (1, 'home', NULL, 5), (2, 'Home', NULL, NULL),
			(3, 'home', 'x', NULL);`,
		func(s *generate.Fixtures) {
			s.Add("member", "ada", generate.Row{"email": "ada@example.com"})
			s.Add("page", "home", generate.Row{"slug": "HOME", "day": nil})
			s.Add("page", "gone", generate.Row{"slug": "HOME", "day": nil, "gone": 7})
			s.Add("page", "new", generate.Row{"slug": "home", "day": "y"})
		}))
	want := []string{
		"7|Ada@example.com|", "1|home|5", "2|Home|", "3|home|", "9|HOME|7", "9|home|",
	}
	got := append(d.query("SELECT id, email, NULL FROM member"),
		d.query("SELECT min(id, 9), slug, gone FROM page ORDER BY 1, 2")...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
