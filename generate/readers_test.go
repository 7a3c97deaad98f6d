package generate_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/authority"
)

// TestDjango lets Django make tables, fills them, and lets Django's models filter the rows. The
// script fails if Django reads other times than it compares.
func TestDjango(t *testing.T) {
	checkReader(t, authority.Django(t), "testdata/events.py", map[string]string{
		"created": "events_event WHERE created_at < '2024-09-01 00:00:00'",
		"starts":  "events_event WHERE starts_at >= '2024-09-01 00:00:00'",
		"day":     "events_event WHERE day < '2024-09-01'",
		"opens":   "events_event WHERE opens < '12:00:00'",
		"month":   "events_event WHERE strftime('%m', created_at) = '10'",
		"price":   "events_event WHERE price < 100",
		"active":  "events_event WHERE active = 1",
		"joined":  "auth_user WHERE date_joined < '2024-04-01 00:00:00'",
	})
}

// TestActiveRecord does what [TestDjango] does with the library of Rails.
func TestActiveRecord(t *testing.T) {
	checkReader(t, authority.ActiveRecord(t), "testdata/bookings.rb", map[string]string{
		"created": "bookings WHERE created_at < '2024-09-01 00:00:00'",
		"starts":  "bookings WHERE starts_at >= '2024-09-01 00:00:00'",
		"day":     "bookings WHERE day < '2024-09-01'",
		"opens":   "bookings WHERE opens < '2000-01-01 12:00:00'",
		"price":   "bookings WHERE price < 100",
		"active":  "bookings WHERE active = 1",
		"joined":  "customers WHERE created_at < '2024-04-01 00:00:00'",
	})
}

// checkReader compares what a framework chooses with what SQL chooses.
func checkReader(t *testing.T, interpreter, script string, queries map[string]string) {
	run := func(verb, path string) string {
		out, err := exec.Command(interpreter, script, verb, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", script, verb, err, out)
		}
		return string(out)
	}
	made := filepath.Join(t.TempDir(), "made.db")
	run("make", made)
	d := write(t, generate.Options{
		SchemaPath: made, Rows: []generate.Rows{{Table: "*", N: 200}},
	})
	got := map[string]string{}
	for line := range strings.Lines(run("read", d.path)) {
		name, ids, _ := strings.Cut(strings.TrimSpace(line), " ")
		got[name] = ids
	}
	want := map[string]string{}
	for name, query := range queries {
		ids := d.query("SELECT id FROM " + query + " ORDER BY id")
		if len(ids) == 0 || len(ids) == 200 {
			t.Errorf("%s: SQL chooses %d rows, so the test shows nothing", name, len(ids))
		}
		want[name] = strings.Join(ids, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
