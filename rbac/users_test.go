package rbac_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

func TestUser(t *testing.T) {
	path := epicStack(t, `
		INSERT INTO User(id, email, username, updatedAt) VALUES
			('kody', 'k@example.com', 'k', 0), ('u5', 'quote''"@x', 'ä', 0);`)
	d := open(t, path, rbac.Layout{})
	tests := []struct{ title, name, wantID, wantError string }{
		{"email", "ann@example.com", "u2", ""},
		{"username", "ann", "u2", ""},
		{"id", "u2", "u2", ""},
		{"quotes", `quote'"@x`, "u5", ""},
		{"two users", "kody", "",
			`more than one user is named "kody": those with the ids "kody", "u1"`},
		{"another case", "Ann@example.com", "",
			`no user is named "Ann@example.com" (did you mean "ann@example.com"?)`},
		{"misspelt", "bobb", "", `no user is named "bobb" (did you mean "bob"?)`},
		{"far from all", "frobnicate", "", `no user is named "frobnicate"`},
		{"SQL", "' OR 1 --", "", `no user is named "' OR 1 --"`},
		{"empty", "", "", `no user is named ""`},
		{"a pattern", "%", "", `no user is named "%"`},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			u, err := d.User(tt.name)
			if u.ID != tt.wantID || fmt.Sprint(err) != tt.wantError && err != nil {
				t.Errorf("user %q, error %v; want %q, %s", u.ID, err, tt.wantID, tt.wantError)
			}
			if (err == nil) != (tt.wantError == "") {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
		})
	}
}

// The case of a name must count even if the column ignores it.
func TestUserIgnoresCollation(t *testing.T) {
	d := open(t, testdb.Make(t, "DELETE", `
		CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT);
		CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE,
			role_id INTEGER REFERENCES roles);
		INSERT INTO users VALUES(1, 'Ann@Example.com', NULL), (2, 'ann@example.com', NULL);`),
		rbac.Layout{})
	u, err := d.User("ann@example.com")
	if err != nil || u.ID != "2" {
		t.Errorf("user %q, error %v; want 2", u.ID, err)
	}
}

func TestUsers(t *testing.T) {
	d := open(t, testdb.Make(t, "WAL", django+`
		INSERT INTO auth_user_groups VALUES(2, 3, 2), (3, 3, 1);
		INSERT INTO auth_user_user_permissions VALUES(2, 3, 1);`), rbac.Layout{})
	var got []string
	for u, err := range d.Users() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(u.ID, u.Name, u.Roles, u.Direct, u.Superuser))
	}
	want := []string{"1root[] [] true", "2ann[Editors] [] false",
		"3bob@example.com[Editors Nobody] [add_user:auth.user delete_note:notes.note] false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	var with []string
	for h, err := range d.UsersWith(rbac.Policy{}, "delete_note:notes.note") {
		if err != nil {
			t.Fatal(err)
		}
		with = append(with, h.User.ID+" "+strings.Join(texts(h.Reasons), ", "))
	}
	want = []string{"1 superuser", "2 Editors delete_note:notes.note",
		"3 Editors delete_note:notes.note, direct delete_note:notes.note"}
	if diff := cmp.Diff(want, with); diff != "" {
		t.Errorf("users with the check (-want +got):\n%s", diff)
	}
}

// A database in use must be read in one snapshot: what the app writes after Open is not seen, and
// the app can write meanwhile.
func TestOpenOneSnapshot(t *testing.T) {
	path := epicStack(t, "")
	app := testdb.Connect(t, path, sqlite.ReadWrite)
	testdb.Execute(t, app, "INSERT INTO User(id, email, username, updatedAt) "+
		"VALUES('u4', 'in@wal.dev', 'in', 0)")
	d := open(t, path, rbac.Layout{})
	testdb.Execute(t, app, `DELETE FROM _RoleToUser; DELETE FROM Role;
		INSERT INTO User(id, email, username, updatedAt) VALUES('u9', 'late@x', 'late', 0)`)
	var names []string
	for u, err := range d.Users() {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, u.Name+" "+strings.Join(u.Roles, ","))
	}
	want := []string{"kody@kcd.dev admin,user", "ann@example.com user", "bob@example.com ",
		"in@wal.dev "}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

// Memory must not grow with the number of users.
func TestUsersFlatMemory(t *testing.T) {
	peak := func(users int) uint64 {
		d := open(t, epicStack(t, fmt.Sprintf(`
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO User(id, email, username, updatedAt)
				SELECT 'x' || i, 'x' || i || '@example.com', 'x' || i, 0 FROM n;
			INSERT INTO _RoleToUser SELECT 'r2', id FROM User WHERE id LIKE 'x%%';`, users)),
			rbac.Layout{})
		var most uint64
		n := 0
		for _, err := range d.Users() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n%(users/4) == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
		return most
	}
	few, many := peak(400), peak(40_000)
	if many > few+(1<<20) {
		t.Errorf("%d bytes for 40,000 users and %d for 400, want about as many", many, few)
	}
}

// Names of tables and columns may be anything that SQLite allows.
func TestOpenHostileTables(t *testing.T) {
	path := testdb.Make(t, "DELETE", `
		CREATE TABLE "ro""le'; --"("i d" INTEGER PRIMARY KEY, "na""me" TEXT);
		CREATE TABLE "us
er"("select" INTEGER PRIMARY KEY, "[e]" TEXT, "is ""super""" TEXT);
		CREATE TABLE "m"("r]" INTEGER, "u.u" INTEGER, "kind""" TEXT);
		INSERT INTO "ro""le'; --" VALUES(1, 'x'), (2, 'y');
		INSERT INTO "us
er" VALUES(1, 'ann', 'false'), (2, 'bob', 'true');
		INSERT INTO m VALUES(1, 1, 'it''s'), (2, 1, 'other'), (1, 2, 'it''s');`)
	d := open(t, path, rbac.Layout{
		Roles: rbac.RoleTable{Table: `ro"le'; --`, ID: "i d", Name: `na"me`},
		Members: rbac.JoinTable{Table: "m", Role: "r]", User: "u.u",
			Where: map[string]string{`kind"`: "it's"}},
		Users: rbac.UserTable{Table: "us\ner", ID: "select", Names: []string{"[e]"},
			Superuser: `is "super"`},
	})
	var got []string
	for u, err := range d.Users() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(u.Name, u.Roles, u.Superuser))
	}
	if diff := cmp.Diff([]string{"ann[x] false", "bob[x] true"}, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}
