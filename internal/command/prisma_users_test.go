package command

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/bcrypt"
)

// checkUsers checks what Prisma's client reads.
func checkUsers(t *testing.T, printed []byte) {
	t.Helper()
	var users []user
	if err := json.Unmarshal(printed, &users); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, u := range users {
		kind := "seeded"
		switch {
		case u.Username == "kody":
			kind = "kody"
			u.check(t, "admin with 8 permissions, user with 8 permissions", 12)
			hash := []byte(u.Password.Hash)
			if err := bcrypt.CompareHashAndPassword(hash, []byte("kodylovesyou")); err != nil {
				t.Errorf("kody's password: %v", err)
			}
		case strings.HasPrefix(u.Username, "member"):
			kind = "own"
			u.check(t, "user with 8 permissions", 2)
		default:
			u.check(t, "user with 8 permissions", 1)
		}
		got[kind]++
	}
	if diff := cmp.Diff(map[string]int{"own": 100, "kody": 1, "seeded": 5}, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

// A user is what users.mjs prints of a user.
type user struct {
	Username             string
	CreatedAt, UpdatedAt time.Time
	Password             struct{ Hash string }
	Image                struct{ ObjectKey string }
	Roles                []struct {
		Name        string
		Permissions []struct{ ID string }
	}
	Notes []struct {
		Title     string
		CreatedAt time.Time
	}
}

func (u user) check(t *testing.T, wantRoles string, leastNotes int) {
	t.Helper()
	var roles []string
	for _, r := range u.Roles {
		roles = append(roles, fmt.Sprintf("%s with %d permissions", r.Name, len(r.Permissions)))
	}
	if got := strings.Join(roles, ", "); got != wantRoles {
		t.Errorf("%s is %s, want %s", u.Username, got, wantRoles)
	}
	if len(u.Notes) < leastNotes || u.Image.ObjectKey == "" {
		t.Errorf("%s has %d notes, want %d at least, and the image %q",
			u.Username, len(u.Notes), leastNotes, u.Image.ObjectKey)
	}
	if u.CreatedAt.Year() < 2023 || u.UpdatedAt.Before(u.CreatedAt) {
		t.Errorf("%s was created %v and updated %v", u.Username, u.CreatedAt, u.UpdatedAt)
	}
	for _, n := range u.Notes {
		if n.CreatedAt.Before(u.CreatedAt.Add(-time.Minute)) || n.Title == "" {
			t.Errorf("%s, who came on %v, wrote %q on %v",
				u.Username, u.CreatedAt, n.Title, n.CreatedAt)
		}
	}
}
