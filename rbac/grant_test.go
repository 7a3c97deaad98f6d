package rbac_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

// single returns a policy with one role, which has one grant.
func single(g rbac.Grant) rbac.Policy {
	return rbac.Policy{
		Actions:  []string{"create", "delete", "a:b", "*", `\`},
		Entities: []string{"user", "note", "x,y"},
		Accesses: []string{"own", "any", ""},
		Roles:    []rbac.Role{{Name: "r", Grants: []rbac.Grant{g}}},
	}
}

func TestGrant(t *testing.T) {
	tests := []struct {
		grant rbac.Grant
		want  []string
	}{
		{"create:user:own", []string{"create:user:own"}},
		{"create,delete:user:own", []string{"create:user:own", "delete:user:own"}},
		{"create:note,user:any,own", []string{
			"create:user:own", "create:user:any", "create:note:own", "create:note:any",
		}},
		{"create,create:user,user:own", []string{"create:user:own"}},
		{"create:*:own", []string{"create:user:own", "create:note:own", `create:x\,y:own`}},
		{"create,*:user:own", []string{
			"create:user:own", "delete:user:own", `a\:b:user:own`, `\*:user:own`, `\\:user:own`,
		}},
		{`a\:b:x\,y:own`, []string{`a\:b:x\,y:own`}},
		{`\*:user:own`, []string{`\*:user:own`}},
		{`\\:user:own`, []string{`\\:user:own`}},
		{`\cr\e\ate:user:own`, []string{"create:user:own"}},
		{"create:user:", []string{"create:user"}}, // the access with an empty name
		{"create:user:,own", []string{"create:user:own", "create:user"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.grant), func(t *testing.T) {
			permissions, err := single(tt.grant).Permissions("r")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range permissions {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGrantError(t *testing.T) {
	tests := []struct {
		grant  rbac.Grant
		offset int
		want   string
	}{
		{"", 0, `grant "", character 1: the entity is missing, as a grant of this policy is ` +
			`action:entity:access`},
		{"create", 6, `grant "create", character 7: the entity is missing, as a grant of this ` +
			`policy is action:entity:access`},
		{"create:user", 11, `grant "create:user", character 12: the access is missing, as a ` +
			`grant of this policy is action:entity:access`},
		{"create:user:own:any", 15, `grant "create:user:own:any", character 16: one part too ` +
			`many, as a grant of this policy is action:entity:access`},
		{"create:user:owm", 12, `grant "create:user:owm", character 13: access "owm" is not ` +
			`declared (did you mean "own"?)`},
		{"create:user:own, any", 16, `grant "create:user:own, any", character 17: access " any" ` +
			`is not declared (did you mean "any"?)`},
		{"Create:user:own", 0, `grant "Create:user:own", character 1: action "Create" is not ` +
			`declared (did you mean "create"?)`},
		{":user:own", 0, `grant ":user:own", character 1: the action is missing`},
		{"create::own", 7, `grant "create::own", character 8: the entity is missing`},
		{"create,:user:own", 7, `grant "create,:user:own", character 8: the action is missing`},
		{"cre*:user:own", 3, `grant "cre*:user:own", character 4: a star means every name and ` +
			`cannot be a part of a name; a backslash before it makes it a letter`},
		{`\**:user:own`, 2, `grant "\\**:user:own", character 3: a star means every name and ` +
			`cannot be a part of a name; a backslash before it makes it a letter`},
		{`create:user:own\`, 15, `grant "create:user:own\\", character 16: a backslash at the ` +
			`end makes nothing a name`},
		{"größe:user:own", 0, `grant "größe:user:own", character 1: action "größe" is not ` +
			`declared`},
		{"create:größe:own", 7, `grant "create:größe:own", character 8: entity "größe" is not ` +
			`declared`},
	}
	for _, tt := range tests {
		t.Run(string(tt.grant), func(t *testing.T) {
			_, err := single(tt.grant).Permissions("r")
			var wrong *rbac.GrantError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want a GrantError", err)
			}
			if wrong.Grant != tt.grant || wrong.Offset != tt.offset || wrong.Error() != tt.want {
				t.Errorf("got offset %d of %q:\n%s\nwant offset %d:\n%s", wrong.Offset, wrong.Grant,
					wrong, tt.offset, tt.want)
			}
			if ok, err := single(tt.grant).Allows([]string{"r"}, "create:user"); ok || err == nil {
				t.Errorf("with this grant, Allows returns %v, %v", ok, err)
			}
		})
	}
}

// TestGrantForms checks policies without accesses and policies with names alone.
func TestGrantForms(t *testing.T) {
	pairs := single("create:*")
	pairs.Accesses = nil
	names := rbac.Policy{
		Actions: []string{"edit articles", "a:b"},
		Roles:   []rbac.Role{{Name: "r", Grants: []rbac.Grant{`edit articles,a\:b`}}},
	}
	for title, tt := range map[string]struct {
		policy rbac.Policy
		want   []rbac.Permission
	}{
		"pairs": {pairs, []rbac.Permission{
			{Action: "create", Entity: "user"}, {Action: "create", Entity: "note"},
			{Action: "create", Entity: "x,y"},
		}},
		"names": {names, []rbac.Permission{{Action: "edit articles"}, {Action: "a:b"}}},
	} {
		t.Run(title, func(t *testing.T) {
			got, err := tt.policy.Permissions("r")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	star := rbac.Policy{Roles: []rbac.Role{{Name: "r", Grants: []rbac.Grant{"*"}}}}
	const want = `role "r": grant "*", character 1: the policy declares no action`
	if _, err := star.Permissions("r"); err == nil || err.Error() != want {
		t.Errorf("a star without actions: got %v, want %s", err, want)
	}
}
