package generate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestSchemas fills schemas with various constraints. Every query returns one row.
func TestSchemas(t *testing.T) {
	many := func(table string, n int) fill {
		return func(s *generate.Fixtures) { s.Many(table, "x", n, nil) }
	}
	both := func(fills ...fill) fill {
		return func(s *generate.Fixtures) {
			for _, f := range fills {
				f(s)
			}
		}
	}
	tests := []struct {
		name, schema string
		fill         fill
		query, want  string
	}{
		{"references ahead", "CREATE TABLE a(id TEXT PRIMARY KEY, next TEXT REFERENCES a(id))",
			func(s *generate.Fixtures) {
				s.Add("a", "1", generate.Row{"next": s.Ref("a", "2")})
				s.Add("a", "2", generate.Row{"next": s.Ref("a", "1")})
			}, "SELECT count(*) FROM a x JOIN a y ON x.next = y.id AND y.next = x.id " +
				"AND x.id <> y.id",
			"2"},
		{"trees", "CREATE TABLE a(id INTEGER PRIMARY KEY, up INTEGER REFERENCES a)",
			func(s *generate.Fixtures) {
				s.Many("a", "root", 2, nil, generate.Some("a", 3, 3, nil, generate.Has("a", nil)))
			}, "SELECT count(*), count(up), sum(up IN (SELECT id FROM a WHERE up IS NULL)) FROM a",
			"14|12|6"},
		{"a reference to itself that must be",
			"CREATE TABLE a(id INTEGER PRIMARY KEY, up INTEGER NOT NULL REFERENCES a(id))",
			many("a", 20),
			"SELECT count(*) FROM a JOIN a b ON a.up = b.id", "20"},
		{"cycles that must be",
			`CREATE TABLE a(id TEXT PRIMARY KEY, b TEXT NOT NULL REFERENCES b(id));
				CREATE TABLE b(id TEXT PRIMARY KEY, a TEXT NOT NULL REFERENCES a(id));
			PRAGMA foreign_keys = ON`, both(many("a", 5), many("b", 5)),
			"SELECT count(*) FROM a JOIN b ON b.id = a.b JOIN a c ON c.id = b.a", "5"},
		{"cycles with rows that are drawn again",
			`CREATE TABLE a(code TEXT NOT NULL UNIQUE, b TEXT NOT NULL REFERENCES b(code)); ` +
				`CREATE TABLE b(code TEXT NOT NULL UNIQUE, n INT UNIQUE, ` +
				`a TEXT NOT NULL REFERENCES a(code))`,
			func(s *generate.Fixtures) {
				s.Many("a", "x", 20, nil)
				s.Many("b", "x", 20,
					generate.Row{"n": func(f *generate.Fake) any { return f.Int(0, 30) }})
			}, "SELECT count(DISTINCT a.code), count(DISTINCT n) FROM a, b", "20|20"},
		{"composite keys", `CREATE TABLE tenant(id TEXT PRIMARY KEY);
			CREATE TABLE member(tenant TEXT NOT NULL REFERENCES tenant(id), n INTEGER,
				PRIMARY KEY(tenant, n));
			CREATE TABLE project(tenant TEXT NOT NULL REFERENCES tenant(id), id TEXT NOT NULL,
				PRIMARY KEY(tenant, id)) WITHOUT ROWID;
			CREATE TABLE task(tenant TEXT NOT NULL, member INTEGER NOT NULL, project TEXT NOT NULL,
				FOREIGN KEY(tenant, member) REFERENCES member,
				FOREIGN KEY(tenant, project) REFERENCES project(tenant, id));`,
			both(many("tenant", 3), many("member", 30), many("project", 30), many("task", 50)),
			"SELECT count(*) FROM task t JOIN member m ON (m.tenant, m.n) = (t.tenant, " +
				"t.member) JOIN project p ON (p.tenant, p.id) = (t.tenant, t.project)", "50"},
		{"composite key, half given",
			`CREATE TABLE room(floor INT, n INT, PRIMARY KEY(floor, n)); ` +
				`CREATE TABLE guest(floor INT, room INT, ` +
				`FOREIGN KEY(floor, room) REFERENCES room(floor, n))`,
			func(s *generate.Fixtures) {
				for _, floor := range []int{1, 2} {
					s.Many("room", []string{"", "first", "second"}[floor], 5,
						generate.Row{"floor": floor})
				}
				s.Many("guest", "g", 20, generate.Row{"floor": 2})
				s.Many("guest", "none", 3, generate.Row{"floor": 3})
			}, "SELECT sum(floor = 2 AND room IS NOT NULL), sum(floor = 3 AND room IS NULL) " +
				"FROM guest", "20|3"},
		{"shared primary key",
			"CREATE TABLE a(id INTEGER PRIMARY KEY); " +
				"CREATE TABLE b(id INTEGER PRIMARY KEY REFERENCES a(id), x TEXT)",
			func(s *generate.Fixtures) {
				s.Many("a", "with", 3, nil, generate.Has("b", nil))
				s.Many("b", "any", 1, nil)
				s.Add("a", "without", nil)
			}, "SELECT count(*) FROM b JOIN a USING(id)", "4"},
		{"join tables without replacement",
			"CREATE TABLE a(id INTEGER PRIMARY KEY); CREATE TABLE b(id INTEGER PRIMARY KEY); " +
				"CREATE TABLE ab(a INT NOT NULL REFERENCES a(id), " +
				"b INT NOT NULL REFERENCES b(id), UNIQUE(a, b))",
			both(many("a", 3), many("b", 4), many("ab", 11)),
			"SELECT count(DISTINCT a || ' ' || b) FROM ab", "11"},
		{"join table with more columns",
			"CREATE TABLE a(id TEXT PRIMARY KEY); " +
				"CREATE TABLE ab(id TEXT PRIMARY KEY, x TEXT REFERENCES a(id), " +
				"y TEXT REFERENCES a(id), at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, " +
				"note TEXT)",
			func(s *generate.Fixtures) {
				s.Add("a", "1", nil, generate.Link(s.Ref("A", "2")))
				s.Add("a", "2", nil)
			}, "SELECT count(*) FROM ab WHERE x < y OR x > y", "1"},
		{"one of several references left open",
			"CREATE TABLE u(id TEXT PRIMARY KEY); " +
				"CREATE TABLE mail(sender TEXT NOT NULL REFERENCES u(id), " +
				"receiver TEXT NOT NULL REFERENCES u(id))",
			func(s *generate.Fixtures) {
				s.Add("u", "b", nil)
				s.Add("u", "a", nil, generate.Has("mail", generate.Row{"sender": s.Ref("u", "b")}),
					generate.Has("mail", generate.Row{"receiver": s.Ref("u", "b")}))
			}, "SELECT count(*) FROM mail a JOIN mail b ON a.sender = b.receiver " +
				"AND a.receiver = b.sender WHERE a.sender <> a.receiver", "2"},
		{"rows and parts that are used again",
			"CREATE TABLE a(id TEXT PRIMARY KEY, n INT); " +
				"CREATE TABLE b(a TEXT NOT NULL REFERENCES a(id))", func(s *generate.Fixtures) {
				row, parts := generate.Row{"n": 1}, []generate.Part{generate.Has("b", nil)}
				s.Add("a", "1", row, parts...)
				row["n"], parts[0] = 2, generate.Some("b", 2, 2, nil)
				s.Add("a", "2", row, parts...)
				s.Add("a", "3", row, parts...)
			}, "SELECT group_concat(n || ':' || (SELECT count(*) FROM b WHERE a = id), ' ') FROM a",
			"1:1 2:2 2:2"},
		{"a function that chooses a row",
			"CREATE TABLE a(id TEXT PRIMARY KEY); CREATE TABLE b(a TEXT NOT NULL REFERENCES a(id))",
			func(s *generate.Fixtures) {
				refs := []generate.Ref{s.Add("a", "1", nil), s.Ref("a", "2")}
				s.Many("b", "x", 30, generate.Row{
					"a": func(f *generate.Fake) any { return generate.Pick(f, refs) },
				})
				s.Add("a", "2", nil)
			}, "SELECT count(DISTINCT a) FROM b", "2"},
		{"no primary key", "CREATE TABLE a(x TEXT, y INT NOT NULL, z)", many("a", 10),
			"SELECT count(*), count(x), count(z) FROM a", "10|10|10"},
		{"no column that is given", "CREATE TABLE a(id INTEGER PRIMARY KEY)", many("a", 3),
			"SELECT count(*) FROM a", "3"},
		{"WITHOUT ROWID and STRICT",
			"CREATE TABLE a(id INTEGER PRIMARY KEY, r REAL NOT NULL, t TEXT NOT NULL, " +
				"b BLOB NOT NULL, x ANY NOT NULL, i INT NOT NULL) STRICT, WITHOUT ROWID",
			many("a", 10),
			"SELECT count(*) FROM a", "10"},
		{"generated columns",
			"CREATE TABLE a(g AS (n * 2) STORED, n INTEGER NOT NULL, v TEXT AS (n || '!'), " +
				"id TEXT PRIMARY KEY)", many("a", 10),
			"SELECT sum(g = 2 * n AND v = n || '!') FROM a", "10"},
		{"NOCASE uniques", "CREATE TABLE a(code TEXT NOT NULL UNIQUE COLLATE NOCASE)",
			func(s *generate.Fixtures) {
				s.Many("a", "x", 40, generate.Row{"code": func(f *generate.Fake) any {
					return generate.Pick(f,
						strings.Split("aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ", "")) +
						generate.Pick(f, []string{"", "a", "A", "b"})
				}})
			}, "SELECT count(DISTINCT lower(code)) FROM a", "40"},
		{"partial uniques and those over expressions",
			"CREATE TABLE a(n INTEGER, x TEXT NOT NULL); " +
				"CREATE UNIQUE INDEX p ON a(n) WHERE n > 0; " +
				"CREATE UNIQUE INDEX e ON a(abs(n) % 10000)",
			func(s *generate.Fixtures) {
				s.Many("a", "x", 50, generate.Row{
					"n": func(f *generate.Fake) any { return f.Int(-100, 100) },
				})
			}, "SELECT count(DISTINCT abs(n)) FROM a", "50"},
		{"partial uniques and those over expressions, of what is guessed",
			`CREATE TABLE page(id INTEGER PRIMARY KEY, slug TEXT NOT NULL, deleted_at DATETIME);
			CREATE UNIQUE INDEX p ON page(slug) WHERE deleted_at IS NULL;
			CREATE TABLE slot(room TEXT NOT NULL, day TEXT);
			CREATE UNIQUE INDEX s ON slot(room, coalesce(day, ''));
			CREATE TABLE image(post INT NOT NULL, main BOOLEAN NOT NULL);
			CREATE UNIQUE INDEX i ON image(post) WHERE main;`,
			func(s *generate.Fixtures) {
				s.Many("page", "p", 300, nil)
				s.Many("slot", "s", 300, generate.Row{"day": nil})
				s.Many("image", "i", 30, generate.Row{"post": 7})
			}, `SELECT (SELECT count(DISTINCT slug) FROM page), count(DISTINCT room),
				(SELECT sum(main) FROM image) FROM slot`, "300|300|1"},
		{"uniques of what is guessed",
			`CREATE TABLE a(name TEXT UNIQUE, title TEXT, n INT UNIQUE, r REAL, b BLOB UNIQUE, ` +
				`tenant TEXT, slug TEXT, UNIQUE(tenant, slug))`, func(s *generate.Fixtures) {
				s.Many("a", "x", 2000, generate.Row{"tenant": "one"})
			}, "SELECT count(DISTINCT name), count(DISTINCT n), count(DISTINCT b), " +
				"count(DISTINCT slug) FROM a", "2000|2000|2000|2000"},
		{"CHECK", `CREATE TABLE a(
				status TEXT NOT NULL CHECK (status IN ('draft', /* not 'lost' */ "live", 'it''s')),
					stars INT CHECK (stars BETWEEN 1 AND 5),
				price REAL, degrees INTEGER CHECK (degrees < -40), "from" INTEGER NOT NULL,
				"to" INTEGER NOT NULL, flag BOOLEAN NOT NULL CHECK (flag IN (0, 1)),
				big INT CHECK (big < 9223372036854775807 AND big <> 3),
				CONSTRAINT price CHECK (price > 0.5 AND price <= 2), CHECK ("from" <= "to"))`,
			many("a", 200),
			"SELECT count(*), count(DISTINCT status), count(DISTINCT stars), " +
				"count(DISTINCT flag) FROM a", "200|3|5|2"},
		{"what a schema says to do on conflicts",
			"CREATE TABLE a(n INTEGER UNIQUE ON CONFLICT REPLACE, " +
				"m INTEGER UNIQUE ON CONFLICT IGNORE)", func(s *generate.Fixtures) {
				draw := func(f *generate.Fake) any { return f.Int(1, 30) }
				s.Many("a", "x", 20, generate.Row{"n": draw, "m": draw})
			}, "SELECT count(*) FROM a", "20"},
		{"triggers",
			`CREATE TABLE a(id INTEGER PRIMARY KEY, n INT); CREATE TABLE sum(n INT);
				INSERT INTO sum VALUES(0);
			CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE sum SET n = n + new.n; END`,
			many("a", 10), "SELECT (SELECT n FROM sum) = sum(n) FROM a", "1"},
		{"triggers with quoted strings",
			`CREATE TABLE a(x TEXT); ` +
				`CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = "seen"; ` +
				`END`, many("a", 1), "SELECT x FROM a", "seen"},
		{"full-text index by triggers",
			`CREATE TABLE a(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
				CREATE VIRTUAL TABLE f USING fts5(body, content = a, content_rowid = id);
			CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO f(rowid, body) VALUES (new.id,
				new.body); END`, func(s *generate.Fixtures) {
				s.Add("a", "x", generate.Row{"body": "hello world"})
			}, "SELECT count(*) FROM f WHERE f MATCH 'world'", "1"},
		{"AUTOINCREMENT", "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT)",
			many("a", 10), "SELECT seq = (SELECT max(id) FROM a) FROM sqlite_sequence", "1"},
		{"odd names",
			`CREATE TABLE "order ""by"" [x]"("group" TEXT PRIMARY KEY, "a b" TEXT NOT NULL,
					"päß" INT, 'select' TEXT UNIQUE, "" TEXT, CHECK ("a b" <> ''));
			CREATE TABLE "Ünï/cödé#1"("from" TEXT NOT NULL REFERENCES "order ""by"" [x]"("group"))`,
			func(s *generate.Fixtures) {
				s.Many(`Order "BY" [X]`, "a/b#c", 2, generate.Row{"A B": "x", "SELECT": nil},
					generate.Has("Ünï/cödé#1", nil))
				s.Add("Ünï/cödé#1", "", generate.Row{"FROM": s.Ref(`order "by" [x]`, "a/b#c#2")})
			}, `SELECT count(*), count(DISTINCT "group") FROM "order ""by"" [x]" JOIN ` +
				`"Ünï/cödé#1" ON "from" = "group"`, "3|2"},
		{"defaults",
			`CREATE TABLE a(a DEFAULT 'it''s', b DEFAULT "word", c DEFAULT bare, ` +
				`d DEFAULT (1 + 1), e DEFAULT -1.5, f DEFAULT x'00ff', g INT DEFAULT NULL, ` +
				`h INT DEFAULT TRUE, i TEXT DEFAULT (7), j NOT NULL DEFAULT '')`,
			many("a", 1), "SELECT a, b, c, d, e, hex(f), typeof(g), h, typeof(i) || i, j FROM a",
			"it's|word|bare|2|-1.5|00FF|integer|1|text7|"},
		{"no default at all",
			"CREATE TABLE a(id TEXT PRIMARY KEY, owner TEXT NOT NULL DEFAULT NULL, " +
				"n INT DEFAULT (null))", many("a", 3),
			"SELECT count(owner), count(n) FROM a", "3|3"},
		{"defaults that would be the same in a unique key", `
			CREATE TABLE a(id TEXT NOT NULL DEFAULT '' PRIMARY KEY,
				token TEXT NOT NULL DEFAULT '' UNIQUE, flag INT DEFAULT 0,
				board TEXT DEFAULT 'main', pos INT NOT NULL DEFAULT 0,
				code TEXT UNIQUE DEFAULT (hex(randomblob(4))), UNIQUE(board, pos));
			CREATE TABLE b(a TEXT NOT NULL REFERENCES a(id), kind TEXT NOT NULL DEFAULT 'main',
				UNIQUE(a, kind))`,
			func(s *generate.Fixtures) {
				s.Many("a", "x", 20, nil, generate.Some("b", 2, 2, nil))
				s.Add("a", "y", nil, generate.Has("b", nil))
				s.Add("a", "z", nil, generate.Has("b", nil), generate.Has("b", nil))
			}, `SELECT count(DISTINCT id), count(DISTINCT token), sum(flag), count(DISTINCT pos),
				group_concat(DISTINCT board), count(DISTINCT code), sum(length(code)),
				(SELECT sum(kind = 'main') FROM b) FROM a`, "22|22|0|22|main|22|176|2"},
		{"values of every kind",
			"CREATE TABLE a(b BOOLEAN, i8 INT, u INT, f32 REAL, n TEXT, blob BLOB, null_ TEXT)",
			func(s *generate.Fixtures) {
				type name string
				s.Add("a", "x", generate.Row{
					"b": true, "i8": int8(-8), "u": uint(9), "f32": float32(0.5),
					"n": name("draft"), "blob": []byte{0, 1}, "null_": nil,
				})
			}, "SELECT b, i8, u, f32, n, hex(blob), null_ FROM a", "1|-8|9|0.5|draft|0001|"},
		{"guesses by name and type",
			`CREATE TABLE a(email TEXT NOT NULL, user_name TEXT, firstName TEXT, lastName TEXT, ` +
				`avatarUrl TEXT, deletedAt DATETIME, expires DATETIME NOT NULL, ` +
				`active BOOLEAN NOT NULL, meta JSON, ref UUID, kind STRING, price DECIMAL)`,
			many("a", 30),
			`SELECT sum(email GLOB '*_??????@example.com' AND length(user_name) <= 20 AND firstName
					GLOB '[A-Z]*' AND avatarUrl GLOB 'https://example.com/*' AND deletedAt IS NULL
				AND expires IS NOT NULL AND active IN (0,
					1) AND json_valid(meta) AND length(ref) = 36 AND typeof(kind) = 'text' AND
					typeof(price) = 'real') FROM a`, "30"},
		{"pragmas of the scripts",
			"PRAGMA page_size = 8192; PRAGMA encoding = 'UTF-16le'; PRAGMA journal_mode = WAL; " +
				"PRAGMA user_version = 7; CREATE TABLE a(x TEXT DEFAULT 'ü'); VACUUM", many("a", 1),
			"SELECT x, page_size, encoding, user_version " +
				"FROM a, pragma_page_size, pragma_encoding, pragma_user_version",
			"ü|8192|UTF-16le|7"},
		{"no table at all", "", func(*generate.Fixtures) {}, "SELECT count(*) FROM sqlite_schema",
			"0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			written := write(t, options(test.schema, test.fill))
			if diff := cmp.Diff(test.want, written.one(test.query)); diff != "" {
				t.Error(diff)
			}
			filled := fillOpen(t, test.schema, options("", test.fill))
			if diff := cmp.Diff(written.rows(), filled.rows()); diff != "" {
				t.Errorf("rows (-Write +Fill):\n%s", diff)
			}
		})
	}
}

// TestTriggersThatRefuse checks that a message about a trigger names the row and the fixture that
// declares it.
func TestTriggersThatRefuse(t *testing.T) {
	const trigger = "CREATE TABLE a(n INTEGER); " +
		"CREATE TRIGGER t BEFORE INSERT ON a WHEN new.n > 5 BEGIN SELECT raise(%); END"
	for raise, want := range map[string]string{
		"IGNORE":              "a/x: a trigger left the row out",
		"ABORT, 'no room'":    "a/x: no room",
		"ROLLBACK, 'no room'": "a/x: no room",
		"FAIL, 'no room'":     "a/x: no room",
	} {
		got := mistakes(t,
			options(strings.ReplaceAll(trigger, "%", raise), func(s *generate.Fixtures) {
				s.Add("a", "before", generate.Row{"n": 1})
				s.Add("a", "x", generate.Row{"n": 6})
			}))
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s:\n%s", raise, diff)
		}
	}
}
