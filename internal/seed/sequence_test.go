package seed_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/seed"
)

const counting = "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT); " +
	"CREATE TABLE \"it's\nt\"(id INTEGER PRIMARY KEY AUTOINCREMENT); " +
	"CREATE TABLE plain(id INTEGER PRIMARY KEY);"

func raises(table string, counter int64) string {
	return string(bytes.Join(seed.Raises(table, counter), nil))
}

func counter(t *testing.T, s *seed.Seed, table string) int64 {
	t.Helper()
	n, err := seed.Counter(s.Conn, s.Schema.Table(table))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRaises(t *testing.T) {
	tests := []struct {
		name, before, table string
		want                int64
	}{
		{"no id was given out", "", "t", 120},
		{"fewer were", "INSERT INTO t VALUES(7);", "t", 120},
		{"as many were", "INSERT INTO t VALUES(120);", "t", 120},
		{"more were", "INSERT INTO t VALUES(121);", "t", 121},
		{"a name that takes care", "INSERT INTO \"it's\nt\" VALUES(7);", "it's\nt", 120},
		{"a table that does not count", "", "plain", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open(t, counting+test.before+raises(test.table, 120), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := counter(t, s, test.table); got != test.want {
				t.Errorf("the counter is at %d, want %d", got, test.want)
			}
			n, err := s.Conn.Int64("SELECT count(*) FROM sqlite_sequence")
			if n != 1 || err != nil {
				t.Errorf("sqlite_sequence has %d rows (%v)", n, err)
			}
		})
	}
}

// TestReplayTakesRaisesAlone checks that a script may have the statements that Raises makes, with
// any spacing, and no similar ones.
func TestReplayTakesRaisesAlone(t *testing.T) {
	own := raises("t", 9)
	change := func(old, new string) string { return strings.Replace(own, old, new, 1) }
	for script, want := range map[string]bool{
		own:                                    true,
		strings.TrimSuffix(own, ";\n"):         true,
		strings.ReplaceAll(own, " ", "/**/\n"): true,
		change("WHERE name = 't'", "WHERE name = 't' OR 1"):              false,
		change("WHERE name = 't'", ""):                                   false,
		change("WHERE name = 't'", "WHERE name = id"):                    false,
		change("max(", "min("):                                           false,
		change("max(seq, 9)", "max(seq, '9')"):                           false,
		change("max(seq, 9)", "max(seq, 9.0)"):                           false,
		change("max(seq, 9)", "9"):                                       true,
		change("max(seq, 9)", "random()"):                                false,
		`UPDATE "main"."sqlite_sequence" set [seq]=7 WHERE "name" = 't'`: true,
		`UPDATE temp.sqlite_sequence SET seq = 7 WHERE name = 't'`:       false,
		change("UPDATE", "UPDATE OR FAIL"):                               false,
		change("UPDATE sqlite_sequence", "UPDATE t"):                     false,
		change("SELECT 't'", "SELECT 'u'"):                               false,
		change("SELECT 't', 9", "SELECT 9, 't'"):                         false,
		change("SELECT 't', 9", "SELECT 't', random()"):                  false,
		change("NOT EXISTS", "EXISTS"):                                   false,
		change("INSERT", "REPLACE"):                                      false,
		change("'t');", "'t') RETURNING 1;"):                             false,
	} {
		_, err := open(t, counting+script, "")
		if taken := err == nil; taken != want || !want && !errors.Is(err, seed.ErrNotASeed) {
			t.Errorf("%s\ntaken is %t, %v", script, taken, err)
		}
	}
}

func TestRaisesNeedCounters(t *testing.T) {
	_, err := open(t, raises("t", 9), "CREATE TABLE t(id INTEGER PRIMARY KEY)")
	if err == nil || !strings.Contains(err.Error(), "no such table: sqlite_sequence") {
		t.Errorf("got %v", err)
	}
	if _, err := open(t, raises("t", 9), ""); !errors.Is(err, seed.ErrNoTables) {
		t.Errorf("got %v, want ErrNoTables", err)
	}
}
