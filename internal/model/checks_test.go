package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const checked = `CREATE TABLE t(
	status TEXT CHECK (status IN ('draft', /* not 'lost' */ "live", 'it''s')),
	stars INT CHECK (5.5 >= stars), big INT CHECK (9223372036854775807 > big),
	low INT CHECK (low > -2),
	"from" INT NOT NULL, "to" INT NOT NULL, price REAL, code TEXT UNIQUE, g AS (price * 2) UNIQUE,
	CONSTRAINT "the price" CHECK (price > 0x10), CHECK ("from" <= "to"));`

// TestHints checks which literals the columns get from their constraints.
func TestHints(t *testing.T) {
	type hints struct {
		Texts   []string
		Numbers []float64
	}
	m, _ := read(t, checked)
	got := map[string]hints{}
	for _, c := range m.Tables[0].Columns {
		if len(c.Texts)+len(c.Numbers) > 0 {
			got[c.Name] = hints{c.Texts, c.Numbers}
		}
	}
	want := map[string]hints{
		"status": {Texts: []string{"draft", "live", "it's"}},
		"stars":  {Numbers: []float64{5.5}},
		"low":    {Numbers: []float64{-2}},
		"price":  {Numbers: []float64{16}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBlamed checks which columns SQLite's errors blame.
func TestBlamed(t *testing.T) {
	m, c := read(t, checked+`INSERT INTO t("from", "to", code, price) VALUES (1, 1, 'x', 20);
		CREATE TRIGGER no BEFORE INSERT ON t WHEN new.code = 'no' BEGIN
			SELECT raise(ABORT, 'no t.code'); END`)
	for values, want := range map[string]string{
		"'lost', 1, 1, 1, 1, 1, 17, 'y'":  "status",
		"'draft', 6, 1, 1, 1, 1, 17, 'y'": "stars",
		"'draft', 1, 1, 1, 1, 1, 1, 'y'":  "price",
		"'draft', 1, 1, 1, 2, 1, 17, 'y'": "from,to",
		"NULL, 1, 1, 1, 1, NULL, 17, 'y'": "to",
		"NULL, 1, 1, 1, 1, 1, 17, 'x'":    "code",
		"NULL, 1, 1, 1, 1, 1, 20, 'z'":    "",
		"NULL, 1, 1, 1, 1, 1, 17, 'no'":   "",
	} {
		err := c.Exec("INSERT INTO t VALUES (" + values + ")")
		if err == nil {
			t.Errorf("%s: no error", values)
			continue
		}
		table := m.Tables[0]
		if got := names(table, table.Blamed(err)); got != want {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
}
