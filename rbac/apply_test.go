package rbac_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
	"github.com/seedkit/seedkit/rbac"
)

// applied applies a policy, and returns the result of a query on the database then.
func applied(
	t *testing.T, p rbac.Policy, db string, opts rbac.ApplyOptions, query string,
) (string, error) {
	t.Helper()
	opts.Now = testdb.Now
	_, err := rbac.Apply(t.Context(), p, db, opts)
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	return testdb.Text(t, c, query), err
}

// grants lists what each role of the Epic Stack may do.
const grants = `SELECT r.name || ' ' || group_concat(p.action || ':' || p.entity || ':' || p.access,
		' ' ORDER BY p.entity, p.access, p.action)
	FROM Role r JOIN _PermissionToRole ON B = r.id JOIN Permission p ON A = p.id
	GROUP BY r.id ORDER BY r.name`

// small is a policy of few grants for the database of the Epic Stack.
func small(roles ...rbac.Role) rbac.Policy {
	p := rbac.EpicStack()
	p.Roles = roles
	return p
}

func TestApplyTakesGrantsOnlyIfAsked(t *testing.T) {
	p := small(rbac.Role{Name: "admin", Grants: []rbac.Grant{"read:note:own"}},
		rbac.Role{Name: "user", Grants: []rbac.Grant{"read:note:own"}})
	const own = "create:note:own delete:note:own read:note:own update:note:own " +
		"create:user:own delete:user:own read:user:own update:user:own"
	anys := strings.ReplaceAll(own, ":own", ":any")
	admin := strings.Replace(anys, "create:user", "read:note:own create:user", 1)
	got, err := applied(t, p, epicStack(t, ""), rbac.ApplyOptions{}, grants)
	if diff := cmp.Diff("admin "+admin+"\nuser "+own+"\n", got); diff != "" || err != nil {
		t.Errorf("without: %v %s", err, diff)
	}
	got, err = applied(t, p, epicStack(t, ""), rbac.ApplyOptions{Revoke: true}, grants)
	const want = "admin read:note:own\nuser read:note:own\n"
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("with: %v %s", err, diff)
	}
}

// TestApplyTakesGrantsOfFormerNames renames a role and takes its grants by one change.
func TestApplyTakesGrantsOfFormerNames(t *testing.T) {
	for _, former := range []string{"people", "", "it's"} {
		t.Run(former, func(t *testing.T) {
			p := small(rbac.Role{Name: "admin", Grants: []rbac.Grant{"read:note:any"}},
				rbac.Role{
					Name: "user", Formerly: []string{former}, Grants: []rbac.Grant{"read:note:own"},
				})
			name := strings.ReplaceAll(former, "'", "''")
			db := epicStack(t, "UPDATE Role SET name = '"+name+"' WHERE id = 'r2'")
			got, err := applied(t, p, db, rbac.ApplyOptions{Revoke: true}, grants)
			const want = "admin read:note:any\nuser read:note:own\n"
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

// TestApplyLeavesOthersAlone has a role with users that the policy does not name, and one that
// users had before somebody renamed it by hand.
func TestApplyLeavesOthersAlone(t *testing.T) {
	db := epicStack(t, `
		INSERT INTO Role(id, name, updatedAt) VALUES('r9', 'owner''s', 0);
		INSERT INTO _RoleToUser VALUES('r9', 'u3');
		INSERT INTO _PermissionToRole VALUES('p1', 'r9');
		UPDATE Role SET name = 'people' WHERE id = 'r2';`)
	got, err := applied(t, rbac.EpicStack(), db, rbac.ApplyOptions{Revoke: true},
		`SELECT name || ' ' || (SELECT count(*) FROM _RoleToUser WHERE A = r.id) || ' ' ||
			(SELECT count(*) FROM _PermissionToRole WHERE B = r.id) FROM Role r ORDER BY name`)
	want := "admin 1 8\nowner's 1 1\npeople 2 8\nuser 0 8\n"
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestApplyKeeps(t *testing.T) {
	weak := rbac.Role{Name: "admin", Grants: []rbac.Grant{"read:note:any"}}
	user := rbac.Role{Name: "user", Grants: []rbac.Grant{"*:*:own"}}
	tests := []struct {
		name   string
		policy rbac.Policy
		keep   []rbac.Check
		more   string // statements before
		want   *rbac.KeepError
	}{
		{name: "the strongest role has users", policy: small(weak, user)},
		{
			name: "a check that nobody passes then", policy: small(weak, user),
			keep: []rbac.Check{"read:note:any", "delete:user:own"},
			more: "UPDATE _RoleToUser SET B = 'u3' WHERE A = 'r2' AND B = 'u1'",
			want: &rbac.KeepError{
				Checks: []rbac.Check{"read:note:any", "delete:user:own"}, Users: 3,
			},
		},
		{
			name: "one user with two roles", policy: small(weak, user),
			keep: []rbac.Check{"read:note:any", "delete:user:own"},
		},
		{
			name: "no users", policy: small(weak, user), keep: []rbac.Check{"delete:user:own"},
			more: "DELETE FROM User",
		},
		{
			name: "nobody has the strongest role before either", policy: small(weak, user,
				rbac.Role{Name: "owner", Grants: []rbac.Grant{"*:*:*"}}),
			more: "DELETE FROM _RoleToUser WHERE A = 'r2'",
		},
		{
			name:   "everybody loses the strongest role's grants",
			policy: small(weak, user, rbac.Role{Name: "owner", Grants: []rbac.Grant{"*:*:any"}}),
			want: &rbac.KeepError{
				Checks: []rbac.Check{
					"create:user:any", "read:user:any", "update:user:any", "delete:user:any",
					"create:note:any", "read:note:any", "update:note:any", "delete:note:any",
				}, Before: 1, Users: 3,
			},
			more: "SELECT 1",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.policy.Keep = test.keep
			if test.want != nil && test.more == "SELECT 1" {
				test.policy.Roles[1].Grants = []rbac.Grant{"read:note:own"}
			}
			db := epicStack(t, test.more)
			before := whole(t, db)
			opts := rbac.ApplyOptions{Revoke: true}
			opts.Confirm = func(apply.Plan) (bool, error) {
				if test.want != nil {
					t.Error("asked")
				}
				return true, nil
			}
			_, err := applied(t, test.policy, db, opts, "SELECT 1")
			if test.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			got, _ := errors.AsType[*rbac.KeepError](err)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			if diff := cmp.Diff(before, whole(t, db)); diff != "" {
				t.Errorf("changed %s", diff)
			}
		})
	}
}

// TestApplyKeepsWhileAsked lets the last admin leave while the question is open.
func TestApplyKeepsWhileAsked(t *testing.T) {
	db := epicStack(t, "UPDATE Role SET name = 'people' WHERE id = 'r2'")
	opts := rbac.ApplyOptions{}
	opts.Confirm = func(apply.Plan) (bool, error) {
		testdb.Change(t, db, "DELETE FROM _RoleToUser WHERE A = 'r1'")
		return true, nil
	}
	got, err := applied(t, rbac.EpicStack(), db, opts, "SELECT count(*) FROM _PermissionToRole")
	if _, ok := errors.AsType[*rbac.KeepError](err); !ok || got != "16\n" {
		t.Errorf("got %v, %s", err, got)
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name   string
		path   string
		layout rbac.Layout
		policy rbac.Policy
		cause  error
		want   string
	}{
		{
			name: "a role that is there twice", policy: small(rbac.Role{Name: "admin"}),
			path: epicStack(t, `DROP INDEX Role_name_key;
				INSERT INTO Role(id, name, updatedAt) VALUES('r7', 'admin', 0)`),
			cause: rbac.ErrTwice, want: `role "admin": the database has the role twice`,
		},
		{
			name: "two former names",
			policy: small(rbac.Role{
				Name: "all", Formerly: []string{"admin", "user"},
				Grants: []rbac.Grant{"read:note:own"},
			}),
			path: epicStack(t, "DELETE FROM _PermissionToRole"), cause: rbac.ErrTwice,
			want: `role "all": the database has the role twice, by former names`,
		},
		{
			name: "a column without a value", policy: small(rbac.Role{Name: "new"}),
			path: testdb.Make(t, "wal", `
				CREATE TABLE roles(id INTEGER PRIMARY KEY, name TEXT UNIQUE, tenant TEXT NOT NULL);
				CREATE TABLE users(id INTEGER PRIMARY KEY, role_id INTEGER REFERENCES roles);`),
			want: "a new row needs a value for roles.tenant, which a policy does not give",
		},
		{
			name: "triggers without consent", policy: small(rbac.Role{Name: "new"}),
			path: epicStack(t, "CREATE TRIGGER log AFTER INSERT ON Role BEGIN SELECT 1; END"),
			want: "the rows would fire triggers of the target: log (on Role)",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := whole(t, test.path)
			revoke := rbac.ApplyOptions{Revoke: true}
			_, err := applied(t, test.policy, test.path, revoke, "SELECT 1")
			if err == nil || err.Error() != test.want ||
				test.cause != nil && !errors.Is(err, test.cause) {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
			if diff := cmp.Diff(before, whole(t, test.path)); diff != "" {
				t.Errorf("changed %s", diff)
			}
		})
	}
}

// TestApplyWhileOthersWrite lets an app make the same role, and a grant go, while the question is
// open.
func TestApplyWhileOthersWrite(t *testing.T) {
	for name, sql := range map[string]string{
		"the same role":  "INSERT INTO Role(id, name, updatedAt) VALUES('r8', 'editor', 0)",
		"a grant goes":   "DELETE FROM _PermissionToRole WHERE A = 'p1'",
		"a role renamed": "UPDATE Role SET name = 'chief' WHERE id = 'r1'",
	} {
		t.Run(name, func(t *testing.T) {
			p := small(
				rbac.Role{
					Name: "boss", Formerly: []string{"admin"}, Grants: []rbac.Grant{"read:*:any"},
				},
				rbac.Role{Name: "user"},
				rbac.Role{Name: "editor", Grants: []rbac.Grant{"*:note:any"}})
			p.Keep = []rbac.Check{"read:note:any"}
			db := epicStack(t, "")
			var theirs string
			opts := rbac.ApplyOptions{Revoke: true}
			opts.Confirm = func(apply.Plan) (bool, error) {
				testdb.Change(t, db, sql)
				theirs = whole(t, db)
				return true, nil
			}
			_, err := applied(t, p, db, opts, "SELECT 1")
			if err == nil {
				t.Error("it went through")
			}
			if diff := cmp.Diff(theirs, whole(t, db)); diff != "" {
				t.Errorf("changed %s", diff)
			}
		})
	}
}

// TestApplyTimes gives new rows the present time in the form that the column has.
func TestApplyTimes(t *testing.T) {
	for form, want := range map[string]string{
		"1700000000000":                   "integer 1735787045000",
		"'2025-01-01T00:00:00.000+00:00'": "text 2025-01-02T03:04:05.000+00:00",
		"'2025-01-01 00:00:00'":           "text 2025-01-02 03:04:05",
	} {
		t.Run(form, func(t *testing.T) {
			db := epicStack(t, "UPDATE Role SET createdAt = "+form+", updatedAt = "+form)
			got, err := applied(t, small(rbac.Role{Name: "new"}), db, rbac.ApplyOptions{},
				"SELECT typeof(createdAt) || ' ' || createdAt FROM Role WHERE name = 'new'")
			if got != want+"\n" || err != nil {
				t.Errorf("got %v %s, want %s", err, got, want)
			}
		})
	}
}
