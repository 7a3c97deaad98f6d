package seed_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/seed"
)

// TestUnsaid checks which columns of which rows a script leaves to their defaults.
func TestUnsaid(t *testing.T) {
	const script = `
		CREATE TABLE role(id TEXT PRIMARY KEY, name TEXT UNIQUE,
		at DATETIME DEFAULT CURRENT_TIMESTAMP, note DEFAULT 'n');
		CREATE TABLE "wi""thout"(a TEXT COLLATE NOCASE, b INTEGER, c DEFAULT 5,
		PRIMARY KEY (b, a)) WITHOUT ROWID;
		CREATE TABLE number(rowid TEXT, id INTEGER PRIMARY KEY, x DEFAULT 1);
		CREATE TABLE whole(a, b);
		CREATE TABLE alike(a, b DEFAULT 1, c DEFAULT 2);
		CREATE TABLE late(a, b DEFAULT 1);
		CREATE TABLE turns(a PRIMARY KEY, b DEFAULT 1);
		INSERT INTO alike(a) VALUES (5), (6);
		INSERT INTO alike(a) VALUES (7);
		INSERT INTO late VALUES (5, 6);
		INSERT INTO late(a) VALUES (7);
		INSERT INTO turns(a) VALUES (5);
		INSERT INTO turns(a) VALUES (6);
		INSERT INTO TURNS VALUES (7, 8);
		INSERT OR REPLACE INTO turns VALUES (6, 9);
		INSERT INTO turns(a) VALUES (10);
		INSERT INTO role(id, name) VALUES ('a', 'A'), ('b', 'B');
		INSERT INTO ROLE VALUES ('c', 'C', 1, 'said');
		INSERT INTO role(name, id, note) VALUES ('D', 'd', 'said');
		INSERT INTO main.Role(id, name) VALUES ('e', 'E');
		INSERT OR REPLACE INTO role VALUES ('e', 'E', 2, 'said');
		INSERT OR IGNORE INTO role(id) VALUES ('a');
		INSERT INTO "wi""thout"(a, b) VALUES ('x', 1), ('Y', 1);
		INSERT INTO "wi""thout" VALUES ('y', 2, 7);
		INSERT INTO number(id) VALUES (7);
		INSERT INTO number(rowid, x) VALUES ('r', 2);
		INSERT INTO whole(b, a) VALUES (1, 2);
		CREATE TRIGGER t AFTER INSERT ON number BEGIN
		INSERT INTO role VALUES ('trigger' || new.id, new.id, 3, 'said'); END;
		INSERT INTO number(id) VALUES (9);`
	want := map[string][]string{
		"role": {
			"a A 2025-01-01 00:00:00? n?", "b B 2025-01-01 00:00:00? n?", "c C 1 said",
			"d D 2025-01-01 00:00:00? said", "e E 2 said", "trigger9 9 3 said",
		},
		`wi"thout`: {"x 1 5?", "Y 1 5?", "y 2 7"},
		"alike":    {"5 1? 2?", "6 1? 2?", "7 1? 2?"},
		"late":     {"5 6", "7 1?"},
		"turns":    {"5 1?", "7 8", "6 9", "10 1?"},
		"number":   {"? 7 1?", "r 8 2", "? 9 1?"},
		"whole":    nil,
	}
	s, err := seed.Open(t.Context(),
		seed.Source{Script: strings.NewReader(script), Path: "seed.sql", NoteUnsaid: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, table := range s.Schema.Tables {
		var got []string
		if s.HasUnsaid(table) {
			for row, err := range s.Rows(table) {
				if err != nil {
					t.Fatal(err)
				}
				var words []string
				for i, v := range row.Values {
					word := v.Data()
					if v.Int64() != 0 {
						word = fmt.Sprint(v.Int64())
					}
					if row.Unsaid != nil && row.Unsaid[i] {
						word += "?"
					}
					words = append(words, word)
				}
				got = append(got, strings.Join(words, " "))
			}
		}
		if diff := cmp.Diff(want[table.Name], got); diff != "" {
			t.Errorf("rows of %s (-want +got):\n%s", table.Name, diff)
		}
	}
}
