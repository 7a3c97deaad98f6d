package rbac_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

// answers are those to one check, of users by their roles.
type answers struct{ admin, user, both, none bool }

var (
	onlyUser  = answers{user: true, both: true}
	onlyAdmin = answers{admin: true, both: true}
	either    = answers{admin: true, user: true, both: true}
	nobody    = answers{}
)

// epicStackAnswers are the answers of an app made from the Epic Stack.
var epicStackAnswers = []struct {
	check rbac.Check
	want  answers
}{
	{"delete:note:own", onlyUser},
	{"delete:note:any", onlyAdmin},
	{"delete:note", either},
	{"delete:note:own,any", either},
	{"delete:note:any,own", either},
	{"delete:note:own,own", onlyUser},
	{"delete:note:any,elsewhere", onlyAdmin},
	{"delete:note:own, any", onlyUser}, // the access " any" is nobody's
	{"delete:note: own, any", nobody},
	{"delete:note: own", nobody},
	{"delete:note:own ", nobody},
	{" delete:note:own", nobody},
	{"Delete:note:own", nobody},
	{"delete:Note:own", nobody},
	{"delete:note:ANY", nobody},
	{"create,delete:note:any", nobody},
	{"delete:user,note:any", nobody},
	{"*:note:any", nobody},
	{"delete:*:any", nobody},
	{"delete:note:*", nobody},
	{`\delete:note:any`, nobody},
	{"delete:notes:any", nobody},
	{"delete:note\n:any", nobody},
	{"delete:note:%", nobody},
	{"create:user:any", onlyAdmin},
	{"read:note", either},
}

// TestAllows checks the answers of the policy. TestPrisma checks those of the app.
func TestAllows(t *testing.T) {
	policy := rbac.EpicStack()
	for _, tt := range epicStackAnswers {
		t.Run(string(tt.check), func(t *testing.T) {
			ask := func(roles ...string) bool {
				ok, err := policy.Allows(roles, tt.check)
				if err != nil {
					t.Error(err)
				}
				return ok
			}
			got := answers{ask("admin"), ask("user"), ask("user", "admin"), ask()}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if ask("Admin", "admin ", "", "*", "nobody") {
				t.Error("roles that the policy does not have pass")
			}
		})
	}
}

func TestCheckError(t *testing.T) {
	const shape = "; a check is action:entity or action:entity:access"
	policies := map[int]rbac.Policy{3: rbac.EpicStack(), 2: rbac.EpicStack(), 1: {
		Actions: []string{"delete"},
		Roles:   []rbac.Role{{Name: "admin", Grants: []rbac.Grant{"delete"}}},
	}}
	pairs := policies[2]
	pairs.Accesses, pairs.Roles = nil, []rbac.Role{{Name: "admin", Grants: []rbac.Grant{"*:*"}}}
	policies[2] = pairs
	tests := []struct {
		parts  int
		check  rbac.Check
		offset int
		want   string
	}{
		{3, "", 0, `check "", character 1: it is empty`},
		{3, "delete", 6, `check "delete", character 7: the entity is missing`},
		{3, ":", 0, `check ":", character 1: the action is missing`},
		{3, ":note", 0, `check ":note", character 1: the action is missing`},
		{3, "delete:", 7, `check "delete:", character 8: the entity is missing`},
		{3, "delete::any", 7, `check "delete::any", character 8: the entity is missing`},
		{3, "delete:note:", 12, `check "delete:note:", character 13: the access is missing`},
		{3, "delete:note:,any", 12, `check "delete:note:,any", character 13: an access is missing`},
		{3, "delete:note:any,", 16, `check "delete:note:any,", character 17: an access is missing`},
		{3, "delete:note:any:", 15, `check "delete:note:any:", character 16: a fourth part` +
			shape},
		{3, "delete:note:any:own", 15, `check "delete:note:any:own", character 16: a fourth part` +
			shape},
		{3, "löschen:", 9, `check "löschen:", character 9: the entity is missing`},
		{2, "delete:note:any", 11, `check "delete:note:any", character 12: the permissions have ` +
			`no access, so a check is action:entity`},
		{2, "delete:note:", 11, `check "delete:note:", character 12: the permissions have no ` +
			`access, so a check is action:entity`},
		{2, "delete", 6, `check "delete", character 7: the entity is missing`},
		{1, "", 0, `check "", character 1: it is empty`},
	}
	for _, tt := range tests {
		t.Run(string(tt.check), func(t *testing.T) {
			ok, err := policies[tt.parts].Allows([]string{"admin"}, tt.check)
			var wrong *rbac.CheckError
			if ok || !errors.As(err, &wrong) {
				t.Fatalf("got %v, %v, want a CheckError", ok, err)
			}
			if wrong.Check != tt.check || wrong.Offset != tt.offset || wrong.Error() != tt.want {
				t.Errorf("got offset %d:\n%s\nwant offset %d:\n%s", wrong.Offset, wrong, tt.offset,
					tt.want)
			}
		})
	}
	for parts, check := range map[int]rbac.Check{1: "delete", 2: "delete:note"} {
		if ok, err := policies[parts].Allows([]string{"admin"}, check); !ok || err != nil {
			t.Errorf("%s: got %v, %v, want a yes", check, ok, err)
		}
	}
}

// TestNames checks that in a policy with names alone the whole text of a check is a name.
func TestNames(t *testing.T) {
	p := rbac.Policy{
		Actions: []string{"a:b", "c,d", "*"},
		Roles:   []rbac.Role{{Name: "r", Grants: []rbac.Grant{`a\:b,c\,d`}}},
	}
	for check, want := range map[rbac.Check]bool{
		"a:b": true, "c,d": true, "a": false, "c": false, "*": false, `a\:b`: false,
	} {
		if got, err := p.Allows([]string{"r"}, check); got != want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", check, got, err, want)
		}
	}
}

func deleteNote(access string) rbac.Permission {
	return rbac.Permission{Action: "delete", Entity: "note", Access: access}
}

func TestReasons(t *testing.T) {
	got, err := rbac.EpicStack().Reasons([]string{"user", "admin"}, "delete:note")
	if err != nil {
		t.Fatal(err)
	}
	want := []rbac.Reason{
		{Role: "admin", Permission: deleteNote("any")},
		{Role: "user", Permission: deleteNote("own")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestKeepChecks(t *testing.T) {
	policy := rbac.EpicStack()
	want := []rbac.Check{
		"create:user:any", "read:user:any", "update:user:any", "delete:user:any",
		"create:note:any", "read:note:any", "update:note:any", "delete:note:any",
	}
	if diff := cmp.Diff(want, policy.KeepChecks()); diff != "" {
		t.Errorf("of two equal roles the first:\n%s", diff)
	}
	policy.Roles[0].Grants = []rbac.Grant{"create:user:any"}
	if got := policy.KeepChecks(); len(got) != 8 || !slices.Contains(got, "delete:note:own") {
		t.Errorf("got %q, want the grants of the role with more", got)
	}
	policy.Keep = []rbac.Check{"delete:user:own"}
	if diff := cmp.Diff(policy.Keep, policy.KeepChecks()); diff != "" {
		t.Errorf("with checks of its own:\n%s", diff)
	}
	hostile := rbac.Policy{
		Actions: []string{"a", "b:c", ""}, Entities: []string{"x", "y:z"},
		Accesses: []string{"own", "p,q", ""},
		Roles:    []rbac.Role{{Name: "r", Grants: []rbac.Grant{"*:*:*"}}},
	}
	if diff := cmp.Diff([]rbac.Check{"a:x:own"}, hostile.KeepChecks()); diff != "" {
		t.Errorf("names that no check can have:\n%s", diff)
	}
	if got := (rbac.Policy{}).KeepChecks(); got != nil {
		t.Errorf("a policy without roles keeps %q", got)
	}
}
