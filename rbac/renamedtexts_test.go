package rbac_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// namesInTexts has a table of roles, and users with the names of their roles in a text.
const namesInTexts = `
	CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE users(id INTEGER PRIMARY KEY, login TEXT UNIQUE, role TEXT);
	CREATE TABLE permissions(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE role_permissions(role_id INTEGER REFERENCES roles,
		permission_id INTEGER REFERENCES permissions, PRIMARY KEY(role_id, permission_id));`

// heldTexts lists the texts of the users.
const heldTexts = "SELECT login || ' ' || typeof(role) || ' ' || hex(role) FROM users ORDER BY id"

// TestRenamedTextsKeepAllBytes has texts that no app writes. A name in them is renamed or left
// alone, and no byte beside it is lost.
func TestRenamedTextsKeepAllBytes(t *testing.T) {
	const rows = `
		INSERT INTO roles VALUES(1, 'user');
		INSERT INTO users VALUES(1, 'nul', 'user,a' || char(0) || 'bcd'),
			(2, 'invalid', CAST(x'757365722CFF' AS TEXT)), (3, 'empty', ',,user,'),
			(4, 'last', 'a' || char(0) || ',user'), (5, 'blob', x'75736572'), (6, 'plain', 'user');`
	p := rbac.Policy{Roles: []rbac.Role{{Name: "member", Formerly: []string{"user"}}}}
	const others = "invalid text 6D656D6265722CFF\nempty text 2C2C6D656D6265722C\n"
	const wantApply = "nul text 6D656D6265722C6100626364\n" + others +
		"last text 61002C6D656D626572\nblob blob 75736572\nplain text 6D656D626572\n"
	db := testdb.Make(t, "wal", namesInTexts+rows)
	got, err := applied(t, p, db, rbac.ApplyOptions{}, heldTexts)
	if diff := cmp.Diff(wantApply, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
	const wantSQL = "nul text 757365722C6100626364\n" + others +
		"last text 61002C75736572\nblob blob 75736572\nplain text 6D656D626572\n"
	db = testdb.Make(t, "wal", namesInTexts+rows)
	sqlOn(t, p, schemaFile(t, namesInTexts), db, rbac.SQLOptions{})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	if diff := cmp.Diff(wantSQL, testdb.Text(t, c, heldTexts)); diff != "" {
		t.Errorf("sql: %s", diff)
	}
}

// TestEmptyFormerName renames a role whose stored name is empty. A user with an empty text has no
// role, before and after.
func TestEmptyFormerName(t *testing.T) {
	const rows = `
		INSERT INTO roles VALUES(1, ''), (2, 'admin');
		INSERT INTO users VALUES(1, 'none', ''), (2, 'gap', 'admin,,x'), (3, 'all', 'admin');`
	p := rbac.Policy{Roles: []rbac.Role{
		{Name: "admin"}, {Name: "chief", Formerly: []string{""}},
	}}
	const want = "role chief\nrole admin\n" +
		"none text \ngap text 61646D696E2C2C78\nall text 61646D696E\n"
	const query = "SELECT name FROM (SELECT 'role ' || name AS name FROM roles ORDER BY id) " +
		"UNION ALL SELECT * FROM (" + heldTexts + ")"
	db := testdb.Make(t, "wal", namesInTexts+rows)
	got, err := applied(t, p, db, rbac.ApplyOptions{}, query)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("apply: %v %s", err, diff)
	}
	db = testdb.Make(t, "wal", namesInTexts+rows)
	sqlOn(t, p, schemaFile(t, namesInTexts), db, rbac.SQLOptions{})
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	if diff := cmp.Diff(want, testdb.Text(t, c, query)); diff != "" {
		t.Errorf("sql: %s", diff)
	}
}
