package extract_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
)

const accounts = `CREATE TABLE account (
		id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''),
		owner INT REFERENCES account);
	CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account(id));
	INSERT INTO account VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2);
	INSERT INTO users VALUES (1, 2), (2, 2), (3, 3);`

// TestParentsLeftOut extracts children whose parents are left out. The proof must assume that the
// parents exist, and the report must name them.
func TestParentsLeftOut(t *testing.T) {
	const want = `INSERT INTO "users" ("id", "account_id") VALUES (1, 2);
INSERT INTO "users" ("id", "account_id") VALUES (2, 2);
INSERT INTO "users" ("id", "account_id") VALUES (3, 3);
`
	needs := []extract.Need{{Table: "account", Rows: 2, Keys: []string{"id = 2", "id = 3"}}}
	tests := []struct {
		name, script string
		opts         extract.Options
		needs        []extract.Need
	}{
		{"--table", accounts, extract.Options{Tables: []string{"users"}}, needs},
		{"--exclude", accounts, extract.Options{Exclude: []string{"ACC*"}}, needs},
		{"without a proof", accounts,
			extract.Options{Tables: []string{"users"}, NoProof: true}, needs},
		{"a deferred reference",
			strings.Replace(accounts,
				"account(id)", "account(id) DEFERRABLE INITIALLY DEFERRED", 1),
			extract.Options{Tables: []string{"users"}}, needs},
		{"a parent that the seed lacks, too", strings.Replace(accounts, ", (3, 'c', 2)", "", 1),
			extract.Options{Exclude: []string{"account"}}, needs},
		{"a trigger does not fire for rows that are given",
			accounts + `CREATE TRIGGER more AFTER INSERT ON account
			BEGIN INSERT INTO users VALUES (new.id + 100, new.id); END;`,
			extract.Options{Tables: []string{"users"}}, needs},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, report, err := write(t, test.script, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			diff := cmp.Diff(test.needs, report.Needs)
			if diff != "" || report.Proven == test.opts.NoProof {
				t.Errorf("proven %v, (-want +got)\n%s", report.Proven, diff)
			}
		})
	}
}

// TestLeftOutParentsAlone checks that a broken reference to an extracted table is an error, even if
// the table of another parent is left out.
func TestLeftOutParentsAlone(t *testing.T) {
	script := accounts +
		"CREATE TABLE note (id INTEGER PRIMARY KEY, user INT NOT NULL REFERENCES users); " +
		"INSERT INTO note VALUES (1, 77);"
	out, _, err := write(t, script, extract.Options{Exclude: []string{"account"}})
	var proof *extract.ProofError
	if !errors.As(err, &proof) || out != "" {
		t.Errorf("got %v and %q, want a ProofError", err, out)
	}
}

// TestParentsInTheBaseline checks that rows that the migrations insert are not needed.
func TestParentsInTheBaseline(t *testing.T) {
	baseline := filepath.Join(t.TempDir(), "baseline.sql")
	schema, _, _ := strings.Cut(accounts, "INSERT INTO users")
	put(t, baseline, strings.Replace(schema, ", (3, 'c', 2)", "", 1))
	_, report, err := write(t, accounts,
		extract.Options{Tables: []string{"users"}, Baseline: baseline})
	if err != nil {
		t.Fatal(err)
	}
	want := []extract.Need{{Table: "account", Rows: 1, Keys: []string{"id = 3"}}}
	if diff := cmp.Diff(want, report.Needs); diff != "" || !report.Proven {
		t.Errorf("proven %v, (-want +got)\n%s", report.Proven, diff)
	}
}

// TestGivenParentThatCannotBeThere has a baseline in which another row has one of the keys of the
// left-out parent.
func TestGivenParentThatCannotBeThere(t *testing.T) {
	const tables = `CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INT NOT NULL REFERENCES account);`
	baseline := filepath.Join(t.TempDir(), "baseline.sql")
	put(t, baseline, tables+"INSERT INTO account VALUES (9, 'a');")
	_, _, err := write(t,
		tables+"INSERT INTO account VALUES (1, 'a'); INSERT INTO users VALUES (1, 1);",
		extract.Options{Tables: []string{"users"}, Baseline: baseline})
	var proof *extract.ProofError
	const want = "its row with id = 1, which is left out, cannot be there"
	if !errors.As(err, &proof) || proof.Table != "account" ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a ProofError about account", err)
	}
}

// TestNaturalKeysOfParentsLeftOut writes references to given rows as natural keys.
func TestNaturalKeysOfParentsLeftOut(t *testing.T) {
	const script = `CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE grants (id INTEGER PRIMARY KEY, role INT REFERENCES role);
		INSERT INTO role VALUES (7, 'admin'); INSERT INTO grants VALUES (1, 7);`
	got, report, err := write(t, script,
		extract.Options{Tables: []string{"grants"}, Keys: extract.Natural})
	want := `INSERT INTO "grants" ("id", "role") VALUES (1, ` +
		`(SELECT "id" FROM "role" WHERE "name" = 'admin'));` + "\n"
	if err != nil || got != want || !report.Proven {
		t.Errorf("got %v, proven %v\n%s\nwant\n%s", err, report.Proven, got, want)
	}
}

// TestNaturalKeyThatFindsNothing has a row that gives way to a row of the migrations with another
// natural key, so that a reference to it would become NULL.
func TestNaturalKeyThatFindsNothing(t *testing.T) {
	const tables = `CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE grants (id INTEGER PRIMARY KEY, role INT REFERENCES role);`
	const other = tables + "INSERT INTO role VALUES (7, 'other');"
	dir := migrations(t, map[string]string{"1_init": other})
	const rows = "INSERT INTO role VALUES (7, 'admin'); INSERT INTO grants VALUES (1, 7);"
	out, _, err := write(t, tables+rows,
		extract.Options{Baseline: dir, Keys: extract.Natural, OnConflict: extract.Skip})
	var proof *extract.ProofError
	const want = "finds no row for role = 7"
	if !errors.As(err, &proof) || !strings.Contains(err.Error(), want) || out != "" {
		t.Errorf("got %v and %q, want a ProofError", err, out)
	}
}

// TestNaturalKeysOfParentsParents has natural keys that contain references to rows that are also
// given.
func TestNaturalKeysOfParentsParents(t *testing.T) {
	const script = `CREATE TABLE site (id INTEGER PRIMARY KEY, host TEXT NOT NULL UNIQUE);
		CREATE TABLE type (id INTEGER PRIMARY KEY, site INT NOT NULL REFERENCES site,
			model TEXT NOT NULL, UNIQUE (site, model));
		CREATE TABLE permission (id INTEGER PRIMARY KEY, type INT NOT NULL REFERENCES type,
			code TEXT NOT NULL, owner INT REFERENCES site, UNIQUE (type, code));
		CREATE TABLE item (id INTEGER PRIMARY KEY, permission INT NOT NULL REFERENCES permission);
		INSERT INTO site VALUES (5, 's'), (6, 'other'); INSERT INTO type VALUES (7, 5, 'item');
		INSERT INTO permission VALUES (30, 7, 'add', 6); INSERT INTO item VALUES (1, 30), (2, 30);`
	got, report, err := write(t, script,
		extract.Options{Tables: []string{"item"}, Keys: extract.Natural})
	const id = `(SELECT "id" FROM "permission" WHERE "type" = (SELECT "id" FROM "type" WHERE ` +
		`"site" = (SELECT "id" FROM "site" WHERE "host" = 's') ` +
		`AND "model" = 'item') AND "code" = 'add')`
	want := `INSERT INTO "item" ("id", "permission") VALUES (1, ` + id + ");\n" +
		`INSERT INTO "item" ("id", "permission") VALUES (2, ` + id + ");\n"
	if err != nil || got != want || !report.Proven {
		t.Errorf("got %v, proven %v\n%s\nwant\n%s", err, report.Proven, got, want)
	}
	needs := []extract.Need{
		{Table: "permission", Rows: 1, Keys: []string{"id = 30"}},
		{Table: "type", Rows: 1, Keys: []string{"id = 7"}},
		{Table: "site", Rows: 1, Keys: []string{"id = 5"}},
	}
	if diff := cmp.Diff(needs, report.Needs); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestIntoWithParentsLeftOut checks that the parents are needed when the migration runs.
func TestIntoWithParentsLeftOut(t *testing.T) {
	tables, _, _ := strings.Cut(accounts, "INSERT INTO account")
	dir := t.TempDir()
	put(t, filepath.Join(dir, "20250101000000_init", "migration.sql"), tables)
	path := filepath.Join(dir, "20250102000000_users", "migration.sql")
	put(t, path, "")
	opts := extract.Options{Script: strings.NewReader(accounts), Tables: []string{"users"}}
	edit, err := extract.Into(t.Context(), path, "test.sql", opts)
	if err != nil {
		t.Fatal(err)
	}
	want := []extract.Need{{Table: "account", Rows: 2, Keys: []string{"id = 2", "id = 3"}}}
	if diff := cmp.Diff(want, edit.Report.Needs); diff != "" || !edit.Report.Proven {
		t.Errorf("proven %v, (-want +got)\n%s", edit.Report.Proven, diff)
	}
	opts.Script = strings.NewReader(accounts)
	first := filepath.Join(dir, "20250101000000_init", "migration.sql")
	_, err = extract.Into(t.Context(), first, "test.sql", opts)
	var proof *extract.ProofError
	if !errors.As(err, &proof) {
		t.Errorf("in the migration that makes the tables: got %v, want a ProofError", err)
	}
}
