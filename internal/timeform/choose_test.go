package timeform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

func rows(t *testing.T, sql string) timeform.Rows {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript(sql); err != nil {
		t.Fatal(err)
	}
	s, err := schema.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	return timeform.Rows{Conn: c, Table: s.Tables[0], Name: "app.db"}
}

// TestChoose converts the seed's values of a column to the form of the existing rows.
func TestChoose(t *testing.T) {
	const text, milli = "'2025-01-01 00:00:00'", "1735689600000"
	const zulu = "'2025-01-01T00:00:00.000Z'"
	tests := []struct {
		name     string
		column   string
		there    string // values
		seed     string
		question timeform.Question
		// The values, and after a bar the notes: values, from, to, inexact, kept.
		want string
	}{
		{"milliseconds", "at DATETIME", "1700000000000, 1700000000001", text + "," + zulu,
			timeform.Question{},
			"1735689600000 1735689600000 | 1 YYYY-MM-DD HH:MM:SS unix-ms 0 false, " +
				"1 YYYY-MM-DDTHH:MM:SS.sssZ unix-ms 0 false"},
		{"one form", "at DATETIME", zulu, zulu, timeform.Question{}, "2025-01-01T00:00:00.000Z | "},
		{"what the column is not declared for the rows say", "at TEXT", "'2024-01-01 10:00:00'",
			zulu, timeform.Question{},
			"2025-01-01 00:00:00 | 1 YYYY-MM-DDTHH:MM:SS.sssZ YYYY-MM-DD HH:MM:SS 0 false"},
		{"a text that is no time among those of a title", "title TEXT", zulu + ", 'Hello'", text,
			timeform.Question{}, "2025-01-01 00:00:00 | "},
		{"a number is no time", "size INTEGER", milli, "1735689600", timeform.Question{},
			"1735689600 | "},
		{"but by its name", "createdAt INTEGER", milli, "1735689600", timeform.Question{},
			"1735689600000 | 1 unix unix-ms 0 false"},
		{"the milliseconds of 1970 are no seconds", "at DATETIME", milli,
			milli + ", 50000000000, 7", timeform.Question{}, "1735689600000 50000000000 7 | "},
		{"an integer that nothing tells of", "at DATETIME", zulu, "7", timeform.Question{},
			"7 | 1  YYYY-MM-DDTHH:MM:SS.sssZ 0 true"},
		{"named, but of no form that is known", "createdAt TEXT", text, "'now', 20250101",
			timeform.Question{}, "now 20250101 | 2  YYYY-MM-DD HH:MM:SS 0 true"},
		{"mixed, and of no form that is known", "at DATETIME", text + "," + text + "," + milli,
			"'now'", timeform.Question{}, "now | 1   0 true"},
		{"no form that is known there, either", "at DATETIME", "'then'", "'now'",
			timeform.Question{}, "now | "},
		{"three of four by the name", "createdAt TEXT",
			text + "," + text + "," + text + ",'now'", zulu, timeform.Question{},
			"2025-01-01 00:00:00 | 1 YYYY-MM-DDTHH:MM:SS.sssZ YYYY-MM-DD HH:MM:SS 0 false"},
		{"mixed by the name", "createdAt TEXT", text + ",'now'", zulu, timeform.Question{},
			"2025-01-01T00:00:00.000Z | 1 YYYY-MM-DDTHH:MM:SS.sssZ  0 true"},
		{"the day as it was written", "day DATE", "'2024-01-01'", "'2025-01-01T23:30:00-05:00'",
			timeform.Question{},
			"2025-01-01 | 1 YYYY-MM-DDTHH:MM:SS-05:00 YYYY-MM-DD 1 false"},
		{"the day of an integer", "day DATE", "'2024-01-01'", milli, timeform.Question{},
			"2025-01-01 | 1 unix-ms YYYY-MM-DD 0 false"},
		{"an integer that nothing tells of among integers", "at DATETIME", milli, "7, 0",
			timeform.Question{}, "7 0 | "},
		{"mixed", "at DATETIME", text + "," + milli, zulu, timeform.Question{},
			"2025-01-01T00:00:00.000Z | 1 YYYY-MM-DDTHH:MM:SS.sssZ  0 true"},
		{"three of four", "at DATETIME", text + "," + milli + "," + milli + "," + milli, zulu,
			timeform.Question{},
			"1735689600000 | 1 YYYY-MM-DDTHH:MM:SS.sssZ unix-ms 0 false"},
		{"what defaults wrote does not count", "at DATETIME", text + "," + text + "," + milli, zulu,
			timeform.Question{Ignored: timeform.SQL},
			"1735689600000 | 1 YYYY-MM-DDTHH:MM:SS.sssZ unix-ms 0 false"},
		{"no rows", "at DATETIME", "NULL", text, timeform.Question{Default: timeform.UnixMilli},
			"2025-01-01 00:00:00 | "},
		{"no time", "at DATETIME", milli, "'tomorrow', x'00', NULL", timeform.Question{},
			"tomorrow \x00  | 2  unix-ms 0 true"},
		{"a part is lost", "at DATETIME", "1700000000", "'2025-01-01T00:00:00.001Z'",
			timeform.Question{},
			"1735689600 | 1 YYYY-MM-DDTHH:MM:SS.sssZ unix 1 false"},
		{"a day", "day DATE", "'2024-01-01'", zulu, timeform.Question{},
			"2025-01-01 | 1 YYYY-MM-DDTHH:MM:SS.sssZ YYYY-MM-DD 0 false"},
		{"asked", "at DATETIME", milli, text, timeform.Question{Asked: timeform.ISO},
			"2025-01-01T00:00:00.000+00:00 | " +
				"1 YYYY-MM-DD HH:MM:SS YYYY-MM-DDTHH:MM:SS.sss+00:00 0 false"},
		{"asked, but text cannot be an integer there", "at TIMESTAMP_TEXT", "NULL", text,
			timeform.Question{Asked: timeform.Unix}, "2025-01-01 00:00:00 | "},
		{"fixed", "at DATETIME", milli, text, timeform.Question{Fixed: []string{"at"}},
			"2025-01-01 00:00:00 | "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fill := func(values string) timeform.Rows {
				table := fmt.Sprintf("CREATE TABLE t(id INTEGER PRIMARY KEY, %s);", test.column)
				name, _, _ := strings.Cut(test.column, " ")
				return rows(t, table+fmt.Sprintf("INSERT INTO t(%s) VALUES (%s)", name,
					strings.ReplaceAll(values, ",", "), (")))
			}
			q := test.question
			q.Seed, q.There = fill(test.seed), []timeform.Rows{fill(test.there)}
			c, err := timeform.Choose(q)
			if err != nil {
				t.Fatal(err)
			}
			var values, notes []string
			for row, err := range rowdiff.Scan(q.Seed.Conn, q.Seed.Table) {
				if err != nil {
					t.Fatal(err)
				}
				after, _ := c.Convert(row, nil)
				c.Count()
				value := after[1].Data()
				if after[1].Kind() == sqlite.Integer {
					value = fmt.Sprint(after[1].Int64())
				}
				values = append(values, value)
			}
			for _, n := range c.Notes() {
				notes = append(notes, fmt.Sprintf("%d %s %s %d %v", n.Values, n.From, n.To,
					n.Inexact, n.Kept))
			}
			got := strings.Join(values, " ") + " | " + strings.Join(notes, ", ")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDefaults checks that values from defaults are converted without a note.
func TestDefaults(t *testing.T) {
	const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, " +
		"at DATETIME DEFAULT CURRENT_TIMESTAMP, day DATE);"
	const first = "INSERT INTO t VALUES (1, '2025-01-01 00:00:00', '2025-01-01 00:00:00');"
	tests := []struct {
		name, there, seed string
		def               timeform.Form
		want              string
	}{
		{"as the rows there have it", "INSERT INTO t VALUES (1, 1700000000, '2024-01-01')", "",
			timeform.ISO, "1735689600 2025-01-01"},
		{"as the seed's own have it", "", "INSERT INTO t VALUES (2, 1700000000123, NULL)",
			timeform.ISO, "1735689600000 2025-01-01 00:00:00"},
		{"as the app's framework has it", "", "", timeform.ISO,
			"2025-01-01T00:00:00.000+00:00 2025-01-01 00:00:00"},
		{"nothing tells", "", "", timeform.Form{}, "2025-01-01 00:00:00 2025-01-01 00:00:00"},
	}
	for _, test := range tests {
		q := timeform.Question{Default: test.def}
		q.Seed = rows(t, table+first+test.seed)
		q.There = []timeform.Rows{rows(t, table+test.there)}
		c, err := timeform.Choose(q)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range rowdiff.Scan(q.Seed.Conn, q.Seed.Table) {
			if err != nil {
				t.Fatal(err)
			}
			after, _ := c.Convert(row, []bool{false, true, true})
			at := after[1].Data()
			if after[1].Kind() == sqlite.Integer {
				at = fmt.Sprint(after[1].Int64())
			}
			if got := at + " " + after[2].Data(); got != test.want {
				t.Errorf("%s: got %s, want %s", test.name, got, test.want)
			}
			break
		}
		if c.Count(); len(c.Notes()) > 0 {
			t.Errorf("%s: notes %v", test.name, c.Notes())
		}
	}
}

// TestSample checks that the last rows of a large table count as much as its first, and that large
// values are not read.
func TestSample(t *testing.T) {
	const fill = `WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO t
		SELECT %s, iif(i <= 100, '2025-01-01 00:00:00', 1735689600000 + i), zeroblob(1000) FROM n;`
	for _, table := range []string{
		"CREATE TABLE t(rowid, at DATETIME, b);",
		"CREATE TABLE t(k PRIMARY KEY, at DATETIME, b) WITHOUT ROWID;",
	} {
		there := rows(t, table+fmt.Sprintf(fill, "i"))
		seed := rows(t, table+"INSERT INTO t VALUES (1, '2025-01-01T00:00:00Z', NULL)")
		c, err := timeform.Choose(timeform.Question{Seed: seed, There: []timeform.Rows{there}})
		if err != nil {
			t.Fatal(err)
		}
		for row := range rowdiff.Scan(seed.Conn, seed.Table) {
			if after, _ := c.Convert(row, nil); after[1].Int64() != 1735689600000 {
				t.Errorf("%s got %v", table, after[1])
			}
		}
	}
}
