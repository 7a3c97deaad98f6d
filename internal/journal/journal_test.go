package journal_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var values = []sqlite.Value{
	{}, sqlite.Int(0), sqlite.Int(math.MinInt64), sqlite.Int(math.MaxInt64),
	sqlite.Float(0.1), sqlite.Float(math.Copysign(0, -1)), sqlite.Float(math.Inf(1)),
	sqlite.Float(math.Inf(-1)), sqlite.Float(math.MaxFloat64), sqlite.Float(5e-324),
	sqlite.Float(1),
	sqlite.String(""), sqlite.String("a\x00b\n\"\\<&>\u2028é😀"), sqlite.String("\xff\xfe"),
	sqlite.String("null"), sqlite.Bytes(nil), sqlite.Bytes([]byte{0, 255}),
}

var table = &journal.Table{Name: "t \"x\"", Columns: []string{"id", "v"}, Key: []string{"id"}}

func header() journal.Header { return journal.Header{Verb: "apply", Source: "s", Target: "/t.db"} }

// TestChangesComeBack writes each kind of value as a key and as an old value.
func TestChangesComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db.run")
	log, err := journal.Create(path, header())
	if err != nil {
		t.Fatal(err)
	}
	var want []journal.Change
	for _, v := range values {
		row := []sqlite.Value{v, v}
		h := journal.HashOf(row)
		want = append(want,
			journal.Change{Table: table, Kind: journal.Insert, Key: row[:1], Hash: h},
			journal.Change{Table: table, Kind: journal.Update, Key: row[:1], Hash: h,
				Was: journal.HashOf(row[:1]), Old: []journal.Old{{Column: "v", Value: v}}},
			journal.Change{Table: table, Kind: journal.Delete, Key: row[:1], Hash: h,
				Old: []journal.Old{{Column: "v", Value: v}, {Column: "hash", Hidden: true}}})
	}
	for _, c := range want {
		if err := log.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(log.Ready(), log.Finish(journal.Committed)); err != nil {
		t.Fatal(err)
	}
	e, err := journal.Read(path)
	if err != nil || !e.Ready || e.Outcome != journal.Committed || e.Running {
		t.Fatalf("read %+v, %v", e, err)
	}
	rows := []journal.Rows{{Table: table.Name, Inserted: 17, Updated: 17, Deleted: 17}}
	if diff := cmp.Diff(rows, e.Rows); diff != "" {
		t.Error(diff)
	}
	reader, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var got []journal.Change
	for c, err := range e.Changes() {
		if err != nil {
			t.Fatal(err)
		}
		again, err := reader.At(c.Place, c.Table)
		if err != nil {
			t.Fatal(err)
		}
		c.Place = 0
		got = append(got, c)
		if diff := cmp.Diff(c, again, compared); diff != "" {
			t.Errorf("read again: %s", diff)
		}
	}
	if diff := cmp.Diff(want, got, compared); diff != "" {
		t.Error(diff)
	}
}

var compared = cmp.Comparer(func(a, b sqlite.Value) bool {
	return string(a.AppendKey(nil)) == string(b.AppendKey(nil))
})

func TestCreateOverwritesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db.run")
	log, err := journal.Create(path, header())
	if err != nil {
		t.Fatal(err)
	}
	if e, err := journal.Read(path); err != nil || !e.Running {
		t.Errorf("at work: %+v, %v", e, err)
	}
	if _, err := journal.Create(path, header()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created again: %v", err)
	}
	log.Discard()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("discarded: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db.run")
	for text, want := range map[string]string{
		"":                                 path + ": has no run yet",
		"{\"seedkit_run\":1}":              path + ": has no run yet",
		"no JSON\n":                        path + ": is not as it was written",
		"{\"seedkit_run\":2}\n":            path + " has format 2, want 1",
		"{\"seedkit_run\":1}\n{\"x\":1}\n": path + ": is not as it was written",
		"{\"seedkit_run\":1}\n{\"ready\":{\"rows\":[],\"sha256\":\"00\"}}\n": path +
			": is not as it was written",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Read(path); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// TestSettleIsForKilledRunsOnly holds that what a later run sees does not take the place of an
// outcome.
func TestSettleIsForKilledRunsOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db.run")
	log, err := journal.Create(path, header())
	if err == nil {
		err = log.Ready()
	}
	if err != nil {
		t.Fatal(err)
	}
	settle := func() journal.Entry {
		t.Helper()
		if err := journal.Settle(path, journal.Seen{Done: 3}); err != nil {
			t.Fatal(err)
		}
		e, err := journal.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := settle(); e.Seen != nil {
		t.Error("a run at work was settled")
	}
	if err := log.Close(); err != nil { // as a kill does
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"outc`) // a line that broke off
	f.Close()
	if e := settle(); e.Seen == nil || e.Seen.Done != 3 || !e.Killed() {
		t.Errorf("a killed run was not settled: %+v", e)
	}
}
