package timeform_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// TestHolds tells the columns of times from others, and what part of a time they hold.
func TestHolds(t *testing.T) {
	whole, day, clock, none := "whole", "YYYY-MM-DD", "HH:MM:SS", "none"
	for _, test := range []struct{ column, declared, want string }{
		{"at", "DATETIME", whole}, {"x", "timestamp with time zone", whole},
		{"day", "DATE", day}, {"at", "TIME", clock}, {"createdAt", "date", whole},
		{"x", "CANDIDATE", none}, {"x", "UPDATE_MODE", none}, {"x", "TIMEZONE", none},
		{"created_at", "INTEGER", whole}, {"createdAt", "TEXT", whole}, {"created_at", "", whole},
		{"created_at", "BOOLEAN", none}, {"created_at", "BLOB", none},
		{"created_at", "TINYINT(1)", none}, {"created_ts", "BIGINT", whole},
		{"created_unix", "INTEGER", whole}, {"created_at_ms", "INTEGER", whole},
		{"createdTime", "INTEGER", whole}, {"cooking_time", "INTEGER", none},
		{"time", "INTEGER", none}, {"timestamp", "INTEGER", whole}, {"expires", "INTEGER", whole},
		{"expires_in", "INTEGER", none}, {"last_login", "TEXT", whole},
		{"login", "TEXT", none}, {"deleted", "INTEGER", none}, {"birth_date", "TEXT", day},
		{"birthday", "VARCHAR(10)", day}, {"birthday", "INTEGER", none},
		{"published_on", "TEXT", day}, {"is_on", "TEXT", none}, {"update", "TEXT", none},
		{"format", "TEXT", none}, {"ms", "INTEGER", none},
	} {
		got := none
		if timeform.Holds(test.column, test.declared) {
			if got = timeform.Part(test.column, test.declared).Name(); got == "" {
				got = whole
			}
		}
		if got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.column, test.declared, got, test.want)
		}
	}
}

// TestNamed finds each form by its name.
func TestNamed(t *testing.T) {
	for _, name := range []string{
		"unix", "unix-ms", "iso", "iso-z", "sql", "julian", "YYYY-MM-DD", "HH:MM:SS",
		"HH:MM:SS[.ssssss]", "YYYY-MM-DD HH:MM:SS.sss +00:00", "YYYY-MM-DDTHH:MM:SS",
		"YYYY-MM-DD HH:MM:SS[.sss]Z",
	} {
		if form, ok := timeform.Named(name); !ok || form.Name() != name {
			t.Errorf("%s: got %q, %v", name, form.Name(), ok)
		}
	}
	for _, name := range []string{"", "auto", "keep", "SQL", "YYYY", "HH:MM:SSZ"} {
		if form, ok := timeform.Named(name); ok {
			t.Errorf("%q is the form %s", name, form)
		}
	}
}

// TestShown tells which rows show the form of a column's times.
func TestShown(t *testing.T) {
	r := rows(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, at DATETIME, phone INT, made_at INT,
			note TEXT, seen TEXT, day DATE, version TEXT, real REAL, seen_at REAL, mixed DATETIME);
		INSERT INTO t VALUES (1, '2024-05-01 10:00:00', 4912345678, 1714557600123, '2024-05-01',
			'2024-05-01T10:00:00.5Z', '2024-05-01', '2024-05-01', 2460000.5, 2460000.5, 'x');
		INSERT INTO t VALUES (2, '2024-05-01 10:00:00.5', 4912345679, 1714557600123, 'Hello',
			'2024-05-01T10:00:00Z', NULL, NULL, 1, 2460001.5, '2024-05-01 10:00:00');
		INSERT INTO t VALUES (3, '2024-05-01 10:00:00', 1, 1714557600124, NULL,
			NULL, NULL, NULL, 1, NULL, NULL);`)
	got := map[string]string{}
	shown, err := r.Shown(timeform.Form{})
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range shown {
		got[name] = form.Name()
	}
	want := map[string]string{
		"at": "YYYY-MM-DD HH:MM:SS[.s]", "made_at": "unix-ms",
		"seen": "YYYY-MM-DDTHH:MM:SS[.s]Z", "day": "YYYY-MM-DD", "seen_at": "julian",
		"mixed": "sql",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestReadWhatFormatWrites reads the time that Format has written.
func TestReadWhatFormatWrites(t *testing.T) {
	at, _, _ := timeform.Parse(sqlite.String("2024-05-01 10:00:00"))
	for _, name := range []string{
		"unix", "unix-ms", "iso", "iso-z", "sql", "julian", "YYYY-MM-DD HH:MM:SS.sss +00:00",
		"YYYY-MM-DD HH:MM:SS[.ssssss]", "YYYY-MM-DDTHH:MM:SS.ssssss+02:00",
	} {
		form, _ := timeform.Named(name)
		v, _ := form.Format(at)
		if got, ok := form.Read(v); !ok || !got.Equal(at) {
			t.Errorf("%s: %v becomes %v", name, at, got)
		}
	}
}

// TestFrameworkOf tells frameworks by their tables.
func TestFrameworkOf(t *testing.T) {
	for _, test := range []struct{ want, sql string }{
		{"", "CREATE TABLE post(id)"},
		{"Rails", "CREATE TABLE schema_migrations(version); " +
			"CREATE TABLE ar_internal_metadata(key)"},
		{"", "CREATE TABLE schema_migrations(version)"},
		{"Rails", "CREATE TABLE solid_queue_jobs(id)"},
		{"Laravel", "CREATE TABLE migrations(id, migration, batch)"},
		{"TypeORM", "CREATE TABLE migrations(id, timestamp, name)"},
		{"Django", "CREATE TABLE django_session(id)"},
		{"better-auth", `CREATE TABLE account("providerId");
			CREATE TABLE verification("expiresAt" date)`},
		{"Prisma", `CREATE TABLE User(email); CREATE UNIQUE INDEX "User_email_key" ON User(email)`},
		{"Prisma", `CREATE TABLE _prisma_migrations(id)`},
		{"", `CREATE TABLE users(email); CREATE UNIQUE INDEX users_email_unique ON users(email)`},
	} {
		s, err := schema.Read(rows(t, test.sql).Conn)
		if err != nil {
			t.Fatal(err)
		}
		got := timeform.FrameworkOf(s).Name
		if timeform.IsPrisma(s) {
			got = timeform.Prisma(t.TempDir()).Name
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.sql, got, test.want)
		}
	}
}
