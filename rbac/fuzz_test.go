package rbac_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

// FuzzParse checks that Parse survives every text, and that Write writes what it read.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "mistakes", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	var text bytes.Buffer
	if err := rbac.EpicStack().Write(&text); err != nil {
		f.Fatal(err)
	}
	f.Add(text.String())
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parse(text)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("Parse accepts what Validate refuses: %v", err)
		}
		roundTrip(t, p)
	})
}

// FuzzWrite checks that every policy which Validate accepts can be written and read.
func FuzzWrite(f *testing.F) {
	for _, name := range hostile {
		f.Add(name, name, name, name, name, name)
	}
	f.Fuzz(func(t *testing.T, action, entity, access, role, description, text string) {
		permission := rbac.Permission{Action: action, Entity: entity, Access: access}
		grant := escape(action) + ":" + escape(entity) + ":" + escape(access)
		p := rbac.Policy{
			Actions: []string{action}, Entities: []string{entity}, Accesses: []string{access},
			Roles: []rbac.Role{{
				Name: role, Description: description, Formerly: []string{role + text},
				Grants: []rbac.Grant{rbac.Grant(grant), "*:*:*"},
			}},
			Layout: rbac.Layout{
				Roles: rbac.RoleTable{Table: text, Where: map[string]string{text: description}},
				Users: rbac.UserTable{Names: []string{text, role}},
			},
		}
		if p.Validate() != nil {
			if err := p.Write(failing{t}); err == nil {
				t.Fatal("a policy with mistakes is written")
			}
			return
		}
		roundTrip(t, p)
		got, err := p.Permissions(role)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]rbac.Permission{permission}, got); diff != "" {
			t.Error(diff)
		}
		p.Keep = []rbac.Check{rbac.Check(text)}
		if p.Validate() == nil {
			roundTrip(t, p)
		}
	})
}

// escape writes a name as a grant does.
func escape(name string) string {
	var out strings.Builder
	for i := range len(name) {
		if strings.IndexByte(`\:,*`, name[i]) >= 0 {
			out.WriteByte('\\')
		}
		out.WriteByte(name[i])
	}
	return out.String()
}

// FuzzAllows checks that Allows says yes if, and only if, the app's own rule does for the rows that
// the grants mean.
func FuzzAllows(f *testing.F) {
	f.Add("*:*:any", "create:note:own", "admin", "user", "admin", "delete:note:own,any")
	f.Add("create,delete:*:own", `a\:b:\*:any`, "a", "a", "", "a:b:*:any")
	f.Add(`\*,create:note:own`, `*:\,:*`, "", "*", "*", "*:,:own")
	f.Add("*", "*:*", "x", "y", "y", "create")
	f.Add("create::any", "create:user:", "x", "y", "x", "create:user:")
	f.Fuzz(func(t *testing.T, grant, other, role, otherRole, asks, check string) {
		policies := []rbac.Policy{
			{
				Actions:  []string{"create", "delete", "a:b", "*", ""},
				Entities: []string{"note", "*", ","},
				Accesses: []string{"own", "any", "own,any", ""},
			},
			{Actions: []string{"create", "*", `\`}, Entities: []string{"note", "a:b", ""}},
			{Actions: []string{"create", "create:note", "*", "a,b", ""}},
		}
		for _, p := range policies {
			p.Roles = []rbac.Role{
				{Name: role, Grants: []rbac.Grant{rbac.Grant(grant)}},
				{Name: otherRole, Grants: []rbac.Grant{rbac.Grant(other)}},
				{Name: "bystander", Grants: []rbac.Grant{rbac.Grant(grant)}},
			}
			if p.Validate() != nil {
				p.Roles = p.Roles[:1]
			}
			got, err := p.Allows([]string{asks}, rbac.Check(check))
			if err != nil {
				if got {
					t.Fatalf("an error and a yes: %v", err)
				}
				continue
			}
			if want := appAllows(p, asks, check); got != want {
				t.Errorf("%q asks %q of %+v: got %v, the app says %v", asks, check, p, got, want)
			}
		}
	})
}

// appAllows is the rule of the Epic Stack's app on the rows that a policy's grants mean.
func appAllows(p rbac.Policy, role, check string) bool {
	names := p.Entities == nil
	parts := strings.Split(check, ":")
	for _, r := range p.Roles {
		if r.Name != role {
			continue
		}
		for _, row := range rows(p, r.Grants) {
			switch {
			case names:
				if row[0] == check {
					return true
				}
			case row[0] != parts[0] || row[1] != parts[1]:
			case len(parts) < 3 || slices.Contains(strings.Split(parts[2], ","), row[2]):
				return true
			}
		}
	}
	return false
}

// rows lists the rows that grants mean, by trying every combination of declared names.
func rows(p rbac.Policy, grants []rbac.Grant) (rows [][]string) {
	lists := [][]string{p.Actions, p.Entities, p.Accesses}
	for i, list := range lists {
		if list == nil {
			lists[i] = []string{""}
		}
	}
	for _, g := range grants {
		for _, action := range lists[0] {
			for _, entity := range lists[1] {
				for _, access := range lists[2] {
					row := []string{action, entity, access}
					if means(string(g), row) {
						rows = append(rows, row)
					}
				}
			}
		}
	}
	return rows
}

// means reports whether a grant means a row. It first turns escaped characters into characters
// without meaning.
func means(grant string, row []string) bool {
	const shift = 0x100000 // into a private plane
	var out []rune
	escaped := false
	for _, c := range grant {
		switch {
		case escaped:
			out, escaped = append(out, c+shift), false
		case c == '\\':
			escaped = true
		default:
			out = append(out, c)
		}
	}
	for i, part := range strings.Split(string(out), ":") {
		if !slices.ContainsFunc(strings.Split(part, ","), func(word string) bool {
			plain := strings.Map(func(c rune) rune {
				if c >= shift {
					c -= shift
				}
				return c
			}, word)
			return word == "*" || plain == row[i]
		}) {
			return false
		}
	}
	return true
}
