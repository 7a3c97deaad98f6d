package rbac_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

func TestMatrix(t *testing.T) {
	p := rbac.EpicStack()
	p.Roles = []rbac.Role{
		{Name: "admin", Grants: []rbac.Grant{"delete:*:any", "read:note:any"}},
		{Name: "nobody"},
		{Name: "user", Grants: []rbac.Grant{"read:note:*"}},
	}
	got, err := p.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	want := rbac.Matrix{
		Roles: []string{"admin", "nobody", "user"},
		Permissions: []rbac.MatrixRow{
			{Action: "delete", Entity: "user", Access: "any", Roles: []string{"admin"}},
			{Action: "read", Entity: "note", Access: "own", Roles: []string{"user"}},
			{Action: "read", Entity: "note", Access: "any", Roles: []string{"admin", "user"}},
			{Action: "delete", Entity: "note", Access: "any", Roles: []string{"admin"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := want.Permissions[1].Permission(); got.String() != "read:note:own" {
		t.Errorf("the second row is %s", got)
	}
}

func TestMatrixJSON(t *testing.T) {
	for want, p := range map[string]rbac.Policy{
		`{"roles":[],"permissions":[]}`: {},
		`{"roles":["r"],"permissions":[{"action":"read","roles":["r"]}]}`: {
			Actions: []string{"read"}, Roles: []rbac.Role{{Name: "r", Grants: []rbac.Grant{"*"}}},
		},
	} {
		m, err := p.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(m); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	broken := rbac.Policy{Roles: []rbac.Role{{Name: "r", Grants: []rbac.Grant{"*"}}}}
	if _, err := broken.Matrix(); err == nil {
		t.Error("a policy with a mistake has a matrix")
	}
}
