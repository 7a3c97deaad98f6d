package rbac_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/rbac"
)

// An appAnswer is that of the server, which asks the database, and that of the page.
type appAnswer struct{ Server, Page bool }

// askPrisma asks an app made from the Epic Stack, with users who have the roles of their names.
func askPrisma(t *testing.T, checks ...string) map[string]map[string]appAnswer {
	t.Helper()
	users := generate.Set{Name: "users", Sample: true, Needs: []string{"reference"}, Fill: addUsers}
	path := filepath.Join(t.TempDir(), "app.db")
	if _, err := generate.Write(t.Context(), path, generate.Options{
		SchemaSQL: epicstack.Schema, Sets: []generate.Set{epicstack.Sets[0], users},
		DatetimeDefault: epicstack.Datetime,
	}); err != nil {
		t.Fatal(err)
	}
	printed, err := authority.Prisma(t).Run(t.Context(), "checks.mjs", path, checks...)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]map[string]appAnswer
	if err := json.Unmarshal(printed, &got); err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	return got
}

func addUsers(s *generate.Fixtures) {
	admin, user := s.Ref("Role", "admin"), s.Ref("Role", "user")
	for name, roles := range map[string][]generate.Ref{
		"admin": {admin}, "user": {user}, "both": {admin, user}, "none": nil,
	} {
		s.Add("User", name, generate.Row{"username": name, "email": name + "@example.com"},
			generate.Link(roles...))
	}
}

// TestPrisma checks that an app made from the Epic Stack has the answers of the policy, on the
// server and on the page.
func TestPrisma(t *testing.T) {
	var checks []string
	for _, tt := range epicStackAnswers {
		checks = append(checks, string(tt.check))
	}
	got := askPrisma(t, checks...)
	for _, tt := range epicStackAnswers {
		want := tt.want
		for user, want := range map[string]bool{
			"admin": want.admin, "user": want.user, "both": want.both, "none": want.none,
		} {
			if got := got[user][string(tt.check)]; got != (appAnswer{want, want}) {
				t.Errorf("%s asks %s: got %+v, want %v", user, tt.check, got, want)
			}
		}
	}
}

// TestPrismaDisagrees shows why a check of another shape is an error: the server and the page
// disagree about it, or the app ignores a part of it.
func TestPrismaDisagrees(t *testing.T) {
	asked := map[string]appAnswer{ // of the admin
		"delete":              {Server: true},
		"delete:":             {},
		"delete:note:":        {Server: true, Page: true},
		"delete:note:any:own": {Server: true, Page: true},
	}
	var checks []string
	for check := range asked {
		checks = append(checks, check)
	}
	got := askPrisma(t, checks...)
	for check, want := range asked {
		if got := got["admin"][check]; got != want {
			t.Errorf("the app's answers to %s are %+v, want %+v", check, got, want)
		}
		ok, err := rbac.EpicStack().Allows([]string{"admin"}, rbac.Check(check))
		if ok || err == nil {
			t.Errorf("%s: got %v, %v, want an error", check, ok, err)
		}
	}
}
