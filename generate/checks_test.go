package generate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestChecks fills tables with constraints. Every query returns one row.
func TestChecks(t *testing.T) {
	later := func(f *generate.Fake) any { return f.Past(-3000*time.Hour, -1000*time.Hour) }
	for _, test := range []struct {
		name, table string
		n           int
		row         generate.Row
		query, want string
	}{
		{"texts in a column of another affinity", `
			kind realEstateType NOT NULL CHECK (kind IN ('flat', 'house')),
			status STATUS NOT NULL CHECK (kind = 'flat' OR status IN ('open', 'closed'))`, 50, nil,
			"SELECT count(DISTINCT kind), sum(status IN ('open', 'closed')) > 10 FROM t", "2|1"},
		{"JSON", `a TEXT NOT NULL CHECK ((JSON_VALID("a") OR "a" IS NULL)),
			b TEXT NOT NULL CHECK (json_type(b) = 'object'),
			c TEXT NOT NULL CHECK (json_type(c) = 'array'),
			d TEXT CHECK (json_valid(d) AND json_type(d) IN ('text', 'null')), e JSON,
			f TEXT NOT NULL CHECK (json_type(f) = 'integer'),
			g TEXT NOT NULL CHECK (json_type(g) = 'real')`, 3, nil,
			"SELECT count(DISTINCT a || b || e), sum(json_type(c) = 'array') FROM t", "1|3"},
		{"JSON that other SQL reads", `id INTEGER PRIMARY KEY, a TEXT NOT NULL,
			b TEXT NOT NULL, kind TEXT AS (json_extract(a, '$.kind')) STORED);
			CREATE INDEX i ON t(b ->> '$.x'); CREATE TABLE other(x`, 3, nil,
			"SELECT count(*) FROM t WHERE json_valid(a) AND json_valid(b)", "3"},
		{"a time above another", `starts DATETIME NOT NULL, ends DATETIME NOT NULL,
			CHECK (ends > starts)`, 30, nil,
			"SELECT count(DISTINCT ends) > 20, sum(ends > starts) FROM t", "1|30"},
		{"a time below one that is given", `starts DATETIME NOT NULL, ends DATETIME NOT NULL,
			CHECK (ends > starts)`, 30, generate.Row{"ends": time.UnixMilli(1e12)},
			"SELECT sum(ends > starts), count(DISTINCT ends) FROM t", "30|1"},
		{"a time above one that a function draws", `ends DATETIME NOT NULL,
			starts DATETIME NOT NULL, CHECK (ends > starts)`, 30, generate.Row{"starts": later},
			"SELECT sum(ends > starts), sum(starts > '2025-01-30') FROM t", "30|30"},
		{"a function that asks for the time above", `ends DATETIME NOT NULL,
			starts DATETIME NOT NULL, CHECK (ends >= starts)`, 3, generate.Row{
			"starts": func(f *generate.Fake) any { return f.Cell("ends") },
		}, "SELECT sum(ends = starts) FROM t", "3"},
		{"numbers in order", `a INT NOT NULL, b INT NOT NULL CHECK (b > a), c REAL NOT NULL,
			d INT NOT NULL CHECK (d < a AND d BETWEEN 1 AND 500), CHECK (c >= b)`, 50, nil,
			"SELECT sum(d < a AND a < b AND b <= c) FROM t", "50"},
		{"one of several that is not NULL", `a TEXT, b TEXT, d DATETIME,
			CHECK ((a IS NOT NULL) + (b IS NOT NULL) + (d IS NOT NULL) = 1)`, 100, nil,
			"SELECT count(a) > 9, count(b) > 9, count(d) > 9, count(a) + count(b) + count(d) " +
				"FROM t",
			"1|1|1|100"},
		{"one of several references", `a INT REFERENCES u(id), b INT REFERENCES u(id),
			c INT UNIQUE REFERENCES u(id),
			CHECK ((a IS NOT NULL) + (b IS NOT NULL) + (c IS NOT NULL) = 1));
			CREATE TABLE u(id INTEGER PRIMARY KEY);
			WITH n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 99)
			INSERT INTO u SELECT i FROM n; CREATE TABLE other(x`, 100, nil,
			"SELECT count(a) > 9, count(b) > 9, count(c) > 9, count(a) + count(b) + count(c) " +
				"FROM t",
			"1|1|1|100"},
		{"both alternatives", `type TEXT NOT NULL CHECK (type IN ('password', 'google')), key TEXT,
			lo INTEGER NOT NULL, hi INTEGER NOT NULL, CHECK (lo < hi),
			CHECK (type = 'password' AND key IS NULL OR type <> 'password' AND key IS NOT NULL)`,
			100, nil, "SELECT sum(type = 'password') BETWEEN 10 AND 90 FROM t", "1"},
		{"a time that another column demands", `
			state TEXT NOT NULL CHECK (state IN ('new', 'done')), done_at DATETIME,
			CHECK ((state = 'done') = (done_at IS NOT NULL))`, 100, nil,
			"SELECT sum(state = 'done') BETWEEN 10 AND 90 FROM t", "1"},
		{"lengths", `a TEXT NOT NULL CHECK (length(a) = 2), b TEXT NOT NULL CHECK (length(b) <= 9),
			c TEXT NOT NULL CHECK (length(c) > 30), d TEXT NOT NULL CHECK (length(d) = 40)`, 50,
			nil,
			"SELECT sum(a GLOB '[A-Z][A-Z]') FROM t", "50"},
		{"lengths of types", `id VARCHAR(12) PRIMARY KEY, title VARCHAR(9) UNIQUE, email CHAR(25),
			content VARCHAR(30) NOT NULL, code CHAR(4) NOT NULL UNIQUE, url VARCHAR(15)`, 300, nil,
			`SELECT max(length(id)), max(length(title)), max(length(email)), max(length(content)),
				max(length(code)), max(length(url)), sum(email GLOB '*@example.com') FROM t`,
			"12|9|25|30|4|15|300"},
		{"letters of one case", `slug TEXT NOT NULL CHECK (slug = lower(slug)),
			title TEXT NOT NULL CHECK (title = upper(title)),
			name TEXT NOT NULL CHECK (name = lower(name))`, 50, nil,
			"SELECT count(*) FROM t", "50"},
		{"flags", `is_admin INTEGER NOT NULL, hasImage INT NOT NULL, mailEnabled INT NOT NULL,
			island INT NOT NULL`, 200, nil, `SELECT count(DISTINCT is_admin), max(hasImage),
			max(mailEnabled), max(island) > 1 FROM t`, "2|1|1|1"},
		{"as many rows as numbers", `no INTEGER NOT NULL UNIQUE CHECK (no >= 1 AND no <= 50)`, 50,
			nil, "SELECT count(*), sum(no) FROM t", "50|1275"},
		{"a default that a constraint refuses", `kind TEXT NOT NULL DEFAULT 'local',
			secret TEXT NOT NULL DEFAULT '', CHECK (kind <> 'local' OR length(secret) > 0)`, 20,
			nil,
			"SELECT count(*) FROM t", "20"},
		{"the only row", "id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT", 1, nil,
			"SELECT id FROM t", "1"},
		{"the kind of a value", "a ANY CHECK (typeof(a) = 'integer'), b CHECK (typeof(b) = 'real')",
			20, nil, "SELECT count(a), count(b) FROM t", "20|20"},
		{"patterns", `email TEXT NOT NULL CHECK (email LIKE '%_@_%'), a TEXT NOT NULL
			CHECK (a LIKE 'x%' OR a LIKE 'y%'), n TEXT NOT NULL CHECK (n <> '' AND trim(n) = n)`,
			20, nil, "SELECT count(*) FROM t", "20"},
		{"parts of partial indexes", `a INT NOT NULL, state TEXT NOT NULL DEFAULT 'open',
			closed DATETIME); CREATE UNIQUE INDEX i ON t(a) WHERE state = 'open' AND closed IS NULL;
			CREATE TABLE other(x`, 30, generate.Row{"a": 1},
			"SELECT sum(state = 'open' AND closed IS NULL) FROM t", "1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fill := func(s *generate.Fixtures) { s.Many("t", "x", test.n, test.row) }
			got := write(t, options("CREATE TABLE t("+test.table+")", fill)).one(test.query)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
