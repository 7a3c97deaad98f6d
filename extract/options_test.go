package extract_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/pattern"
)

const app = `
	CREATE TABLE Role(id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE);
	CREATE TABLE User(
		id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE, boss TEXT REFERENCES User);
	CREATE TABLE Grants(
		role TEXT NOT NULL REFERENCES Role, user TEXT NOT NULL REFERENCES User,
		PRIMARY KEY(role, user));
	CREATE TABLE Log(line TEXT);
	INSERT INTO Role VALUES('r1', 'admin');
	INSERT INTO User VALUES('u1', 'a@x', NULL), ('u2', 'b@x', 'u1');
	INSERT INTO Grants VALUES('r1', 'u1');
	INSERT INTO Log VALUES('one'), ('two'), ('three');`

func TestTables(t *testing.T) {
	tests := []struct {
		name            string
		tables, exclude []string
		want            []string
	}{
		{"all", nil, nil, []string{"Role", "User", "Grants", "Log"}},
		{"one", []string{"Log"}, nil, []string{"Log"}},
		{"patterns", []string{"*r,grant?"}, nil, []string{"User", "Grants"}},
		{"any case", []string{"LOG"}, nil, []string{"Log"}},
		{"but one", nil, []string{"L*"}, []string{"Role", "User", "Grants"}},
		{"both", []string{"*s*", "Role"}, []string{"Grants"}, []string{"Role", "User"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, report, err := write(t, app,
				extract.Options{Tables: test.tables, Exclude: test.exclude, NoProof: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, table := range report.Tables {
				got = append(got, table.Table)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPatternThatMatchesNothing(t *testing.T) {
	for _, opts := range []extract.Options{{Tables: []string{"Usr"}}, {Exclude: []string{"Usr"}}} {
		_, _, err := write(t, app, opts)
		var unmatched *pattern.UnmatchedError
		if !errors.As(err, &unmatched) || unmatched.Near != "User" {
			t.Errorf("got %v, want an UnmatchedError that is near User", err)
		}
	}
}

func TestOnConflict(t *testing.T) {
	const insert = `INSERT INTO "Role" ("id", "name") VALUES ('r1', 'admin')`
	tests := []struct {
		policy extract.Policy
		want   string
	}{
		{extract.Abort, insert + ";\n"},
		{extract.Skip, insert + " ON CONFLICT DO NOTHING;\n"},
		{extract.Update,
			insert + ` ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name";` + "\n"},
	}
	for _, test := range tests {
		got, report, err := write(t, app,
			extract.Options{Tables: []string{"Role"}, OnConflict: test.policy})
		if err != nil || got != test.want || !report.Proven {
			t.Errorf("%s: got %s, %v; want %s", test.policy, got, err, test.want)
		}
	}
}

func TestSkipNamesTheRowsThatItRepeats(t *testing.T) {
	const script = `CREATE TABLE log(line); INSERT INTO log VALUES ('a'), ('b');
		CREATE TABLE code(code TEXT UNIQUE); INSERT INTO code VALUES ('c'), (NULL);
		CREATE TABLE pair(a, b, UNIQUE (a, b)); INSERT INTO pair VALUES (1, NULL), (1, 2);
		CREATE TABLE id(id INTEGER PRIMARY KEY, x UNIQUE); INSERT INTO id VALUES (1, NULL);
		CREATE TABLE part(x); CREATE UNIQUE INDEX p ON part(x) WHERE x > 0;
		CREATE TABLE sum(x); CREATE UNIQUE INDEX s ON sum(x + 1);
		INSERT INTO part VALUES (1); INSERT INTO sum VALUES (1);`
	_, report, err := write(t, script, extract.Options{OnConflict: extract.Skip})
	want := []extract.LeftOut{
		{Table: "log", Rows: 2, Why: "the table has no key"},
		{Table: "code", Rows: 1, Why: "they have NULL in each key"},
		{Table: "pair", Rows: 1, Why: "they have NULL in each key"},
	}
	sort := cmpopts.SortSlices(func(a, b extract.LeftOut) bool { return a.Table < b.Table })
	if diff := cmp.Diff(want, report.Repeated, sort); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	_, report, err = write(t, script, extract.Options{})
	if err != nil || report.Repeated != nil {
		t.Errorf("abort: got %v, %v, want none", report.Repeated, err)
	}
}

func TestUpdateNeedsAKey(t *testing.T) {
	_, _, err := write(t, app, extract.Options{Tables: []string{"Log"}, OnConflict: extract.Update})
	var key *extract.KeyError
	if !errors.As(err, &key) || key.Table != "Log" {
		t.Errorf("got %v, want a KeyError for Log", err)
	}
}

func TestUpdateOfAllKeysOnlySkips(t *testing.T) {
	got, _, err := write(t, app,
		extract.Options{Tables: []string{"Grants"}, OnConflict: extract.Update, NoProof: true})
	const want = `ON CONFLICT ("role", "user") DO NOTHING;`
	if err != nil || !strings.Contains(got, want) {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

// TestPolicySettlesConflictsWithTheBaseline has migrations that insert user u1 with another
// address.
func TestPolicySettlesConflictsWithTheBaseline(t *testing.T) {
	dir := migrations(t, map[string]string{"1_init": `
		CREATE TABLE User(
			id TEXT PRIMARY KEY NOT NULL, email TEXT NOT NULL UNIQUE, boss TEXT REFERENCES User);
		INSERT INTO User VALUES('u1', 'old@x', NULL);`})
	rows := "INSERT INTO User VALUES('u1', 'a@x', NULL), ('u2', 'b@x', 'u1');"
	var conflict *extract.ConflictError
	if _, _, err := write(t, rows, extract.Options{Baseline: dir}); !errors.As(err, &conflict) {
		t.Errorf("abort: got %v, want a ConflictError", err)
	}
	got, report, err := write(t, rows, extract.Options{Baseline: dir, OnConflict: extract.Skip})
	if err != nil || strings.Contains(got, "a@x") || !strings.Contains(got, "b@x") ||
		!report.Proven {
		t.Errorf("skip: got %s, %v", got, err)
	}
	got, report, err = write(t, rows, extract.Options{Baseline: dir, OnConflict: extract.Update})
	if err != nil || !strings.Contains(got, "a@x") || !report.Proven {
		t.Errorf("update: got %s, %v", got, err)
	}
}

func TestNaturalKeys(t *testing.T) {
	got, report, err := write(t, app,
		extract.Options{Tables: []string{"Role", "User", "Grants"}, Keys: extract.Natural})
	if err != nil || !report.Proven {
		t.Fatal(err)
	}
	for _, want := range []string{
		`((SELECT "id" FROM "Role" WHERE "name" = 'admin'), ` +
			`(SELECT "id" FROM "User" WHERE "email" = 'a@x'));`,
		`('u2', 'b@x', 'u1');`, // A reference within a table is a literal.
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

func TestNaturalKeysThatMayHoldNULL(t *testing.T) {
	const script = `CREATE TABLE org(id INTEGER PRIMARY KEY, slug TEXT UNIQUE, domain TEXT UNIQUE);
		CREATE TABLE m(org INTEGER REFERENCES org, u TEXT, PRIMARY KEY (org, u));
		INSERT INTO m VALUES (1, 'ada'), (2, 'bob'), (3, 'cid'), (3, 'dan'), (NULL, 'eve');
		INSERT INTO org VALUES (1, 'a', 'a.org'), (2, NULL, 'b.org'), (3, NULL, NULL);`
	got, report, err := write(t, script,
		extract.Options{Tables: []string{"org", "m"}, Keys: extract.Natural})
	if err != nil || !report.Proven {
		t.Fatal(err)
	}
	for _, want := range []string{
		`((SELECT "id" FROM "org" WHERE "slug" = 'a'), 'ada');`,
		`((SELECT "id" FROM "org" WHERE "domain" = 'b.org'), 'bob');`,
		`(3, 'cid');`, `(NULL, 'eve');`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	want := []extract.LiteralReference{{
		Table: "m", Columns: []string{"org"}, Parent: "org", Rows: 2,
		Why: "there, a row of org has NULL in each other unique key, or is missing",
	}}
	if diff := cmp.Diff(want, report.Literals); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNaturalKeysSayWhatStaysLiteral checks that no text key is reported that is its table's only
// key.
func TestNaturalKeysSayWhatStaysLiteral(t *testing.T) {
	const script = `CREATE TABLE country(code TEXT PRIMARY KEY);
		CREATE TABLE nameless(id INTEGER PRIMARY KEY, x);
		CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL,
			boss INTEGER REFERENCES user, country TEXT REFERENCES country,
			nameless INTEGER REFERENCES nameless, head INTEGER REFERENCES team);
		CREATE TABLE team(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL,
			lead INTEGER REFERENCES user);
		INSERT INTO country VALUES ('de'); INSERT INTO nameless VALUES (5, 'x');
		INSERT INTO user VALUES (1, 'a', NULL, 'de', 5, NULL), (2, 'b', 1, 'de', NULL, 1);
		INSERT INTO team VALUES (1, 't', 2);`
	_, report, err := write(t, script, extract.Options{Keys: extract.Natural})
	if err != nil || !report.Proven {
		t.Fatal(err)
	}
	var got []string
	for _, l := range report.Literals {
		got = append(got, fmt.Sprint(l.Columns, " ", l.Parent, " ", l.Rows, ": ", l.Why))
	}
	want := []string{
		"[boss] user 1: a row of user may be inserted after the one that refers to it",
		"[nameless] nameless 1: nameless has no other unique key",
		"[head] team 1: rows of team are inserted after them",
	}
	sort := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(want, got, sort); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNaturalKeysFindRowsWithOtherIDs has migrations that insert the admin role with an id that the
// seed does not have.
func TestNaturalKeysFindRowsWithOtherIDs(t *testing.T) {
	tables, _, _ := strings.Cut(app, "INSERT INTO Role")
	first := tables + "INSERT INTO Role VALUES('other', 'admin');"
	dir := migrations(t, map[string]string{"1_init": first})
	got, report, err := write(t, app,
		extract.Options{Baseline: dir, Keys: extract.Natural, OnConflict: extract.Skip})
	if err != nil || !report.Proven {
		t.Fatal(err)
	}
	if strings.Contains(got, "r1") {
		t.Errorf("got %s, in which the seed's own id of the role is left", got)
	}
}

func TestRowsPerInsert(t *testing.T) {
	got, _, err := write(t, app, extract.Options{Tables: []string{"Log"}, RowsPerInsert: 2})
	want := "INSERT INTO \"Log\" (\"line\") VALUES\n('one'),\n('two');\n" +
		"INSERT INTO \"Log\" (\"line\") VALUES\n('three');\n"
	if err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestMaxStatementBytes(t *testing.T) {
	const longest = len("INSERT INTO \"Log\" (\"line\") VALUES\n('one'),\n('two');")
	for _, test := range []struct{ max, want int }{{longest, 2}, {longest - 1, 3}, {1000, 1}} {
		opts := extract.Options{
			Tables: []string{"Log"}, RowsPerInsert: 100, MaxStatementBytes: test.max,
		}
		got, _, err := write(t, app, opts)
		if err != nil || strings.Count(got, "INSERT") != test.want {
			t.Errorf("%d bytes: got %s, %v; want %d statements", test.max, got, err, test.want)
		}
		for statement := range strings.SplitSeq(got, ";\n") {
			if len(statement)+1 > test.max {
				t.Errorf("%d bytes: %s has %d", test.max, statement, len(statement)+1)
			}
		}
	}
}

func TestRowThatFitsNoStatement(t *testing.T) {
	_, _, err := write(t, app, extract.Options{Tables: []string{"Role"}, MaxStatementBytes: 40})
	want := &extract.TooLongError{Table: "Role", Key: "id = 'r1'", Bytes: 57, Max: 40}
	var long *extract.TooLongError
	if !errors.As(err, &long) || !strings.Contains(err.Error(), "no room") {
		t.Fatalf("got %v, want a TooLongError", err)
	}
	long.Err = nil
	if !cmp.Equal(want, long) {
		t.Errorf("got %v, want %v", long, want)
	}
}

// TestProofFindsWhatTriggersDo has migrations with a trigger that changes the inserted rows.
func TestProofFindsWhatTriggersDo(t *testing.T) {
	for _, body := range []string{
		"UPDATE Log SET line = 'changed'", "INSERT INTO Log VALUES('more')", "DELETE FROM Log",
	} {
		dir := migrations(t, map[string]string{
			"1_init": "CREATE TABLE Log(line); " +
				"CREATE TRIGGER tr AFTER INSERT ON Log BEGIN " + body + "; END;",
			"2_seed": "",
		})
		_, err := extract.Into(t.Context(),
			filepath.Join(dir, "2_seed", "migration.sql"), "test.sql",
			extract.Options{Script: strings.NewReader("INSERT INTO Log VALUES('one');")})
		var proof *extract.ProofError
		const want = "triggers fire when rows are inserted: tr"
		if !errors.As(err, &proof) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want a ProofError that names the trigger", body, err)
		}
	}
}

// TestProofRunsMigrationsInOrder has two later migrations. One adds a column, so that the earlier
// migration can be seeded. The other drops the table, so that the earlier migration cannot be
// seeded.
func TestProofRunsMigrationsInOrder(t *testing.T) {
	const create = "CREATE TABLE Log(line);"
	for later, want := range map[string]bool{
		"ALTER TABLE Log ADD COLUMN n INT;": true, "DROP TABLE Log;": false,
	} {
		dir := migrations(t, map[string]string{"1_init": create, "2_later": later})
		_, err := extract.Into(t.Context(),
			filepath.Join(dir, "1_init", "migration.sql"), "test.sql",
			extract.Options{Script: strings.NewReader(create + "INSERT INTO Log VALUES('one');")})
		if (err == nil) != want {
			t.Errorf("%s: got %v", later, err)
		}
	}
}
