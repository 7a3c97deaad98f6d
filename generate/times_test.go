package generate_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// laravel has tables as Laravel's migrations make them.
const laravel = `
	CREATE TABLE "migrations" ("id" integer primary key autoincrement not null,
		"migration" varchar not null, "batch" integer not null);
	CREATE TABLE "users" ("id" integer primary key autoincrement not null, "name" varchar not null,
		"email_verified_at" datetime, "created_at" datetime, "updated_at" datetime);
	CREATE TABLE "jobs" ("id" integer primary key autoincrement not null, "queue" varchar not null,
		"attempts" integer not null, "reserved_at" integer, "available_at" integer not null,
		"created_at" integer not null);`

// rails has tables as a structure.sql of Rails 7 has them.
const rails = `
	CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
	CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar,
		"created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
	CREATE TABLE "meetings" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "title" varchar,
		"held_on" date NOT NULL, "opens" time NOT NULL, "created_at" datetime(6) NOT NULL,
		"updated_at" datetime(6) NOT NULL);`

// django has tables as Django's migrations make them.
const django = `
	CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
		"app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
	CREATE TABLE "visit" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "day" date NOT NULL,
		"at" time NOT NULL, "date_joined" datetime NOT NULL, "expire_date" datetime NOT NULL);`

// drizzle has columns as drizzle-kit writes them.
const drizzle = "CREATE TABLE `bookmark` (`id` text PRIMARY KEY NOT NULL, " +
	"`created_at` integer DEFAULT (unixepoch()) NOT NULL, " +
	"`seen_at` integer DEFAULT (unixepoch() * 1000) NOT NULL, `modifiedAt` integer, " +
	"`text` text DEFAULT CURRENT_TIMESTAMP NOT NULL);"

// prisma has tables as Prisma's migrations make them.
const prisma = `
	CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL,
		"createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL);
	CREATE UNIQUE INDEX "User_email_key" ON "User"("email");`

// betterAuth has tables as better-auth's own tool makes them.
const betterAuth = `
	create table "account" ("id" text not null primary key, "providerId" text not null,
		"createdAt" date not null);
	create table "verification" ("id" text not null primary key, "expiresAt" date not null,
		"createdAt" date default CURRENT_TIMESTAMP not null);`

const ms = "'[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"

// Patterns of GLOB for times.
const (
	globDay    = ms + "'"
	globSQL    = ms + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9]'"
	globMillis = ms + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]000'"
	globZ      = ms + "T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z'"
	globISO    = ms + "T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]+00:00'"
	globClock  = "'[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'"
	globUnix   = "'17[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'"
	globMilli  = "'17[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'"
)

// TestTimesOfColumns fills tables of real frameworks. Every column must have times of its form.
func TestTimesOfColumns(t *testing.T) {
	const unixText = "INSERT INTO t VALUES (1, '1714979289');"
	tests := []struct {
		name, schema, table string
		// The columns and the pattern of their values, which are never NULL.
		want map[string]string
	}{
		{"Laravel", laravel, "users",
			map[string]string{"created_at": globSQL, "updated_at": globSQL}},
		{"Laravel's integers", laravel, "jobs",
			map[string]string{"created_at": globUnix, "available_at": globUnix}},
		{"Rails", rails, "meetings", map[string]string{
			"held_on": globDay, "created_at": globMillis, "updated_at": globMillis,
			"opens": "'2000-01-01 *'",
		}},
		{"Django", django, "visit", map[string]string{
			"day": globDay, "date_joined": globMillis, "expire_date": globMillis,
			"at": "'[0-2][0-9]:[0-5][0-9]:[0-5][0-9]*'",
		}},
		{"Drizzle", drizzle, "bookmark", map[string]string{
			"created_at": globUnix, "seen_at": globMilli, "text": globSQL,
			"modifiedAt": globUnix,
		}},
		{"Prisma", prisma, "User",
			map[string]string{"createdAt": globMilli, "updatedAt": globMilli}},
		{"better-auth", betterAuth, "verification",
			map[string]string{"createdAt": globZ, "expiresAt": globZ}},
		{"better-auth's other days", betterAuth + `create table "user" ("id" text primary key,
			"banExpires" date not null)`, "user", map[string]string{"banExpires": globZ}},
		{"PocketBase", `CREATE TABLE _params(id TEXT PRIMARY KEY);
			CREATE TABLE posts(id TEXT PRIMARY KEY, created TEXT DEFAULT '' NOT NULL,
			updated TEXT DEFAULT "" NOT NULL)`, "posts", map[string]string{
			"created": ms + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z'",
			"updated": ms + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z'",
		}},
		{"Sequelize", `CREATE TABLE SequelizeMeta(name PRIMARY KEY);
			CREATE TABLE Users(id INTEGER PRIMARY KEY, createdAt DATETIME NOT NULL,
			updatedAt DATETIME NOT NULL)`, "Users", map[string]string{
			"createdAt": ms + " [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9] +00:00'",
		}},
		{"defaults that are no times", `CREATE TABLE t(id INTEGER PRIMARY KEY,
			created_at INTEGER NOT NULL DEFAULT 0, updated_at INTEGER DEFAULT NULL,
			last_activity INTEGER NOT NULL, year YEAR NOT NULL)`, "t", map[string]string{
			"created_at": globUnix, "updated_at": globUnix, "last_activity": globUnix,
			"year": "'[12][09][0-9][0-9]'",
		}},
		{"a default of another column tells", `CREATE TABLE t(id INTEGER PRIMARY KEY,
			at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), seen_at TEXT NOT NULL)`, "t",
			map[string]string{"at": globZ, "seen_at": globZ}},
		{"a tool tells nothing", `CREATE TABLE _sqlx_migrations(version INT PRIMARY KEY,
			installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
			INSERT INTO _sqlx_migrations(version) VALUES (1);
			CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME NOT NULL)`, "t",
			map[string]string{"at": globISO}},
		{"a trigger tells", `CREATE TABLE t(id INTEGER PRIMARY KEY, a DATETIME, b_at INT NOT NULL,
			c DATETIME NOT NULL); CREATE TRIGGER w AFTER INSERT ON t BEGIN
			UPDATE t SET a = datetime("now"), b_at = strftime('%s', 'now') WHERE id = new.id; END`,
			"t", map[string]string{"a": globSQL, "b_at": globUnix, "c": globSQL}},
		{"rows of text", "CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME NOT NULL);" +
			"INSERT INTO t VALUES (1, '2024-05-01 12:00:00')", "t",
			map[string]string{"at": globSQL}},
		{"rows of toISOString in a column that no type tells", "CREATE TABLE t(id INTEGER " +
			"PRIMARY KEY, seen TEXT NOT NULL); INSERT INTO t VALUES (1,'2024-05-01T09:00:00.000Z')",
			"t", map[string]string{"seen": globZ}},
		{"Julian days", "CREATE TABLE t(id INTEGER PRIMARY KEY, seen_at REAL NOT NULL); " +
			"INSERT INTO t VALUES (1, 2460000.5)", "t",
			map[string]string{"seen_at": "'2460[0-9][0-9][0-9].*'"}},
		{"no Julian days", "CREATE TABLE t(id INTEGER PRIMARY KEY, seen_at REAL NOT NULL)", "t",
			map[string]string{"CAST(seen_at AS INT)": globUnix}},
		{"text for numbers alone", "CREATE TABLE t(id INTEGER PRIMARY KEY, n DATETIME NOT NULL);" +
			unixText, "t", map[string]string{"n": globUnix}},
		{"nothing tells", "CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME NOT NULL, " +
			"seen_ms INT, created_at_ms INT NOT NULL, created_ts BIGINT NOT NULL)", "t",
			map[string]string{"at": globISO, "created_at_ms": globMilli, "created_ts": globUnix}},
		{"types that contain one of a time", "CREATE TABLE t(id INTEGER PRIMARY KEY, " +
			"a CANDIDATE NOT NULL, b UPDATE_MODE NOT NULL, c TIMEZONE NOT NULL, cooking_time INT " +
			"NOT NULL, deleted INT NOT NULL)", "t", map[string]string{
			"a < 2000": "1", "b < 2000": "1", "c < 2000": "1", "cooking_time < 2000": "1",
			"deleted < 2000": "1",
		}},
		{"days and times of day", "CREATE TABLE t(id INTEGER PRIMARY KEY, day DATE NOT NULL, " +
			"at TIME NOT NULL, birthday TEXT)", "t",
			map[string]string{"day": globDay, "at": globClock, "birthday": globDay}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := write(t, options(test.schema, func(s *generate.Fixtures) {
				s.Many(test.table, "x", 30, nil)
			}))
			for column, glob := range test.want {
				wrong := d.query(fmt.Sprintf("SELECT %[1]s FROM %[2]q WHERE %[1]s IS NULL OR "+
					"NOT %[1]s GLOB %[3]s LIMIT 3", column, test.table, glob))
				if len(wrong) > 0 {
					t.Errorf("%s: got %v, want %s", column, wrong, glob)
				}
			}
		})
	}
}

// TestTimesAsAsked asks for a form. Only the columns that can store it have it.
func TestTimesAsAsked(t *testing.T) {
	const schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME NOT NULL, " +
		"made_at INT NOT NULL, text_at TEXT NOT NULL, day DATE NOT NULL)"
	for asked, want := range map[generate.Datetime]string{
		generate.SQL: "2025-01-01 00:00:00|1735689600|2025-01-01 00:00:00|2025-01-01",
		generate.ISOZ: "2025-01-01T00:00:00.000Z|1735689600|" +
			"2025-01-01T00:00:00.000Z|2025-01-01",
		generate.UnixMilli: "1735689600000|1735689600000|" +
			"2025-01-01T00:00:00.000+00:00|2025-01-01",
	} {
		opts := options(schema, func(s *generate.Fixtures) {
			at := generate.DefaultNow
			s.Add("t", "x", generate.Row{"at": at, "made_at": at, "text_at": at, "day": at})
		})
		opts.Datetime = asked
		d := write(t, opts)
		if got := d.one("SELECT at, made_at, text_at, day FROM t"); got != want {
			t.Errorf("%s: got %s, want %s", asked, got, want)
		}
	}
}

// TestTimesOfDatabases takes the forms from the rows of the database with the schema, and from
// those of a database that the rows shall be like.
func TestTimesOfDatabases(t *testing.T) {
	const schema = "CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME NOT NULL);"
	database := func(name, at string) string {
		path := filepath.Join(t.TempDir(), name)
		c, err := sqlite.Open(t.Context(), path, sqlite.Create)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.ExecScript(schema + "INSERT INTO t VALUES (1, " + at + ")"); err != nil {
			t.Fatal(err)
		}
		return path
	}
	dev, live := database("dev.db", "1700000000"), database("live.db", "'2024-05-01 12:00:00'")
	for _, test := range []struct{ like, want string }{
		{"", "unix, as in t.at of " + dev},
		{live, "sql, as in t.at of " + live},
	} {
		opts := options("", func(s *generate.Fixtures) { s.Many("t", "x", 2, nil) })
		opts.SchemaPath, opts.Like = dev, test.like
		d := write(t, opts)
		got := fmt.Sprint(d.report.Datetime, ", ", d.report.DatetimeWhy)
		if got != test.want {
			t.Errorf("like %q: got %s, want %s", test.like, got, test.want)
		}
		if got := d.one("SELECT count(*) FROM t"); got != "2" {
			t.Errorf("%s rows, want 2", got)
		}
	}
}

// TestIDsOfDatabases takes the kind of ids from the rows of the database with the schema.
func TestIDsOfDatabases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dev.db")
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	err = c.ExecScript("CREATE TABLE t(id TEXT PRIMARY KEY); " +
		"INSERT INTO t VALUES ('00001eef-0000-4000-8000-000000000001')")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	opts := options("", func(s *generate.Fixtures) { s.Many("t", "x", 2, nil) })
	opts.SchemaPath = path
	d := write(t, opts)
	for _, id := range d.query("SELECT id FROM t") {
		if !idPatterns["uuid"].MatchString(id) {
			t.Errorf("%s is no uuid", id)
		}
	}
}

// TestTimesReport reports each form once, with its columns.
func TestTimesReport(t *testing.T) {
	d := write(t, options(laravel, func(*generate.Fixtures) {}))
	want := []generate.TimeReport{
		{Form: "sql", Why: "as Laravel writes them", Columns: []string{
			"users.email_verified_at", "users.created_at", "users.updated_at"}},
		{Form: "unix", Why: "as Laravel writes them", Columns: []string{
			"jobs.reserved_at", "jobs.available_at", "jobs.created_at"}},
	}
	if diff := cmp.Diff(want, d.report.Times); diff != "" {
		t.Error(diff)
	}
}

// TestPlausibleTimes compares the times of a row with each other, with those of the rows that it
// refers to, and with the clock.
func TestPlausibleTimes(t *testing.T) {
	const schema = `
		CREATE TABLE team(id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL);
		CREATE TABLE user(id INTEGER PRIMARY KEY, team INTEGER NOT NULL REFERENCES team,
			birthday DATE, created_at INTEGER, updated_at INTEGER, deleted_at INTEGER);
		CREATE TABLE session(id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES user,
			created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
			ended_at INTEGER NOT NULL, started_at INTEGER NOT NULL);
		CREATE TABLE profile(id INTEGER PRIMARY KEY, user INTEGER NOT NULL UNIQUE REFERENCES user,
			created_at INTEGER NOT NULL);
		CREATE TABLE reply(id INTEGER PRIMARY KEY, up INTEGER REFERENCES reply,
			created_at INTEGER NOT NULL);`
	d := write(t, options(schema, func(s *generate.Fixtures) {
		s.Many("team", "t", 10, nil)
		s.Many("user", "u", 100, nil, generate.Has("session", nil))
		s.Many("session", "s", 100, nil)
		s.Many("user", "late", 20, generate.Row{"created_at": generate.Past(0, time.Hour)},
			generate.Has("session", nil))
		s.Many("user", "old", 5, generate.Row{
			"updated_at": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
		s.Many("profile", "p", 50, nil)
		s.Many("reply", "r", 30, nil, generate.Has("reply", nil, generate.Has("reply", nil)))
	}))
	now := fmt.Sprint(generate.DefaultNow.Unix())
	for _, never := range []string{
		"user WHERE created_at IS NULL OR updated_at IS NULL OR deleted_at IS NOT NULL",
		"user WHERE created_at > updated_at OR updated_at > ?1",
		"session WHERE created_at > seen_at OR seen_at > ?1 OR expires_at <= ?1",
		"session WHERE created_at > started_at OR started_at > ended_at OR ended_at > ?1",
		"user JOIN team ON team.id = team WHERE user.created_at < team.created_at " +
			"AND user.updated_at > 1600000000",
		"session JOIN user ON user.id = user WHERE session.created_at < user.created_at",
		"profile p JOIN user ON user.id = user WHERE p.created_at < user.created_at",
		"reply JOIN reply old ON old.id = reply.up WHERE reply.created_at < old.created_at",
		"user WHERE birthday IS NULL OR birthday NOT BETWEEN '1940-01-01' AND '2007-01-02'",
	} {
		never = strings.ReplaceAll(never, "?1", now)
		if got := d.one("SELECT count(*) FROM " + never); got != "0" {
			t.Errorf("%s rows of %s", got, never)
		}
	}
	spread := d.one("SELECT count(DISTINCT created_at / 86400) > 60 FROM user")
	if spread != "1" {
		t.Error("the users were created on few days")
	}
	if d.one("SELECT max(created_at) - min(created_at) > 300 * 86400 FROM reply") != "1" {
		t.Error("the replies to replies alone were not created in the whole year")
	}
	if n := strings.Count(fmt.Sprint(d.report.Times), "unix"); n != 1 {
		t.Errorf("forms: %v", d.report.Times)
	}
}
