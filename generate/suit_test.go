package generate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestValuesOfOtherForms gives times in other forms than the column's. They get the column's form,
// or the report says what is wrong.
func TestValuesOfOtherForms(t *testing.T) {
	const schema = `CREATE TABLE t(id INTEGER PRIMARY KEY, createdAt DATETIME, day DATE,
		seen_at INTEGER, text TEXT); INSERT INTO t VALUES (1, 1700000000000, NULL, NULL, NULL);`
	const stored = `: column "createdAt" stores times as unix-ms, as in t.createdAt: `
	for _, test := range []struct {
		name string
		row  generate.Row
		want string // the row and the note, without the place
	}{
		{"a day", generate.Row{"createdAt": "2024-05-01"}, "1714521600000|||"},
		{"text", generate.Row{"createdAt": "2024-05-01 10:00:00"},
			"1714557600000|||"},
		{"a function", generate.Row{"createdAt": func(*generate.Fake) any {
			return "2024-05-01T10:00:00.000Z"
		}}, "1714557600000|||"},
		{"seconds", generate.Row{"createdAt": 1714521600}, "1714521600000|||"},
		{"few", generate.Row{"createdAt": 7}, "7|||"},
		{"an integer by its name", generate.Row{"seen_at": "2024-05-01T10:00:00Z"},
			"||1714557600000|"},
		{"a part of it", generate.Row{"day": "2024-05-01 10:00:00"}, "|2024-05-01||" +
			`: column "day" stores times as YYYY-MM-DD, as t.day is declared: ` +
			`"2024-05-01 10:00:00" loses a part`},
		{"a word", generate.Row{"createdAt": "yesterday"},
			"yesterday|||" + stored + `"yesterday" is no such time`},
		{"a time of day", generate.Row{"createdAt": "10:00:00"},
			"10:00:00|||" + stored + `"10:00:00" is no such time`},
		{"no text at all", generate.Row{"createdAt": ""}, "|||"},
		{"no column for times", generate.Row{"text": "2024-05-01"}, "|||2024-05-01"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.row["id"] = 2
			for _, column := range []string{"createdAt", "day", "seen_at", "text"} {
				if _, ok := test.row[column]; !ok {
					test.row[column] = nil
				}
			}
			place := 0
			d := write(t, options(schema, func(s *generate.Fixtures) {
				place = line() + 1
				s.Add("t", "x", test.row)
			}))
			got := d.one("SELECT createdAt, day, seen_at, text FROM t WHERE id = 2")
			for _, note := range d.report.Notes {
				var file, text string
				fmt.Sscanf(note, "%s t/x: ", &file)
				if text = note[min(len(file)+len(" t/x"), len(note)):]; text != "" {
					got += text
				}
				if want := fmt.Sprintf("suit_test.go:%d:", place); len(file) < len(want) ||
					file[len(file)-len(want):] != want {
					t.Errorf("the note is of %s, want %s", file, want)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTextForNumbers gives text to columns for numbers, which apps cannot read.
func TestTextForNumbers(t *testing.T) {
	const schema = `CREATE TABLE t(id INTEGER PRIMARY KEY, age INTEGER, price DECIMAL(10, 2),
		ok BOOLEAN, level INT CHECK (level IN ('low', 'high')), made_at INTEGER, zone TIMEZONE);`
	got := mistakes(t, options(schema, func(s *generate.Fixtures) {
		s.Add("t", "right", generate.Row{
			"age": " 20 ", "price": "1.5e2", "ok": "1", "level": "low", "zone": "CET",
		})
		s.Add("t", "wrong", generate.Row{"age": "old", "price": "$1", "ok": "true"})
		s.Add("t", "time", generate.Row{"made_at": "yesterday"})
	}))
	want := []string{
		`t/wrong: column "age": the type INTEGER is for numbers, not for "old"`,
		`t/wrong: column "ok": the type BOOLEAN is for numbers, not for "true"`,
		`t/wrong: column "price": the type DECIMAL(10, 2) is for numbers, not for "$1"`,
		`t/time: column "made_at": the type INTEGER is for numbers, not for "yesterday"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = mistakes(t, options(schema, func(s *generate.Fixtures) {
		s.Many("t", "x", 3, generate.Row{"age": generate.FullName})
	}))
	if len(got) != 1 {
		t.Errorf("of a function: %q", got)
	}
}

// TestChangedBeforeCreation notes a row that was changed before its creation, once for each
// declaration. Where gen chooses the time of the creation, there is no such row.
func TestChangedBeforeCreation(t *testing.T) {
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	d := write(t, options("CREATE TABLE t(id INTEGER PRIMARY KEY, createdAt DATETIME NOT NULL "+
		"DEFAULT CURRENT_TIMESTAMP, updatedAt DATETIME NOT NULL)", func(s *generate.Fixtures) {
		s.Many("t", "x", 3, generate.Row{"updatedAt": old})
		s.Many("t", "y", 3, generate.Row{"createdAt": generate.DefaultNow, "updatedAt": old})
		s.Many("t", "z", 3, generate.Row{"createdAt": old})
	}))
	if got := d.one("SELECT count(*) FROM t WHERE createdAt > updatedAt"); got != "3" {
		t.Errorf("%s rows, want 3", got)
	}
	if len(d.report.Notes) != 1 {
		t.Errorf("notes: %q", d.report.Notes)
	}
}
