package rbac_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/rbac"
)

func write(t *testing.T, p rbac.Policy) string {
	t.Helper()
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	p := rbac.EpicStack()
	p.Roles[0].Description = "may do everything to everybody's rows"
	p.Roles[1].Formerly = []string{"member", "old: user"}
	p.Roles[1].Grants = nil
	for range 5 {
		p.Roles[1].Grants = append(p.Roles[1].Grants, "create,read:user:own")
	}
	p.Roles = append(p.Roles, rbac.Role{Name: "null"}, rbac.Role{
		Name: "two\nlines", Description: "# no comment", Grants: []rbac.Grant{`*:note:any`},
	})
	p.Keep = []rbac.Check{"delete:user:any"}
	p.Layout.Roles.Table = "Role"
	p.Layout.Members.Where = map[string]string{"model_type": `App\Models\User`, "a b": "1"}
	p.Layout.Direct.Where = map[string]string{}
	p.Layout.Users.Names = []string{"email", "user name"}
	const want = `actions: [create, read, update, delete]
entities: [user, note]
accesses: [own, any]
roles:
  admin:
    description: may do everything to everybody's rows
    grants: ["*:*:any"]
  user:
    formerly: [member, "old: user"]
    grants:
      - "create,read:user:own"
      - "create,read:user:own"
      - "create,read:user:own"
      - "create,read:user:own"
      - "create,read:user:own"
  "null": {}
  "two\nlines":
    description: "# no comment"
    grants: ["*:note:any"]
keep: ["delete:user:any"]
layout:
  roles:
    table: Role
  members:
    where:
      "a b": "1"
      model_type: "App\\Models\\User"
  users:
    names: [email, "user name"]
`
	got := write(t, p)
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Error(diff)
	}
	roundTrip(t, p)
	if got := write(t, rbac.Policy{}); got != "roles: {}\n" {
		t.Errorf("an empty policy is %q", got)
	}
}

// roundTrip checks that Parse reads what Write writes.
func roundTrip(t *testing.T, p rbac.Policy) {
	t.Helper()
	text := write(t, p)
	got, err := parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
}

// hostile are names that YAML, SQL, grants, checks or a terminal could take for something else.
var hostile = []string{
	"", " ", "  two  ", "\t", "\n", "\r\n", "a\r", "\x00", "\x1b[31m", "\x7f", "\u0085", "\u2028",
	"\ufeff", "\ufffd", "\U0001f600", "\u202e", "~", "null", "Null", "true", "no", "1", "0x1f",
	"1e3", ".inf", "2020-01-01", "-", "- a", "a: b", "a:", ":a", "#a", "a #b", "[a]", "{a: b}",
	"*", "**", "*a", "&a", "!a", "<<", "|", ">", "%a", "@a", "`a`", "'", "''", `"`, `\`, `\n`,
	`\\"`, "a,b", ",", "'; DROP TABLE Role; --", "größe", "日本語", "---", "...", "? a", "=", "NaN",
	"y", "on", "a'b", "it's", "a\\", "\u00a0", "_", "_1", "__1_0", "+1", "-1", "0b1",
	"0o7", "1_000", "1:30", "e1", "Inf", strings.Repeat("long ", 1000), strings.Repeat("x", 5000),
}

func TestRoundTrip(t *testing.T) {
	for _, name := range hostile {
		t.Run(name, func(t *testing.T) {
			word := rbac.Permission{Action: name}.String()
			p := rbac.Policy{
				Actions: []string{name, "other"},
				Roles: []rbac.Role{
					{Name: name, Description: name, Grants: []rbac.Grant{rbac.Grant(word)}},
					{Name: "last", Formerly: []string{name + "x"}},
				},
			}
			p.Layout.Roles = rbac.RoleTable{Table: name, Where: map[string]string{name: name}}
			p.Layout.Users.Names = []string{name, name}
			if name != "" {
				p.Keep = []rbac.Check{rbac.Check(name)}
			}
			roundTrip(t, p)
			got, err := p.Permissions(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]rbac.Permission{{Action: name}}, got); diff != "" {
				t.Error(diff)
			}
			p.Entities, p.Accesses = p.Actions, p.Actions
			p.Roles[0].Grants = []rbac.Grant{rbac.Grant(word + ":" + word + ":" + word)}
			p.Keep = nil
			roundTrip(t, p)
		})
	}
	var all rbac.Policy
	for _, name := range hostile {
		all.Roles = append(all.Roles, rbac.Role{Name: name})
	}
	all.Actions, all.Entities, all.Accesses = hostile, hostile, hostile
	roundTrip(t, all)
}

// TestLayoutFields checks that the file can have every field of a layout.
func TestLayoutFields(t *testing.T) {
	var p rbac.Policy
	fill(reflect.ValueOf(&p.Layout).Elem())
	roundTrip(t, p)
}

// fill gives every field a value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	case reflect.Slice:
		v.Set(reflect.ValueOf([]string{"a", "b"}))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"c": "d", "e": "f"}))
	default:
		v.SetString("text")
	}
}
