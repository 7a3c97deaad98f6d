package generate_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/generate"
)

const teamSchema = `
	CREATE TABLE "Team" ("id" TEXT PRIMARY KEY, "name" TEXT NOT NULL UNIQUE, "size" INTEGER
		NOT NULL DEFAULT 0);
	CREATE TABLE "Member" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "email" TEXT NOT NULL UNIQUE,
		"admin" BOOLEAN NOT NULL DEFAULT false, "score" REAL, "photo" BLOB, "bornOn" DATE,
		"createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
		"teamId" TEXT NOT NULL REFERENCES "Team" ("id"));
	CREATE TABLE "Note" ("text" TEXT NOT NULL, "memberId" INTEGER NOT NULL REFERENCES "Member");
	CREATE VIRTUAL TABLE "NoteSearch" USING fts5(text, content='Note', content_rowid='rowid');
	CREATE TRIGGER search AFTER INSERT ON "Note" BEGIN
		INSERT INTO "NoteSearch" (rowid, text) VALUES (new.rowid, new.text);
	END;
	CREATE TRIGGER members AFTER INSERT ON "Member" BEGIN
		UPDATE "Team" SET "size" = "size" + 1 WHERE "id" = new."teamId";
	END;
	INSERT INTO "Team" ("id", "name") VALUES ('t1', 'Red');
	INSERT INTO "Member" ("id", "email", "score", "photo", "bornOn", "createdAt", "teamId")
		VALUES (7, 'old@example.com', 1.0, x'00ff', '2001-02-03', '2024-01-02 03:04:05', 't1');
	INSERT INTO "Note" (rowid, "text", "memberId") VALUES (41, 'an old note', 7);`

func teams(s *generate.Fixtures) {
	s.Add("Team", "red", generate.Row{"name": "Red"})
	s.Many("Member", "demo", 200, generate.Row{"photo": []byte{}, "score": 0.5},
		generate.Some("Note", 0, 2, generate.Row{}))
}

// openMemory opens a database in memory, which lives as long as its only connection.
func openMemory(t *testing.T, pragma, script string) *sql.DB {
	t.Helper()
	return openDatabase(t, ":memory:", pragma, script)
}

// openDatabase opens a database and runs a script.
func openDatabase(t *testing.T, path, pragma, script string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma="+pragma)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	executeOn(t, db, script)
	return db
}

func executeOn(t *testing.T, db *sql.DB, script string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

// fillOpen fills an open database that a script has made.
func fillOpen(t *testing.T, script string, opts generate.Options) *database {
	t.Helper()
	d := &database{t: t, path: filepath.Join(t.TempDir(), "filled.db")}
	db := openDatabase(t, d.path, "foreign_keys(1)", script)
	var err error
	if d.report, err = generate.Fill(t.Context(), db, opts); err != nil {
		t.Fatal(err)
	}
	d.c = open(t, d.path)
	return d
}

// dumped returns a database as a script.
func dumped(t *testing.T, db *sql.DB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	if _, err := db.ExecContext(t.Context(), "VACUUM INTO ?", path); err != nil {
		t.Fatal(err)
	}
	return dumpedFile(t, path)
}

func dumpedFile(t *testing.T, path string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := dump.Write(t.Context(), &out, path, dump.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFillMakesWhatWriteMakes fills databases with rows, triggers and a search index, and compares
// every byte of their dumps with that of the file that Write makes.
func TestFillMakesWhatWriteMakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.db")
	want, err := generate.Write(t.Context(), path, options(teamSchema, teams))
	if err != nil {
		t.Fatal(err)
	}
	for _, pragma := range []string{
		"foreign_keys(1)", "foreign_keys(0)", "encoding('UTF-16le')",
	} {
		t.Run(pragma, func(t *testing.T) {
			filled := filepath.Join(t.TempDir(), "filled.db")
			db := openDatabase(t, filled, pragma, teamSchema)
			opts := options("", teams)
			got, err := generate.Fill(t.Context(), db, opts)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(dumpedFile(t, path), dumpedFile(t, filled)); diff != "" {
				t.Errorf("dump (-Write +Fill):\n%s", diff)
			}
		})
	}
}

// TestFillAgain fills a database twice: the second time, all rows with given keys are adopted.
func TestFillAgain(t *testing.T) {
	db := openMemory(t, "foreign_keys(1)", teamSchema)
	opts := options("", func(s *generate.Fixtures) {
		s.Add("Member", "ada", generate.Row{"email": "ada@example.com"})
	})
	var before string
	for i := range 2 {
		report, err := generate.Fill(t.Context(), db, opts)
		if err != nil {
			t.Fatal(err)
		}
		member := report.Tables[1]
		want := generate.TableReport{
			Table: "Member", Rows: 2, Baseline: int64(1 + i), Adopted: int64(i),
		}
		if diff := cmp.Diff(want, member); diff != "" {
			t.Errorf("fill %d (-want +got):\n%s", i+1, diff)
		}
		after := dumped(t, db)
		if i > 0 {
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("the second Fill changed the database (-before +after):\n%s", diff)
			}
		}
		before = after
	}
}

// TestFillRollsBack checks that a failing Fill leaves the database, its connection and the
// connection's settings as they were.
func TestFillRollsBack(t *testing.T) {
	// Triggers that see the time of the database, and not the fixed clock.
	const now = ` WHEN date('now') <> '2025-01-01' AND new."id" % 8 = 0 BEGIN `
	const late = teamSchema + `
		CREATE TABLE "Log" ("of" INTEGER REFERENCES "Member" ("id"));
		CREATE TRIGGER late AFTER INSERT ON "Member"` + now
	const early = teamSchema + `CREATE TRIGGER early BEFORE INSERT ON "Member"` + now
	tests := []struct {
		name, schema, want string
		fill               func(s *generate.Fixtures)
	}{
		{"Fixture", teamSchema, "there is no table", func(s *generate.Fixtures) {
			teams(s)
			s.Add("Nowhere", "x", generate.Row{})
		}},
		{"Baseline", teamSchema + `CREATE TABLE "Child" (
			"id" INTEGER PRIMARY KEY, "parent" INTEGER REFERENCES "Child" ("id"));
			PRAGMA foreign_keys = OFF;
			INSERT INTO "Child" VALUES (1, 99);
			PRAGMA foreign_keys = ON;`, "refers to rows", teams},
		{"Insert", late + `SELECT RAISE(ABORT, 'too late'); END;`, "too late", teams},
		{"Ignore", early + `SELECT RAISE(IGNORE); END;`, "0 of 1 rows are inserted", teams},
		{"RolledBack", late + `SELECT RAISE(ROLLBACK, 'all gone'); END;`, "all gone", teams},
		{"Commit", late + `INSERT INTO "Log" VALUES (-1); END;`, "commit: ", teams},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := openMemory(t, "foreign_keys(1)", tt.schema)
			before := dumped(t, db)
			_, err := generate.Fill(t.Context(), db, options("", tt.fill))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
			if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
				t.Errorf("the database changed (-before +after):\n%s", diff)
			}
			executeOn(t, db, "BEGIN; ROLLBACK") // no transaction is open
		})
	}
}

func TestFillRefusesASchema(t *testing.T) {
	db := openMemory(t, "foreign_keys(1)", "")
	_, err := generate.Fill(t.Context(), db, options(teamSchema, teams))
	if !errors.Is(err, generate.ErrSchemaGiven) {
		t.Errorf("got error %v, want ErrSchemaGiven", err)
	}
}

// TestFillManyRows fills in the way of many rows: without some indexes first, and then once more,
// because rows compete for the values of a unique key.
func TestFillManyRows(t *testing.T) {
	const schema = `CREATE TABLE a(id INTEGER PRIMARY KEY, code INTEGER UNIQUE, n INT);
		CREATE INDEX byN ON a(n)`
	fixtures := func(s *generate.Fixtures) {
		s.Many("a", "x", 12_000, generate.Row{
			"code": func(f *generate.Fake) any { return f.Int(0, 20_000) },
		})
	}
	want, got := write(t, options(schema, fixtures)), fillOpen(t, schema, options("", fixtures))
	if diff := cmp.Diff(want.rows(), got.rows()); diff != "" {
		t.Errorf("rows (-Write +Fill):\n%s", diff)
	}
}

// TestFillKeepsGoing checks that Fill inserts the rows that are not left out, and no others.
func TestFillKeepsGoing(t *testing.T) {
	const schema = `CREATE TABLE a(n INTEGER PRIMARY KEY);
		CREATE TRIGGER t BEFORE INSERT ON a WHEN new.n = 3 BEGIN
			SELECT RAISE(ROLLBACK, 'no room');
		END`
	opts := options("", func(s *generate.Fixtures) {
		for n := range 6 {
			s.Add("a", string(rune('a'+n)), generate.Row{"n": n})
		}
	})
	opts.KeepGoing = true
	filled := fillOpen(t, schema, opts)
	got := strings.Join(filled.query("SELECT n FROM a ORDER BY n"), " ")
	if want := "0 1 2 4 5"; got != want {
		t.Errorf("got rows %s, want %s", got, want)
	}
	if n := len(filled.report.LeftOut); n != 1 {
		t.Errorf("%d rows are said to be left out, want 1", n)
	}
}

// TestFillSeesWhatIsThere looks for rows of the open database by all their values, in tables of odd
// shapes.
func TestFillSeesWhatIsThere(t *testing.T) {
	const schema = `
		CREATE TABLE "a ""b""" (rowid TEXT, _rowid_ TEXT, oid TEXT, "x y" INT);
		INSERT INTO "a ""b""" VALUES ('r', '', 'o', 7);
		CREATE TABLE w (k TEXT, n INT, v ANY, PRIMARY KEY (n, k)) WITHOUT ROWID, STRICT;
		INSERT INTO w VALUES ('k', 1, x''), ('k', 2, '1.0'), ('k', 3, 1.0);
		CREATE TABLE g (id INTEGER PRIMARY KEY, a INT, twice INT AS (a * 2) STORED,
			b AS (a || 'x'));
		INSERT INTO g (id, a) VALUES (9223372036854775807, -9223372036854775808);
		CREATE TABLE c (n REAL CHECK (n > 0), t TEXT COLLATE NOCASE UNIQUE, d DATETIME, f BOOLEAN);
		PRAGMA ignore_check_constraints = ON;
		INSERT INTO c VALUES (-1e999, 'Ü' || char(0) || 'x', 'true', 2), (0.1, 't', 1, 'tt');
		PRAGMA ignore_check_constraints = OFF;
		CREATE INDEX e ON c (upper(t)) WHERE f;
		CREATE VIEW v AS SELECT * FROM c;
		CREATE TRIGGER i INSTEAD OF INSERT ON v BEGIN INSERT INTO c (t) VALUES (new.t); END;
		CREATE VIRTUAL TABLE r USING rtree(id, low, high);
		INSERT INTO r VALUES (3, 0.5, 1.5);
		CREATE TABLE h (x TEXT);
		INSERT INTO h (rowid, x) VALUES (41, '');
		CREATE TABLE l (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT);
		INSERT INTO l VALUES (100, '');
		DELETE FROM l;
		CREATE TRIGGER log AFTER INSERT ON h BEGIN
			INSERT INTO l (x) VALUES (new.x);
			SELECT RAISE(ABORT, 'no new id') WHERE new.rowid < 42 OR last_insert_rowid() < 101;
		END;
		ANALYZE`
	rows := []struct {
		table string
		row   generate.Row
	}{
		{`a "b"`, generate.Row{"rowid": "r", "_rowid_": "", "oid": "o", "x y": 7}},
		{"w", generate.Row{"k": "k", "n": 1, "v": []byte{}}},
		{"w", generate.Row{"k": "k", "n": 2, "v": "1.0"}},
		{"w", generate.Row{"k": "k", "n": 3, "v": 1.0}},
		{"g", generate.Row{"id": int64(math.MaxInt64), "a": int64(math.MinInt64)}},
		{"c", generate.Row{"n": math.Inf(-1), "t": "Ü\x00x", "d": "true", "f": 2}},
		{"c", generate.Row{"n": 0.1, "t": "t", "d": 1, "f": "tt"}},
	}
	fillOpen(t, schema, options("", func(s *generate.Fixtures) {
		for _, r := range rows {
			s.Existing(r.table, r.row)
		}
		s.Add("w", "new", generate.Row{"k": "new"})
		s.Add("h", "new", nil)
	}))
}

// TestFillInterrupted cancels a Fill, which must leave neither rows nor a transaction.
func TestFillInterrupted(t *testing.T) {
	db := openMemory(t, "foreign_keys(1)", teamSchema)
	before := dumped(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	opts := options("", teams)
	opts.Progress = func(p generate.Progress) {
		if p.Done == p.Total {
			cancel()
		}
	}
	if _, err := generate.Fill(ctx, db, opts); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want that of the context", err)
	}
	if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
		t.Errorf("the database changed (-before +after):\n%s", diff)
	}
	executeOn(t, db, "BEGIN; ROLLBACK")
}

// TestFillWithinATransaction checks that Fill does not end a transaction of the caller's.
func TestFillWithinATransaction(t *testing.T) {
	db := openMemory(t, "foreign_keys(1)", teamSchema)
	executeOn(t, db, `BEGIN; INSERT INTO "Team" ("id", "name") VALUES ('t2', 'Blue')`)
	if _, err := generate.Fill(t.Context(), db, options("", teams)); err == nil {
		t.Error("Fill began a transaction within a transaction")
	}
	executeOn(t, db, "COMMIT")
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM "Team"`).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d teams, %v; want the caller's too", n, err)
	}
}
