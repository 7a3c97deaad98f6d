package extract_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
)

// raised returns the statements that raise the counter of a table.
func raised(table string, counter int64) string {
	return fmt.Sprintf("UPDATE sqlite_sequence SET seq = max(seq, %[2]d) WHERE name = '%[1]s';\n"+
		"INSERT INTO sqlite_sequence (name, seq) SELECT '%[1]s', %[2]d "+
		"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '%[1]s');\n", table, counter)
}

const (
	eventTable  = "CREATE TABLE event(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);\n"
	firstEvent  = "INSERT INTO event VALUES(1, 'first');\n"
	ninthEvent  = "INSERT INTO event VALUES(9, 'ninth');\n"
	countedNine = "DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence VALUES('event', 9);\n"
)

func TestCounters(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"above the rows", eventTable + firstEvent + countedNine, raised("event", 9)},
		{"of a table without rows", eventTable + countedNine, raised("event", 9)},
		{"as the rows", eventTable + firstEvent + ninthEvent + countedNine, ""},
		{"below the rows", eventTable + "INSERT INTO event VALUES(10, 'tenth');" + countedNine, ""},
		{"of ids below zero", eventTable + "INSERT INTO event VALUES(-1, 'before');", ""},
		{"of a table that was never used", eventTable, ""},
		{"of a migration tool's table",
			strings.ReplaceAll(eventTable+firstEvent+countedNine, "event", "goose_db_version"), ""},
		{"after all rows",
			eventTable + firstEvent + "CREATE TABLE later(x); INSERT INTO later VALUES(1);" +
				countedNine, raised("event", 9)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, report, err := write(t, test.script, extract.Options{})
			if err != nil || report.Proven != (got != "") {
				t.Fatalf("proven is %t, %v, of %q", report.Proven, err, got)
			}
			if _, counters := cutCounters(got); counters != test.want {
				t.Errorf("got\n%swant\n%s", counters, test.want)
			}
			for _, left := range report.LeftOut {
				if left.Table == "sqlite_sequence" {
					t.Errorf("it is said to be left out: %v", left)
				}
			}
			if got == "" {
				return
			}
			again, _, err := write(t, got,
				extract.Options{Schema: schemaFile(t, eventTable+"CREATE TABLE later(x);")})
			if err != nil || again != got {
				t.Errorf("extracted once more: %v\n%swant\n%s", err, again, got)
			}
		})
	}
}

// cutCounters cuts a script before the first statement that raises a counter.
func cutCounters(script string) (rows, counters string) {
	if i := strings.Index(script, "UPDATE sqlite_sequence"); i >= 0 {
		return script[:i], script[i:]
	}
	return script, ""
}

func schemaFile(t *testing.T, sql string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path, []byte(sql), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCountersAndOptions(t *testing.T) {
	const other = "CREATE TABLE other(x PRIMARY KEY); INSERT INTO other VALUES(1);"
	tests := []struct {
		name     string
		rows     string
		baseline string // The migrations' script; empty if there are none.
		opts     extract.Options
		want     string
	}{
		{"rows may be skipped", firstEvent, "", extract.Options{OnConflict: extract.Skip},
			raised("event", 9)},
		{"rows may be updated", firstEvent, "", extract.Options{OnConflict: extract.Update},
			raised("event", 9)},
		{"the table is wanted", firstEvent, "", extract.Options{Tables: []string{"event"}},
			raised("event", 9)},
		{"another is", firstEvent, "", extract.Options{Tables: []string{"other"}}, ""},
		{"the table is unwanted", firstEvent, "", extract.Options{Exclude: []string{"event"}}, ""},
		{"the baseline has counted less", firstEvent, eventTable + firstEvent, extract.Options{},
			raised("event", 9)},
		{"the baseline has counted as far", firstEvent,
			eventTable + ninthEvent + "DELETE FROM event;", extract.Options{}, ""},
		{"the baseline has counted further", firstEvent,
			eventTable + "INSERT INTO event VALUES(10, 'tenth');", extract.Options{}, ""},
		{"the baseline does not count", firstEvent,
			"CREATE TABLE event(id INTEGER PRIMARY KEY, name TEXT);", extract.Options{}, ""},
		{"the baseline has another name for it", firstEvent,
			strings.ReplaceAll(eventTable, "event", "Event"), extract.Options{},
			raised("Event", 9)},
		{"the last row gives way to the baseline's", ninthEvent,
			eventTable + "INSERT INTO event VALUES(2, 'ninth');",
			extract.Options{OnConflict: extract.Skip}, raised("event", 9)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.baseline != "" {
				script := test.baseline + "CREATE TABLE other(x PRIMARY KEY);"
				test.opts.Baseline = migrations(t, map[string]string{"1_init": script})
			}
			got, report, err := write(t, eventTable+test.rows+other+countedNine, test.opts)
			if err != nil || !report.Proven {
				t.Fatalf("proven is %t, %v", report.Proven, err)
			}
			if _, counters := cutCounters(got); counters != test.want {
				t.Errorf("got\n%swant\n%s", counters, test.want)
			}
		})
	}
}

// TestCountersAreInTheTransaction has rows that refer to each other, and an empty table with a
// counter.
func TestCountersAreInTheTransaction(t *testing.T) {
	const table = "CREATE TABLE event(" +
		"id INTEGER PRIMARY KEY AUTOINCREMENT, after INT REFERENCES event);"
	got, _, err := write(t, table+countedNine, extract.Options{})
	want := "BEGIN;\nPRAGMA defer_foreign_keys=ON;\n" + raised("event", 9) + "COMMIT;\n"
	if err != nil || got != want {
		t.Errorf("got %v\n%swant\n%s", err, got, want)
	}
}

func TestCounterThatFitsNoStatement(t *testing.T) {
	_, _, err := write(t, eventTable+firstEvent+countedNine,
		extract.Options{MaxStatementBytes: 120})
	want := &extract.TooLongError{
		Table: "sqlite_sequence", Key: "name = 'event'", Bytes: 128, Max: 120,
	}
	var long *extract.TooLongError
	if !errors.As(err, &long) || !cmp.Equal(want, long) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// TestProofFindsACounterThatIsLost has a later migration that makes the table again, so that its
// ids continue after its rows.
func TestProofFindsACounterThatIsLost(t *testing.T) {
	again := strings.Replace(eventTable, "event", "new_event", 1) +
		"INSERT INTO new_event SELECT * FROM event; " +
		"DROP TABLE event; ALTER TABLE new_event RENAME TO event;"
	dir := migrations(t, map[string]string{"1_init": eventTable, "2_again": again})
	for last, lost := range map[string]bool{firstEvent: true, ninthEvent: false} {
		path := filepath.Join(dir, "1_init", "migration.sql")
		_, err := extract.Into(t.Context(), path, "test.sql",
			extract.Options{Script: strings.NewReader(eventTable + last + countedNine)})
		var proof *extract.ProofError
		if errors.As(err, &proof) != lost || lost && proof.Table != "event" || !lost && err != nil {
			t.Errorf("%sgot %v, want a ProofError for the table: %t", last, err, lost)
		}
	}
}
