package generate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestPlausible checks, by the name and the declared type of a column, that each value v is what
// an app may have written, and that there are several different values.
func TestPlausible(t *testing.T) {
	const (
		now      = `'2025-01-01T00:00:00.000+00:00'`
		lastYear = `'2024-01-01T00:00:00.000+00:00'`
		notNull  = " NOT NULL"
		hex      = "replace(v, '-', '') NOT GLOB '*[^0-9a-f]*'"
		url      = "v GLOB 'https://example.com/?*'"
		secret   = "length(v) >= 20 AND v NOT GLOB '*[^0-9A-Za-z]*'"
		bcrypt   = "length(v) = 60 AND v GLOB '$2b$10$*'"
		flag     = "typeof(v) = 'integer' AND v IN (0, 1)"
		phrase   = "v GLOB '[A-Z]* *'"
		person   = "v GLOB '[A-Z]* [A-Z]*'"
		word     = "v GLOB '[a-z]*' AND v NOT GLOB '*[0-9]*'"
		whole    = "typeof(v) = 'integer'"
		fraction = "typeof(v) = 'real' AND abs(v * 100 - round(v * 100)) < 0.001 AND v > 0"
	)
	tests := []struct {
		table, column, declared, want string
		values                        int // the least number of different values among 40
	}{
		{"a", "email", "TEXT NOT NULL UNIQUE", "v GLOB '?*_*@example.com'", 40},
		{"a", "contact_email", "TEXT NOT NULL", "v GLOB '?*@example.com'", 30},
		{"a", "username", "TEXT NOT NULL UNIQUE", "v NOT GLOB '*[^a-z0-9_]*'", 40},
		{"a", "handle", "VARCHAR(16) NOT NULL", "length(v) BETWEEN 7 AND 16", 30},
		{"users", "name", "TEXT NOT NULL", person, 30},
		{"a", "full_name", "TEXT NOT NULL", person, 30},
		{"a", "displayName", "VARCHAR(12) NOT NULL", "length(v) BETWEEN 2 AND 12", 30},
		{"a", "first_name", "TEXT NOT NULL", "v GLOB '[A-Z]*' AND v NOT GLOB '* *'", 20},
		{"a", "lastName", "TEXT NOT NULL", "v GLOB '[A-Z]*'", 20},
		{"a", "customer_name", "TEXT NOT NULL", person, 30},
		{"categories", "name", "TEXT NOT NULL UNIQUE", "v NOT GLOB '[A-Z]* [A-Z]*'", 40},
		{"tag", "name", "TEXT NOT NULL", word, 20},
		{"suppliers", "name", "TEXT NOT NULL", "length(v) > 2", 20},
		{"roles", "name", "TEXT NOT NULL", "v IN ('admin', 'user', 'editor', 'viewer', " +
			"'moderator', 'guest', 'owner', 'support')", 4},
		{"a", "password_hash", "TEXT NOT NULL", bcrypt, 1},
		{"a", "password", "VARCHAR(60) NOT NULL", bcrypt, 1},
		{"Password", "hash", "TEXT NOT NULL", bcrypt, 1},
		{"a", "password", "VARCHAR(40) NOT NULL", secret, 40},
		{"a", "session_token", "TEXT NOT NULL UNIQUE", secret, 40},
		{"a", "apiKey", "TEXT NOT NULL", secret, 40},
		{"a", "sha256", "CHAR(64) NOT NULL", "length(v) = 64 AND " + hex, 40},
		{"a", "expires_at", "DATETIME NOT NULL", "v > " + now, 30},
		{"a", "expires", "DATETIME NOT NULL DEFAULT NULL", "v > " + now, 30},
		{"a", "expires_at", "number DEFAULT NULL", "v IS NULL OR v > 1735689600", 0},
		{"a", "expirationDate", "DATETIME NOT NULL", "v > " + now, 30},
		{"a", "valid_until", "INTEGER NOT NULL", "v > 1735689600", 1},
		{"a", "created_at", "DATETIME",
			"v BETWEEN " + lastYear + " AND " + now, 30},
		{"a", "createdAt", "TEXT NOT NULL", "v BETWEEN " + lastYear + " AND " + now, 30},
		{"a", "updated_at", "DATETIME", "v BETWEEN " + lastYear + " AND " + now, 30},
		{"a", "created_at", "DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP",
			"v BETWEEN '2024-01-01 00:00:00' AND '2025-01-01 00:00:00'", 30},
		{"a", "joinedAt", "TEXT NOT NULL DEFAULT (datetime('now'))",
			"v BETWEEN '2024-01-01 00:00:00' AND '2025-01-01 00:00:00'", 30},
		{"a", "created_at", "INTEGER", "v BETWEEN 1704067200 AND 1735689600", 30},
		{"a", "slug", "TEXT NOT NULL UNIQUE",
			"v NOT GLOB '*[^a-z0-9-]*' AND v GLOB '[a-z]*-*[a-z0-9]'", 40},
		{"a", "url", "TEXT NOT NULL", url, 40},
		{"a", "homepageUrl", "VARCHAR(200) NOT NULL", url, 40},
		{"a", "avatar", "TEXT NOT NULL", url, 40},
		{"a", "ip", "TEXT NOT NULL", "v GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*'", 20},
		{"a", "ipAddress", "VARCHAR(45) NOT NULL", "v GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*'", 20},
		{"a", "ipv6", "TEXT NOT NULL", "v GLOB '2001:db8::*'", 40},
		{"a", "user_agent", "TEXT NOT NULL", "v GLOB 'Mozilla/*'", 2},
		{"a", "hostname", "TEXT NOT NULL", "v GLOB '?*.example.com'", 40},
		{"a", "latitude", "NUMERIC(9,6) NOT NULL",
			"v BETWEEN -90 AND 90 AND round(v, 6) = v", 40},
		{"a", "lng", "REAL NOT NULL", "v BETWEEN -180 AND 180 AND typeof(v) = 'real'", 40},
		{"a", "price", "DECIMAL(8,2) NOT NULL", fraction, 20},
		{"a", "unitPrice", "REAL NOT NULL", fraction, 20},
		{"a", "amount", "NUMERIC NOT NULL", fraction, 20},
		{"a", "total", "DECIMAL(4,2) NOT NULL", fraction + " AND v < 100", 20},
		{"a", "price", "INTEGER NOT NULL", whole + " AND v BETWEEN 49 AND 30000", 20},
		{"a", "height", "DECIMAL(5,1) NOT NULL", "round(v, 1) = v AND v < 10000", 20},
		{"a", "country_code", "CHAR(2) NOT NULL", "v GLOB '[A-Z][A-Z]'", 20},
		{"a", "country_code", "CHAR(2) NOT NULL UNIQUE", "v GLOB '[A-Z][A-Z]'", 40},
		{"a", "country", "CHAR(3) NOT NULL", "v GLOB '[A-Z][A-Z][A-Z]'", 15},
		{"a", "country", "TEXT NOT NULL", "v GLOB '[A-Z]*[a-z]*'", 20},
		{"a", "currency", "CHAR(3) NOT NULL", "v GLOB '[A-Z][A-Z][A-Z]'", 15},
		{"a", "currencyCode", "TEXT NOT NULL", "v GLOB '[A-Z][A-Z][A-Z]'", 15},
		{"a", "locale", "VARCHAR(5) NOT NULL", "v GLOB '[a-z][a-z]-[A-Z][A-Z]'", 3},
		{"a", "language", "TEXT NOT NULL", "v GLOB '[a-z][a-z]'", 5},
		{"a", "time_zone", "TEXT NOT NULL", "v = 'UTC' OR v GLOB '*/*'", 3},
		{"a", "phone", "TEXT NOT NULL", "v GLOB '+1[0-9]*' AND length(v) = 12", 30},
		{"a", "mobilePhone", "VARCHAR(15) NOT NULL", "v GLOB '+1[0-9]*'", 30},
		{"a", "city", "TEXT NOT NULL", "v GLOB '[A-Z]*'", 15},
		{"a", "street_address", "TEXT NOT NULL", "v GLOB '[0-9]* [A-Z]*'", 30},
		{"a", "postal_code", "VARCHAR(10) NOT NULL", "v GLOB '[0-9][0-9][0-9][0-9][0-9]'", 30},
		{"a", "company", "TEXT NOT NULL", "v GLOB '[A-Z]*'", 20},
		{"a", "status", "INTEGER NOT NULL", whole + " AND v BETWEEN 0 AND 9", 3},
		{"a", "status", "TEXT NOT NULL", word, 3},
		{"a", "role", "TEXT NOT NULL", word, 4},
		{"a", "visibility", "TEXT NOT NULL", "v IN ('public', 'private')", 2},
		{"a", "is_admin", "INTEGER NOT NULL", flag, 2},
		{"a", "hasPicture", "INT", flag, 2},
		{"a", "emailEnabled", "INTEGER NOT NULL", flag, 2},
		{"a", "emailVerified", "INTEGER NOT NULL", flag, 2},
		{"a", "active", "TINYINT", flag, 2},
		{"a", "done", "INTEGER", flag, 2},
		{"a", "bytes_read", "INTEGER NOT NULL", "v >= 0", 20},
		{"a", "published", "BOOLEAN", flag, 2},
		{"a", "reusable", "numeric", flag, 2},
		{"a", "code", "VARCHAR(3) NOT NULL", "length(v) = 3", 30},
		{"a", "sku", "TEXT NOT NULL UNIQUE", "length(v) >= 6", 40},
		{"a", "title", "VARCHAR(20) NOT NULL", phrase + " AND length(v) <= 20", 30},
		{"a", "description", "TEXT NOT NULL", "length(v) > 40", 40},
		{"a", "color", "VARCHAR(7) NOT NULL", "v GLOB '#??????' AND " +
			"substr(v, 2) NOT GLOB '*[^0-9a-f]*'", 35},
		{"a", "rating", "INTEGER NOT NULL", "v BETWEEN 1 AND 5", 4},
		{"a", "percentage", "REAL NOT NULL", "v BETWEEN 0 AND 100", 20},
		{"a", "quantity", "INTEGER NOT NULL", "v BETWEEN 1 AND 100", 10},
		{"a", "age", "INTEGER NOT NULL", "v BETWEEN 18 AND 100", 15},
		{"a", "fileSize", "INTEGER NOT NULL", "v BETWEEN 100 AND 10000000", 30},
		{"a", "mime_type", "TEXT NOT NULL", "v GLOB '[a-z]*/[a-z]*'", 3},
		{"a", "filename", "TEXT NOT NULL", "v GLOB '?*.png'", 35},
		{"a", "position", "INTEGER NOT NULL", whole + " AND v BETWEEN 1 AND 40", 40},
		{"a", "sortOrder", "INTEGER NOT NULL UNIQUE", "v BETWEEN 1 AND 40", 40},
		{"a", "release_year", "INTEGER NOT NULL", "v BETWEEN 1990 AND 2025", 15},
		{"a", "birthdate", "DATE", "v BETWEEN '1940-01-01' AND '2007-01-01'", 35},
		{"a", "metadata", "TEXT NOT NULL", "json_valid(v)", 1},
		{"a", "emailVerified", "INTEGER", "v IS NULL", 0},
		{"a", "datePublished", "INTEGER NOT NULL", "v BETWEEN 1704067200 AND 1735689600", 30},
		{"a", "contentType", "TEXT NOT NULL", "v GLOB '[a-z]*/[a-z]*'", 3},
		{"a", "external_id", "TEXT NOT NULL", "length(v) = 25 AND v GLOB 'c[0-9a-z]*'", 40},
		{"a", "uuid", "VARCHAR(36) NOT NULL UNIQUE", "length(v) = 36 AND " + hex, 40},
		{"a", "private_key", "TEXT NOT NULL", secret, 40},
		{"a", "composer", "VARCHAR(220)", person, 30},
		{"a", "release_year", "CHAR(4) NOT NULL", "v BETWEEN '1990' AND '2025'", 15},
		{"a", "created_at_ts", "BIGINT NOT NULL", "v BETWEEN 1704067200 AND 1735689600", 30},
		{"a", "sortOrder", "INTEGER NOT NULL DEFAULT 0", "v BETWEEN 1 AND 40", 40},
		{"a", "uuid", "UUID", "length(v) = 36 AND " + hex, 40},
		{"users", "name", "TEXT NOT NULL DEFAULT ''", person, 30},
		{"a", "url", "TEXT DEFAULT ''", "v GLOB 'https://*'", 30},
		{"a", "price", "REAL NOT NULL DEFAULT 0", "v > 0", 10},
		{"a", "error", "TEXT NOT NULL DEFAULT ''", "v = ''", 1},
		{"a", "status", "TEXT NOT NULL DEFAULT ''", "v = ''", 1},
		{"a", "retries", "INTEGER NOT NULL DEFAULT 0", "v = 0", 1},
		{"a", "is_admin", "BOOLEAN NOT NULL DEFAULT FALSE", "v = 0", 1},
		{"a", "currency", "TEXT NOT NULL DEFAULT 'EUR'", "v = 'EUR'", 1},
	}
	if len(tests) < 60 {
		t.Errorf("%d pairs", len(tests))
	}
	for _, test := range tests {
		t.Run(test.table+"."+test.column+" "+test.declared, func(t *testing.T) {
			const n = 40
			d := write(t, generate.Options{
				SchemaSQL: fmt.Sprintf("CREATE TABLE %q (id INTEGER PRIMARY KEY, %q %s)",
					test.table, test.column, test.declared),
				Rows: []generate.Rows{{Table: "*", N: n}},
			})
			v := fmt.Sprintf("(SELECT %q AS v FROM %q)", test.column, test.table)
			for _, wrong := range d.query("SELECT quote(v) FROM " + v +
				" WHERE NOT coalesce(" + test.want + ", FALSE) LIMIT 5") {
				t.Errorf("%s", wrong)
			}
			if got := d.one("SELECT count(DISTINCT v) >= ? FROM "+v,
				test.values); got != "1" {
				t.Errorf("only %s different values: %s", d.one("SELECT count(DISTINCT v) FROM "+v),
					strings.Join(d.query("SELECT DISTINCT quote(v) FROM "+v+" LIMIT 5"), ", "))
			}
		})
	}
}

// TestPlausibleRows checks columns that depend on each other or on other rows.
func TestPlausibleRows(t *testing.T) {
	for _, test := range []struct {
		name, schema, query, want string
	}{
		{"created before updated, and after the parent",
			`CREATE TABLE user(id INTEGER PRIMARY KEY, created_at INTEGER, updated_at INTEGER);
			CREATE TABLE memo(id INTEGER PRIMARY KEY, creator_id INTEGER NOT NULL,
				created_at INTEGER, updated_at INTEGER)`,
			`SELECT count(*), sum(m.created_at <= m.updated_at), sum(u.created_at <= m.created_at),
				sum(m.updated_at <= 1735689600) FROM memo m JOIN user u ON u.id = m.creator_id`,
			"40|40|40|40"},
		{"a name, a user name and an address of one person",
			`CREATE TABLE user(id INTEGER PRIMARY KEY, first_name TEXT NOT NULL,
				last_name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
				username TEXT NOT NULL UNIQUE)`,
			`SELECT sum(email = username || '@example.com'),
				sum(name = first_name || ' ' || last_name),
				sum(username GLOB substr(lower(replace(replace(replace(name, ' ', '_'), '''', ''),
				'-', '')), 1, 13) || '*') FROM user`, "40|40|40"},
		{"a name and an address without a user name",
			`CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, email VARCHAR(40) UNIQUE)`,
			`SELECT sum(email GLOB lower(substr(name, 1, 3)) || '*@example.com') FROM customers`,
			"40"},
		{"a reference that agrees with another one",
			`CREATE TABLE project(id INTEGER PRIMARY KEY);
			CREATE TABLE user(id INTEGER PRIMARY KEY);
			CREATE TABLE state(id INTEGER PRIMARY KEY,
				projectId INTEGER NOT NULL REFERENCES project,
				userId INTEGER NOT NULL REFERENCES user);
			CREATE TABLE issue(id INTEGER PRIMARY KEY,
				projectId INTEGER NOT NULL REFERENCES project,
				stateId INTEGER NOT NULL REFERENCES state);
			CREATE TABLE vote(userId INTEGER NOT NULL REFERENCES user,
				stateId INTEGER NOT NULL REFERENCES state)`,
			`SELECT sum(s.projectId = i.projectId OR i.projectId NOT IN
				(SELECT projectId FROM state)), (SELECT sum(s.userId = v.userId) < 20 FROM vote v
				JOIN state s ON s.id = v.stateId) FROM issue i JOIN state s ON s.id = i.stateId`,
			"40|1"},
		{"the part of a key that differs",
			`CREATE TABLE account(provider TEXT, providerAccountId TEXT,
				PRIMARY KEY (provider, providerAccountId));
			CREATE TABLE permission(id INTEGER PRIMARY KEY, action TEXT NOT NULL,
				entity TEXT NOT NULL, UNIQUE (action, entity))`,
			`SELECT count(DISTINCT provider) <= 4, count(DISTINCT providerAccountId),
				(SELECT count(DISTINCT action) FROM permission) FROM account`, "1|40|4"},
		{"a country's code and name",
			"CREATE TABLE country(code CHAR(2) PRIMARY KEY, name TEXT NOT NULL)",
			`SELECT sum(code GLOB '[A-Z][A-Z]'), count(DISTINCT name),
				sum(name = CASE code WHEN 'DE' THEN 'Germany' WHEN 'FR' THEN 'France'
				WHEN 'JP' THEN 'Japan' ELSE name END) FROM country`,
			"40|40|40"},
		{"keys of texts",
			`CREATE TABLE invitation(email TEXT NOT NULL PRIMARY KEY);
			CREATE TABLE setting(key VARCHAR(30) PRIMARY KEY, value TEXT);
			CREATE TABLE session(session_token TEXT PRIMARY KEY);
			CREATE TABLE item(id CHAR(32) PRIMARY KEY)`,
			`SELECT sum(email GLOB '?*@example.com'), (SELECT sum(key GLOB '[a-z]*-??????')
				FROM setting), (SELECT sum(length(session_token) = 32) FROM session),
				(SELECT sum(length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*') FROM item)
				FROM invitation`, "40|40|40|40"},
		{"positions of a parent",
			`CREATE TABLE recipe(id INTEGER PRIMARY KEY);
			CREATE TABLE step(id INTEGER PRIMARY KEY, recipe_id INTEGER NOT NULL REFERENCES recipe,
				position INTEGER NOT NULL, UNIQUE (recipe_id, position))`,
			`SELECT sum(n), min(most = n AND least = 1 AND up) FROM (
				SELECT count(*) AS n, max(position) AS most, min(position) AS least,
					min(before IS NULL OR before < position) AS up FROM (
					SELECT *, lag(position) OVER (PARTITION BY recipe_id ORDER BY id) AS before
					FROM step) GROUP BY recipe_id)`, "40|1"},
		{"numbers of a season",
			`CREATE TABLE episode(id INTEGER PRIMARY KEY, season INTEGER NOT NULL,
				number INTEGER NOT NULL, UNIQUE (season, number))`,
			`SELECT sum(n), min(most = n AND season <= 12) FROM (SELECT season, count(*) AS n,
				max(number) AS most FROM episode GROUP BY season)`, "40|1"},
		{"a user without a declared key",
			`CREATE TABLE users(id TEXT PRIMARY KEY);
			CREATE TABLE app_users(id INTEGER PRIMARY KEY);
			CREATE TABLE post(id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, authorId TEXT,
				updated_by TEXT, parent_id INTEGER, related_post_id INTEGER)`,
			`SELECT count(*), count(u.id), count(a.id), count(b.id), count(p.parent_id),
				count(r.id) FROM post p LEFT JOIN users u ON u.id = p.user_id
				LEFT JOIN users a ON a.id = p.authorId LEFT JOIN users b ON b.id = p.updated_by
				LEFT JOIN post r ON r.id = p.related_post_id`, "40|40|40|40|0|0"},
		{"tables with a common beginning",
			`CREATE TABLE app_jobs(id INTEGER PRIMARY KEY);
			CREATE TABLE app_failed_runs(id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL)`,
			"SELECT count(*) FROM app_failed_runs f JOIN app_jobs j ON j.id = job_id", "40"},
		{"values of rows that are there",
			`CREATE TABLE job(id INTEGER PRIMARY KEY, status TEXT NOT NULL, step TEXT, n INTEGER);
			INSERT INTO job(status, step, n) VALUES ('queued', 'a', 1), ('running', 'a', 2),
				('failed', 'a', 3), ('failed', 'a', 4)`,
			`SELECT sum(status IN ('queued', 'running', 'failed')), count(DISTINCT status),
				count(DISTINCT step), max(n) > 4 FROM job`, "44|3|1|1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := write(t, generate.Options{
				SchemaSQL: test.schema, Rows: []generate.Rows{{Table: "*", N: 40}},
			})
			if diff := cmp.Diff(test.want, d.one(test.query)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPersonOfFixture gives a part of a person, and functions that ask for the others.
func TestPersonOfFixture(t *testing.T) {
	const schema = "CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT, username TEXT, email TEXT)"
	ask := func(column, with string) func(*generate.Fake) any {
		return func(f *generate.Fake) any { return fmt.Sprint(f.Cell(column), with) }
	}
	for _, test := range []struct {
		name string
		row  generate.Row
		want string
	}{
		{"a name", generate.Row{"name": "Ada King"},
			"name = 'Ada King' AND username GLOB 'ada_king_*' AND email GLOB 'ada_king_*@*'"},
		{"a user name", generate.Row{"username": "kody"},
			"name = 'kody' AND email = 'kody@example.com'"},
		{"an address", generate.Row{"email": "kody@kcd.dev"},
			"name = 'kody' AND username GLOB 'kody_*'"},
		{"a function of the name", generate.Row{"username": ask("name", "!")},
			"username = name || '!' AND name GLOB '* *' AND " +
				"email GLOB lower(substr(name, 1, 3)) || '*@*'"},
		{"a function of the address", generate.Row{"name": ask("email", "?")},
			"name = email || '?' AND email GLOB '?*_*@example.com'"},
		{"a function of both", generate.Row{"email": func(f *generate.Fake) any {
			return fmt.Sprint(f.Cell("username"), "/", f.Cell("name"))
		}}, "email = username || '/' || name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := write(t, options(schema, func(s *generate.Fixtures) {
				s.Add("user", "x", test.row)
			}))
			if got := d.one("SELECT " + test.want + " FROM user"); got != "1" {
				t.Error(d.one("SELECT * FROM user"))
			}
		})
	}
}

// TestPositionsStay adds rows to those of a declaration that numbers them. The numbers stay.
func TestPositionsStay(t *testing.T) {
	const schema = `CREATE TABLE step(id INTEGER PRIMARY KEY, recipe TEXT, position INT, who TEXT)`
	for _, before := range []fill{
		func(*generate.Fixtures) {},
		func(s *generate.Fixtures) { s.Many("step", "t", 3, generate.Row{"recipe": "soup"}) },
		func(s *generate.Fixtures) {
			s.Add("step", "x", generate.Row{"recipe": "soup", "position": 1})
		},
	} {
		d := write(t, options(schema, func(s *generate.Fixtures) {
			before(s)
			s.Many("step", "s", 5, generate.Row{"recipe": "soup", "who": "s"})
		}))
		got := d.query("SELECT position FROM step WHERE who = 's' ORDER BY id")
		if diff := cmp.Diff([]string{"1", "2", "3", "4", "5"}, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestUniquePositionsStay does what [TestPositionsStay] does with a unique key.
func TestUniquePositionsStay(t *testing.T) {
	const schema = `CREATE TABLE step(id INTEGER PRIMARY KEY, recipe TEXT, position INT, who TEXT,
		UNIQUE (recipe, position))`
	positions := func(more fill) []string {
		d := write(t, options(schema, func(s *generate.Fixtures) {
			more(s)
			s.Many("step", "s", 5, generate.Row{
				"recipe": func(f *generate.Fake) any { return f.Nth("soup", "cake") }, "who": "s",
			})
		}))
		return d.query("SELECT position FROM step WHERE who = 's' ORDER BY id")
	}
	alone := positions(func(*generate.Fixtures) {})
	with := positions(func(s *generate.Fixtures) {
		s.Many("step", "t", 3, generate.Row{"recipe": "salad"})
	})
	if diff := cmp.Diff(alone, with); diff != "" {
		t.Error(diff)
	}
}
