package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const scriptRows = blog + `
	INSERT INTO Role VALUES('r1', 'admin'), ('r2', 'user');
	INSERT INTO User VALUES('u1', 'ada@example.com', NULL, NULL, 1, 1, NULL, NULL, 0);
	INSERT INTO Country VALUES('de', 'Germany', 1, 1)`

// TestNamesOfRowsThatAreThere checks that files name rows of the schema's scripts by a unique
// value, and that a fixture with that name comes first.
func TestNamesOfRowsThatAreThere(t *testing.T) {
	d := write(t, fromFiles(t, scriptRows, map[string]string{
		"a.yaml": "User:\n  bob:\n    email: bob@example.com\n    Role: [admin, user]\n" +
			"    Note: {editorId: $ref(ada@example.com), title: a}\n" +
			"  eve: {Role: admin}\nRole:\n  user: {name: guest}\n",
	}))
	want := []string{"admin|r1", "guest|" + d.one("SELECT id FROM Role WHERE name = 'guest'")}
	got := d.query("SELECT Role.name, A FROM RoleUser "+
		"JOIN Role ON Role.id = A JOIN User ON User.id = B WHERE email = ? ORDER BY 1",
		"bob@example.com")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for query, want := range map[string]string{
		"SELECT editorId FROM Note":     "u1",
		"SELECT count(*) FROM Role":     "3",
		"SELECT count(*) FROM RoleUser": "3",
		"SELECT count(*) FROM User":     "3",
	} {
		if got := d.one(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestNamesOfNoRow(t *testing.T) {
	got := fileMistakes(t, scriptRows, map[string]string{
		"a.yaml": "User:\n  bob:\n    Role: [admni, user]\n    Note: {editorId: $ref(nobody)}\n" +
			"    Session: {id: '$ref(Country, de)'}\n",
	})
	const there = ", and which no row of the schema's scripts has as its name"
	want := []string{
		`a.yaml:3:12: User/bob/RoleUser/Role/admni: column "A" refers to Role/admni, which no ` +
			"fixture declares" + there + " (did you mean admin?)",
		`a.yaml:4:22: User/bob/Note: column "editorId" refers to User/nobody, which no fixture ` +
			"declares" + there,
		`a.yaml:5:19: User/bob/Session: column "id" refers to Country/de, which no fixture ` +
			"declares",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
