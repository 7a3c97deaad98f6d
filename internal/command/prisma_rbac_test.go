package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
)

// rolesPolicy is the Epic Stack's policy, with a name that the role user may have had.
const rolesPolicy = `actions: [create, read, update, delete]
entities: [user, note]
accesses: [own, any]
roles:
  admin: { grants: ["*:*:any"] }
  user: { formerly: [customer], grants: ["*:*:own"] }
`

// appUsers are users with roles.
const appUsers = `
INSERT INTO User (id, email, username, updatedAt) VALUES
	('u1', 'a@example.com', 'admin', 0), ('u2', 'u@example.com', 'user', 0),
	('u3', 'b@example.com', 'both', 0), ('u4', 'n@example.com', 'none', 0);
INSERT INTO _RoleToUser SELECT r.id, u.id FROM Role r, User u
	WHERE u.username = r.name OR u.username = 'both' AND r.name IN ('admin', 'user');
`

// otherIDs gives the rows other ids, and the database two roles of its own, one with members.
const otherIDs = `
PRAGMA foreign_keys = ON;
UPDATE Role SET id = 'other-role-' || rowid;
UPDATE Permission SET id = 'other-permission-' || rowid;
INSERT INTO Role (id, name, updatedAt) VALUES ('m', 'moderator', 0), ('g', 'it''s a "guest"', 0);
INSERT INTO _RoleToUser VALUES ('m', 'u1'), ('m', 'u4');
INSERT INTO _PermissionToRole SELECT id, 'm' FROM Permission
	WHERE action = 'read' AND entity = 'user';
`

// tampering takes a grant away, adds one, and renames a role.
const tampering = `
DELETE FROM _PermissionToRole WHERE
	A = (SELECT id FROM Permission WHERE action = 'read' AND entity = 'note' AND access = 'any') AND
	B = (SELECT id FROM Role WHERE name = 'admin');
INSERT INTO _PermissionToRole SELECT p.id, r.id FROM Permission p, Role r
	WHERE p.action = 'delete' AND p.entity = 'note' AND p.access = 'any' AND r.name = 'user';
UPDATE Role SET name = 'customer' WHERE name = 'user';
`

// TestPrismaRBAC changes the roles in a database that the real Prisma made, finds exactly these
// changes, and takes them back: by a migration, which the real Prisma deploys, and by apply. The
// real client then answers as at first, and other roles are as they were.
func TestPrismaRBAC(t *testing.T) {
	prisma := authority.Prisma(t)
	scripts := map[string]string{"ids of the migrations": "", "other ids": otherIDs}
	ways := map[string]func(*testing.T, *authority.Project, string){
		"sql": bringBackBySQL, "apply": bringBackByApply,
	}
	for name, script := range scripts {
		for way, bringBack := range ways {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				writeMigrations(t, dir)
				writeFile(t, dir, policyFile, rolesPolicy)
				deploy(t, prisma, dir, "production.db")
				db := filepath.Join(dir, "production.db")
				execScript(t, db, appUsers+script)

				var left []string // differences that a policy leaves
				if script != "" {
					left = []string{"unknown role: moderator (2 users)"}
				}
				checkRolesDiffer(t, dir, left)
				checkAnswers(t, prisma, dir, "")
				own := rolesIn(t, dir)

				execScript(t, db, tampering)
				checkRolesDiffer(t, dir, append([]string{
					"extra grant: user has delete:note:any (2 users)",
					"renamed role: customer is now called user (2 users)",
					"missing grant: admin lacks read:note:any",
				}, left...))
				checkAnswers(t, prisma, dir, "user")

				bringBack(t, prisma, dir)
				checkRolesDiffer(t, dir, left)
				checkAnswers(t, prisma, dir, "")
				if diff := cmp.Diff(own, rolesIn(t, dir)); diff != "" {
					t.Errorf("roles (-at first +brought back):\n%s", diff)
				}
			})
		}
	}
}

// checkRolesDiffer holds what diff finds.
func checkRolesDiffer(t *testing.T, dir string, want []string) {
	t.Helper()
	cmd := seedkit(t, dir, "rbac", "diff", "--db", "production.db")
	r := end(t, cmd, cmd.Run)
	code := exitDone
	if len(want) > 0 {
		code = exitDiffers
	}
	got := strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n")
	if r.stdout == "" {
		got = nil
	}
	if diff := cmp.Diff(want, got); diff != "" || r.code != code {
		t.Errorf("exit code %d, want %d; differences (-want +got):\n%s%s",
			r.code, code, diff, r.stderr)
	}
}

// checkAnswers holds what the app says of each user: the table of the Epic Stack. The role that
// may do too much is named, if there is one.
func checkAnswers(t *testing.T, prisma *authority.Project, dir, tooMuch string) {
	t.Helper()
	table := map[string]string{ // the users who pass
		"delete:note:own": "user both", "delete:note:any": "admin both",
		"delete:note": "admin user both", "delete:note:own,any": "admin user both",
		"Delete:note:own": "", "delete:note:ANY": "", "*:note:any": "",
		"create,delete:note:any": "",
	}
	if tooMuch != "" {
		table["delete:note:any"] = "admin user both"
	}
	var checks []string
	for check := range table {
		checks = append(checks, check)
	}
	var got map[string]map[string]struct{ Server, Page bool }
	if err := json.Unmarshal(runClient(t, prisma, dir, "checks.mjs", checks...), &got); err != nil {
		t.Fatal(err)
	}
	for check, users := range table {
		for _, user := range []string{"admin", "user", "both", "none"} {
			want := strings.Contains(" "+users+" ", " "+user+" ")
			if a := got[user][check]; a.Server != want || a.Page != want {
				t.Errorf("%s asks %s: the app says %+v, want %v", user, check, a, want)
			}
		}
	}
}

// bringBackBySQL deploys a migration of rbac sql, twice.
func bringBackBySQL(t *testing.T, prisma *authority.Project, dir string) {
	t.Helper()
	do(t, dir, "rbac", "sql", "--revoke", "--new", "roles", "--dir", "prisma/migrations")
	deploy(t, prisma, dir, "production.db")
	content := rowsOf(t, dir, "production.db")
	script := do(t, dir, "rbac", "sql", "--revoke").stdout
	execScript(t, filepath.Join(dir, "production.db"), script)
	if diff := cmp.Diff(content, rowsOf(t, dir, "production.db")); diff != "" {
		t.Errorf("a second run changes rows:\n%s", diff)
	}
}

// bringBackByApply runs rbac apply, twice.
func bringBackByApply(t *testing.T, _ *authority.Project, dir string) {
	t.Helper()
	do(t, dir, "rbac", "apply", "--revoke", "--to", "production.db", "--yes")
	files := filesIn(t, dir)
	before, err := os.ReadFile(filepath.Join(dir, "production.db"))
	if err != nil {
		t.Fatal(err)
	}
	do(t, dir, "rbac", "apply", "--revoke", "--to", "production.db", "--yes")
	after, err := os.ReadFile(filepath.Join(dir, "production.db"))
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) || !cmp.Equal(files, filesIn(t, dir)) {
		t.Error("a second run changes the database, or makes a backup")
	}
}

// rolesIn returns the rows of roles, of their grants and of their members.
func rolesIn(t *testing.T, dir string) map[string][]string {
	t.Helper()
	rows := rowsOf(t, dir, "production.db")
	return map[string][]string{
		"Role": rows["Role"], "grants": rows["_PermissionToRole"], "members": rows["_RoleToUser"],
	}
}
