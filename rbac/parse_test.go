package rbac_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/rbac"
)

func parse(text string) (rbac.Policy, error) {
	return rbac.Parse("rbac.yaml", strings.NewReader(text))
}

func TestParse(t *testing.T) {
	got, err := parse(`# The roles of the app.
actions: [create, read, update, delete]
entities: [user, note]
accesses: [own, any]
roles:
  admin:
    description: may do everything to everybody's rows
    grants: ["*:*:any"]
  user:
    formerly: [member, 'old "user"']
    grants:
      - create:note:own  # a comment
      - 'read,update:*:own'
  guest: {}
  "a: b":
keep: ["delete:user:any"]
layout:
  roles: {table: Role, id: id, name: name}
  members:
    table: model_has_roles
    role: role_id
    user: model_id
    where: {model_type: 'App\Models\User'}
  users: {table: User, id: id, names: [email, username]}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := rbac.EpicStack()
	want.Roles = []rbac.Role{
		{
			Name: "admin", Description: "may do everything to everybody's rows",
			Grants: []rbac.Grant{"*:*:any"},
		},
		{
			Name: "user", Formerly: []string{"member", `old "user"`},
			Grants: []rbac.Grant{"create:note:own", "read,update:*:own"},
		},
		{Name: "guest"},
		{Name: "a: b"},
	}
	want.Keep = []rbac.Check{"delete:user:any"}
	want.Layout = rbac.Layout{
		Roles: rbac.RoleTable{Table: "Role", ID: "id", Name: "name"},
		Members: rbac.JoinTable{
			Table: "model_has_roles", Role: "role_id", User: "model_id",
			Where: map[string]string{"model_type": `App\Models\User`},
		},
		Users: rbac.UserTable{Table: "User", ID: "id", Names: []string{"email", "username"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestParseMistakes reads files with mistakes. Each has a comment with the messages that Parse must
// return, all at once.
func TestParseMistakes(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "mistakes", "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(text)) {
				if message, ok := strings.CutPrefix(line, "# want "); ok {
					want = append(want, "rbac.yaml:"+strings.TrimSuffix(message, "\n"))
				}
			}
			got, err := parse(string(text))
			if err == nil {
				t.Fatalf("got no mistake, want\n%s", strings.Join(want, "\n"))
			}
			if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(rbac.Policy{}, got); diff != "" {
				t.Errorf("a policy with mistakes is returned:\n%s", diff)
			}
		})
	}
}

// TestParseHostile reads files that exhaust a parser without limits, or that are no text.
func TestParseHostile(t *testing.T) {
	repeat := strings.Repeat
	const levels = "lists in lists in lists are no part of a policy"
	tests := map[string]struct{ text, want string }{
		"empty":     {"", "1:1: the file is empty"},
		"a comment": {"# nothing\n", "1:1: the file is empty"},
		"long":      {repeat("#\n", 1<<20), "1:1: the file is longer than 1048576 bytes"},
		"not UTF-8": {"roles:\n  \"ä\xff\": {}\n", "2:5: the byte 0xff is no UTF-8"},
		"UTF-16":    {"\xff\xfea\x00", "1:1: the byte 0xff is no UTF-8"},
		"levels":    {repeat("[", 1<<19), "1:11: " + levels},
		"braces":    {repeat("{a: ", 1<<17), "1:41: " + levels},
		"dashes":    {repeat("- ", 1<<18), "1:21: " + levels},
		"keys":      {repeat("a:\n", 1<<18), "10001:2: the file has more than 10000 keys"},
		"many stars": {
			"actions: [" + repeat("a, ", 2000) + "]\nentities: [" + repeat("b, ", 2000) +
				"]\nroles: {r: {grants: ['*:*']}}",
			`1:14: actions: "a" is declared twice`,
		},
		"many words": {
			"actions: [" + repeat("a", 1<<17) + "]\nroles: {r: {grants: [" +
				repeat(repeat("b", 1000)+",", 800) + "]}}", "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parse(tt.text)
			if err == nil {
				t.Fatal("no mistake found")
			}
			lines := strings.Split(err.Error(), "\n")
			if tt.want != "" && !slices.Contains(lines, "rbac.yaml:"+tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if len(lines) > 101 {
				t.Errorf("got %d lines", len(lines))
			}
		})
	}
	_, err := parse("actions: [a]\nroles: {r: {grants: [" + repeat("b,", 200) + "]}}")
	if err == nil || !strings.HasSuffix(err.Error(), "\nand 100 more mistakes") {
		t.Errorf("of 200 mistakes: got %v", err)
	}
	broken := errors.New("broken")
	if _, err := rbac.Parse("x", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("of a reader that fails: got %v", err)
	}
}

// TestProduct checks that a few stars do not exhaust the memory.
func TestProduct(t *testing.T) {
	var p rbac.Policy
	for i := range 2000 {
		p.Actions = append(p.Actions, strings.Repeat("a", i+1))
	}
	p.Entities = p.Actions
	p.Roles = []rbac.Role{{Name: "r", Grants: []rbac.Grant{"a:a", "*:*"}}}
	const want = `role "r": with grant "*:*" the policy grants more than 1048576 permissions`
	if err := p.Validate(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := p.Permissions("r"); err == nil {
		t.Error("Permissions returns four million permissions")
	}
}

func TestPolicyError(t *testing.T) {
	_, err := parse("actions: [a]\nroles:\n  r:\n    grants: [\"b\", \"größe,c\"]\nkeep: ['']\n")
	var mistakes []*rbac.PolicyError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			var mistake *rbac.PolicyError
			if !errors.As(err, &mistake) {
				t.Fatalf("%v is no PolicyError", err)
			}
			mistakes = append(mistakes, mistake)
		}
	}
	want := []*rbac.PolicyError{
		{File: "rbac.yaml", Line: 4, Column: 15}, {File: "rbac.yaml", Line: 4, Column: 20},
		{File: "rbac.yaml", Line: 5, Column: 9},
	}
	if diff := cmp.Diff(want, mistakes,
		cmpopts.IgnoreFields(rbac.PolicyError{}, "Err")); diff != "" {
		t.Fatal(diff)
	}
	var grant *rbac.GrantError
	var check *rbac.CheckError
	if !errors.As(mistakes[1], &grant) || grant.Grant != "größe,c" {
		t.Errorf("%v has no GrantError", mistakes[1])
	}
	if !errors.As(mistakes[2], &check) {
		t.Errorf("%v has no CheckError", mistakes[2])
	}
}

// TestValidate checks that a Go value has the mistakes of a file, without places.
func TestValidate(t *testing.T) {
	p := rbac.EpicStack()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	p.Roles = append(p.Roles,
		rbac.Role{Name: "user", Grants: []rbac.Grant{"*:note:owm"}},
		rbac.Role{Name: "\xff", Description: "\xfe", Formerly: []string{"\xfd", "admin"}})
	p.Keep = []rbac.Check{"delete"}
	p.Layout.Members.Where = map[string]string{"model_type": "\xfc"}
	const want = `role "user" is declared twice
role: "\xff" is not valid UTF-8
role "\xff": description: "\xfe" is not valid UTF-8
role "\xff": formerly: "\xfd" is not valid UTF-8
role "\xff": formerly lists "admin", which is another role of the policy
layout: "\xfc" is not valid UTF-8
role "user": grant "*:note:owm", character 8: access "owm" is not declared (did you mean "own"?)
keep: check "delete", character 7: the entity is missing`
	err := p.Validate()
	if err == nil {
		t.Fatal("no mistake found")
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
	if err := p.Write(failing{t}); err == nil {
		t.Error("a policy with mistakes is written")
	}
}

// failing is a writer that must not be used.
type failing struct{ t *testing.T }

func (f failing) Write([]byte) (int, error) {
	f.t.Error("something was written")
	return 0, nil
}
