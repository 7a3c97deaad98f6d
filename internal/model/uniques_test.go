package model_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUniqueIndexes describes the keys of indexes that have an expression or not all rows.
func TestUniqueIndexes(t *testing.T) {
	const table = `CREATE TABLE t(email TEXT, "first name" TEXT, day TEXT, n INT, deleted_at INT,
		twice AS (n * 2)); CREATE UNIQUE INDEX i ON t`
	for _, test := range []struct{ index, columns, equal, where, within string }{
		{`(lower(email))`, "email",
			`(lower ( email )) COLLATE "BINARY" IS (lower ( ?1 ))`, "", ""},
		{`(email COLLATE NOCASE, n) WHERE deleted_at IS NULL`, "email,n",
			`("email") COLLATE "NOCASE" = (?1) AND ("n") COLLATE "BINARY" = (?2) ` +
				`AND (deleted_at IS NULL)`, "deleted_at", "?1 IS NULL"},
		{`(n DESC, coalesce("first name", day, '(none)') COLLATE NOCASE) /* , */`,
			"n,first name,day", `("n") COLLATE "BINARY" = (?1) AND ` +
				`(coalesce ( "first name" , day , '(none)' ) COLLATE NOCASE) COLLATE "NOCASE" ` +
				`IS (coalesce ( ?2 , ?3 , '(none)' ) COLLATE NOCASE)`, "", ""},
		{`(n) WHERE "n" > 0 AND n < deleted_at`, "n",
			`("n") COLLATE "BINARY" = (?1) AND ("n" > 0 AND n < deleted_at)`, "n,deleted_at",
			"?1 > 0 AND ?1 < ?2"},
		{`(abs(twice))`, "", "", "", ""},
		{`(n) WHERE twice > 3`, "", "", "", ""},
	} {
		m, _ := read(t, table+test.index)
		var columns, equal, where, within []string
		for _, u := range m.Tables[0].Uniques {
			columns = append(columns, names(m.Tables[0], u.Columns))
			equal = append(equal, u.Equal)
			where = append(where, names(m.Tables[0], u.Where))
			within = append(within, u.Within)
		}
		got := []string{strings.Join(columns, ";"), strings.Join(equal, ";"),
			strings.Join(where, ";"), strings.Join(within, ";")}
		want := []string{test.columns, test.equal, test.where, test.within}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", test.index, diff)
		}
	}
}

// TestBlamedIndexes checks which columns SQLite's errors about indexes blame.
func TestBlamedIndexes(t *testing.T) {
	m, c := read(t, `CREATE TABLE t(name TEXT, day TEXT, main INT, post INT);
		CREATE UNIQUE INDEX names ON t(lower(name), date(day)) WHERE day > '';
		CREATE UNIQUE INDEX mains ON t(post) WHERE main = 1;
		INSERT INTO t VALUES ('a', '2024-01-01', 1, 7)`)
	for values, want := range map[string]string{
		"'A', '2024-01-01 10:00', 0, 0": "name,day,day",
		"'b', '2024-01-01', 1, 7":       "post,main",
	} {
		err := c.Exec("INSERT INTO t VALUES (" + values + ")")
		if err == nil {
			t.Errorf("%s: no error", values)
			continue
		}
		if got := names(m.Tables[0], m.Tables[0].Blamed(err)); got != want {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
}
