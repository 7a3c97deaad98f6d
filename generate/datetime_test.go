package generate_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const events = `CREATE TABLE event(id TEXT PRIMARY KEY, at DATETIME NOT NULL, done TIMESTAMP, ` +
	`made DATETIME DEFAULT CURRENT_TIMESTAMP, text DATETIME DEFAULT '1999');`

// TestDatetime stores one timestamp in every format. The rows of the schema determine the format.
func TestDatetime(t *testing.T) {
	const iso, ms, s = "2024-05-06T07:08:09.123", "1714979289123", "1714979289"
	insert := func(values ...string) string {
		sql := events
		for i, v := range values {
			sql += fmt.Sprintf("INSERT INTO event(id, at, made, text) VALUES (%d, %s, NULL, NULL);",
				i, v)
		}
		return sql
	}
	tests := []struct {
		name, schema  string
		datetime, def generate.Datetime
		want          generate.Datetime
		why           string
	}{
		{"what the default of another column writes", events, "", "", generate.SQL,
			"as the default of event.made writes it"},
		{"auto", events, generate.Auto, generate.Auto, generate.SQL,
			"as the default of event.made writes it"},
		{"the app's own", events, "", generate.UnixMilli, generate.UnixMilli,
			"as the fixtures' app writes them"},
		{"asked", insert("1600000000000"), generate.Unix, generate.UnixMilli, generate.Unix,
			"as asked"},
		{"milliseconds", insert("1600000000000"), "", generate.ISO, generate.UnixMilli,
			"as in event.at"},
		{"seconds", insert("1600000000"), generate.Auto, generate.ISO, generate.Unix,
			"as in event.at"},
		{"text", insert("'2020-01-01T00:00:00.000Z'"), "", generate.Unix, generate.ISOZ,
			"as in event.at"},
		{"the most", insert("1", "'2020-01-01T00:00:00.000Z'", "1600000000000", "1600000000001"),
			"", generate.ISO, generate.UnixMilli, "as in event.at"},
		{"what a default wrote tells nothing", insert("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"), "",
			generate.UnixMilli, generate.UnixMilli, "as the fixtures' app writes them"},
	}
	stored := map[generate.Datetime]string{
		generate.ISO:       "text|" + iso + "+00:00|text|2025-01-01T00:00:00.000+00:00|null",
		generate.ISOZ:      "text|" + iso + "Z|text|2025-01-01T00:00:00.000Z|null",
		generate.SQL:       "text|2024-05-06 07:08:09|text|2025-01-01 00:00:00|null",
		generate.UnixMilli: "integer|" + ms + "|integer|1735689600000|null",
		generate.Unix:      "integer|" + s + "|integer|1735689600|null",
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			opts := options(test.schema, func(s *generate.Fixtures) {
				s.Add("event", "a", generate.Row{
					"at": time.Date(2024, 5, 6, 9, 8, 9, 123_456_789, time.FixedZone("CEST", 7200)),
				})
			})
			opts.Datetime, opts.DatetimeDefault = test.datetime, test.def
			d := write(t, opts)
			got := fmt.Sprint(d.report.Datetime, ", ", d.report.DatetimeWhy)
			if want := fmt.Sprint(test.want, ", ", test.why); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			got = d.one("SELECT typeof(at), at, typeof(made), made, typeof(done) " +
				"FROM event WHERE text = '1999'")
			if diff := cmp.Diff(stored[test.want], got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDatetimeOfPrismasMigrations checks that the kind of project determines the format if there
// are no rows.
func TestDatetimeOfPrismasMigrations(t *testing.T) {
	const adapter = `{"devDependencies": {"@prisma/adapter-libsql": "7"}}`
	const engineWrites = "unix-ms, as Prisma's engine writes them"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"the native engine", nil, engineWrites},
		{"a configuration alone", map[string]string{"prisma.config.ts": ""}, engineWrites},
		{"an adapter", map[string]string{"prisma.config.ts": "", "package.json": adapter},
			"iso, as Prisma's driver adapters write them"},
		{"another project's", map[string]string{
			"prisma.config.ts": "", "package.json": adapter, "prisma/.git": "",
		}, engineWrites},
		{"a file that is none", map[string]string{"prisma.config.mjs": "", "package.json": "{"},
			engineWrites},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			const migration = "prisma/migrations/20240101000000_init/migration.sql"
			files := map[string]string{migration: events}
			maps.Copy(files, test.files)
			for name, text := range files {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			opts := options("", func(*generate.Fixtures) {})
			opts.SchemaPath = filepath.Join(dir, "prisma", "migrations")
			opts.DatetimeDefault = generate.Auto
			d := write(t, opts)
			got := fmt.Sprint(d.report.Datetime, ", ", d.report.DatetimeWhy)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestClock checks, for every format and clock, that no generated timestamp is after the clock, and
// that no row was updated before its creation.
func TestClock(t *testing.T) {
	clocks := []time.Time{
		{}, time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC),
		time.Date(2031, 7, 1, 2, 3, 4, 5_678_901, time.FixedZone("x", -3600)),
	}
	for _, format := range []generate.Datetime{generate.UnixMilli, generate.Unix, generate.ISO} {
		for _, now := range clocks {
			opts := options(library, func(s *generate.Fixtures) {
				s.Many("author", "past", 50,
					generate.Row{"created_at": generate.Past(0, 3*time.Hour)})
				s.Many("author", "now", 5, nil)
				s.Many("book", "b", 5, nil, generate.Has("loan", nil))
			})
			opts.Datetime, opts.Now = format, now
			if now.IsZero() {
				now = generate.DefaultNow
			}
			clock := map[generate.Datetime]any{
				generate.UnixMilli: now.UnixMilli(), generate.Unix: now.Unix(),
				generate.ISO: now.UTC().Format("2006-01-02T15:04:05.000") + "+00:00",
			}[format]
			wrong := write(t,
				opts).query(`SELECT created_at, updated_at FROM author WHERE NOT
						(created_at <= updated_at AND updated_at <= ?1)
				UNION ALL SELECT until, 'loan' FROM loan WHERE until IS NOT ?1`, clock)
			if len(wrong) > 0 {
				t.Errorf("%s at %v: %v", format, now, wrong)
			}
		}
	}
}

// TestSQLSeesThePinnedWorld checks that scripts, defaults and triggers see only the fixed clock and
// their own random numbers.
func TestSQLSeesThePinnedWorld(t *testing.T) {
	schema := `
		CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT,
			token TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(8)))),
			at TEXT DEFAULT (datetime('now', '+1 hour')), n INTEGER DEFAULT (abs(random()) % 1000));
		CREATE TABLE log(item, at, chance);
		CREATE TRIGGER log AFTER INSERT ON item BEGIN
			INSERT INTO log VALUES (new.name, unixepoch(), random()); END;
		INSERT INTO item(name) VALUES ('script');`
	items := func(s *generate.Fixtures) {
		s.Many("item", "i", 20,
			generate.Row{"name": func(f *generate.Fake) any { return f.Number() }})
	}
	opts := options(schema, items)
	opts.Now = time.Date(2020, 2, 28, 23, 30, 0, 0, time.UTC)
	d := write(t, opts)
	for _, test := range []struct{ query, want string }{
		{"SELECT count(*), count(DISTINCT token), count(DISTINCT chance) " +
			"FROM item JOIN log ON log.item IS item.name", "21|21|21"},
		{"SELECT DISTINCT log.at, item.at FROM item, log", "1582932600|2020-02-29 00:30:00"},
		{"SELECT count(DISTINCT n) > 15, min(length(token)) FROM item", "1|16"},
	} {
		if got := d.one(test.query); got != test.want {
			t.Errorf("%s: got %s, want %s", test.query, got, test.want)
		}
	}
	more := options(schema, func(s *generate.Fixtures) {
		s.Many("item", "before", 3, nil)
		items(s)
	})
	more.Now = opts.Now
	const chance = "SELECT name, token, n, chance " +
		"FROM item JOIN log ON log.item IS item.name " +
		"WHERE name BETWEEN '1' AND '9' OR name = 'script'"
	if diff := cmp.Diff(d.query(chance), write(t, more).query(chance)); diff != "" {
		t.Errorf("with other rows before:\n%s", diff)
	}
}
