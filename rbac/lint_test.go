package rbac_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

// writeApp makes a folder with the files.
func writeApp(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// allAsked asks for all that the policy of the Epic Stack grants, in a way that is right.
const allAsked = "const all = ['create:user', 'read:user', 'update:user', 'delete:user', " +
	"'create:note', 'read:note', 'update:note', 'delete:note']\n"

// lint returns the findings on an app: "file:line:column kind text: why", without the folder.
func lint(t *testing.T, p rbac.Policy, opts rbac.LintOptions, files map[string]string) []string {
	t.Helper()
	dir := writeApp(t, files)
	report, err := rbac.Lint(t.Context(), dir, p, opts)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range report.Findings {
		place := ""
		if f.Place != nil {
			rel, err := filepath.Rel(dir, f.Place.File)
			if err != nil {
				t.Fatal(err)
			}
			place = fmt.Sprintf("%s:%d:%d ", filepath.ToSlash(rel), f.Place.Line, f.Place.Column)
		}
		line := fmt.Sprintf("%s%s %q: %s", place, f.Kind, f.Text, f.Why)
		if len(f.Permissions) > 0 {
			line += ": " + strings.Join(f.Permissions, " ")
		}
		found = append(found, line)
	}
	return found
}

var codeAlone = rbac.LintOptions{Ignore: []rbac.FindingKind{rbac.Unasked, rbac.AnyWithoutOwn}}

func TestLintChecks(t *testing.T) {
	tests := []struct{ source, want string }{
		{`requireUserWithPermission(request, 'delete:note:own')`, ""},
		{`userHasPermission(user, own ? 'delete:note:own' : 'delete:note:any')`, ""},
		{`userHasPermission(user, 'delete:note:any,own')`, ""},
		{`userHasPermission(user, 'delete:note')`, ""},
		{`requireUserWithRole(request, 'admin')`, ""},
		{`userHasPermission(user, permission)`, ""},
		{`userHasPermission(user, 'delete:notes:own')`,
			`a.ts:1:25 undeclared "delete:notes:own": ` +
				`entity "notes" is not declared (did you mean "note"?)`},
		{`userHasPermission(user, 'Delete:note:own')`,
			`a.ts:1:25 undeclared "Delete:note:own": ` +
				`action "Delete" is not declared (did you mean "delete"?)`},
		{`userHasPermission(user, 'delete:note:own, any')`,
			`a.ts:1:25 undeclared "delete:note:own, any": ` +
				`access " any" is not declared (did you mean "any"?)`},
		{`userHasPermission(user, 'remove:it:all')`,
			`a.ts:1:25 undeclared "remove:it:all": action "remove" is not declared, ` +
				`and entity "it" is not declared, and access "all" is not declared`},
		{`userHasPermission(user, '*:note:own')`,
			`a.ts:1:25 undeclared "*:note:own": action "*" is not declared`},
		{`userHasPermission(user, 'delete')`,
			`a.ts:1:25 malformed "delete": the entity is missing`},
		{`userHasPermission(user, 'delete.note.own')`,
			`a.ts:1:25 malformed "delete.note.own": ` +
				`the entity is missing (did you mean "delete:note:own"?)`},
		{`userHasPermission(user, '')`, `a.ts:1:25 malformed "": it is empty`},
		{`userHasRole(user, 'amdin')`,
			`a.ts:1:19 undeclared "amdin": the policy has no such role (did you mean "admin"?)`},
		{`userHasRole(user, own ? 'user' : 'Admin')`,
			`a.ts:1:34 undeclared "Admin": the policy has no such role (did you mean "admin"?)`},
	}
	for _, tt := range tests {
		t.Run(tt.source, func(t *testing.T) {
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			got := lint(t, rbac.EpicStack(), codeAlone, map[string]string{"a.ts": tt.source})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLintNobody(t *testing.T) {
	p := rbac.EpicStack()
	p.Roles = p.Roles[:1]
	got := lint(t, p, codeAlone, map[string]string{
		"a.ts": "can(user,\n\t`delete:note:own`, 1)\nauth.can(user, 'delete:note:own,any')",
	})
	if got != nil {
		t.Errorf("with another name of the function %q are found", got)
	}
	opts := codeAlone
	opts.Checks = []rbac.Function{{Name: "can", Argument: 2}}
	got = lint(t, p, opts, map[string]string{
		"a.ts": "can(user,\n\t`delete:note:own`, 1)\nauth.can(user, 'delete:note:own,any')",
	})
	want := []string{`a.ts:2:2 nobody "delete:note:own": no role of the policy has a grant for it`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLintPolicy finds grants that nothing asks for, and any without own.
func TestLintPolicy(t *testing.T) {
	any8 := "create:user:any read:user:any update:user:any delete:user:any " +
		"create:note:any read:note:any update:note:any delete:note:any"
	alone := `any-without-own "admin": the role has these grants without "own", and "any" never ` +
		`covers "own": ` + any8
	unasked := func(role, permissions string) string {
		return fmt.Sprintf("unasked %q: no text of the app asks for these grants: %s", role,
			permissions)
	}
	own8 := strings.ReplaceAll(any8, "any", "own")
	tests := []struct {
		title, source string
		want          []string
	}{
		{"nothing", `x = 1`, []string{unasked("admin", any8), alone, unasked("user", own8)}},
		{"everything", allAsked, []string{alone}},
		{"one", `userHasPermission(user, 'delete:note:any')`, []string{
			unasked("admin", strings.TrimSuffix(any8, " delete:note:any")), alone,
			unasked("user", own8)}},
		{"in a variable", `x = 'delete:note:any'; userHasPermission(user, x)`, []string{
			unasked("admin", strings.TrimSuffix(any8, " delete:note:any")), alone,
			unasked("user", own8)}},
		{"in parts", "userHasPermission(user, `${action}:note:${access}`)", []string{
			unasked("admin", any8[:61]), alone, unasked("user", own8[:61])}},
		{"in parts, with two accesses", "userHasPermission(user, `${action}:${entity}:any,${x}`)",
			[]string{alone}},
		{"in parts that do not fit", "userHasPermission(user, `delete-${entity}`)",
			[]string{unasked("admin", any8), alone, unasked("user", own8)}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			files := map[string]string{"a.ts": tt.source}
			got := lint(t, rbac.EpicStack(), rbac.LintOptions{}, files)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLintFolder holds which files are read, in which order.
func TestLintFolder(t *testing.T) {
	wrong := `userHasRole(user, 'nobody')`
	files := map[string]string{"package.json": "{}"}
	for _, name := range []string{
		"a.ts", "b.tsx", "c.js", "d.jsx", "e.mjs", "f.cjs", "g.mts", "h.cts", "i/j/k.ts",
		"app/build/l.ts", "app/routes/out.tsx", "Z.TS",

		"node_modules/x/a.ts", "app/node_modules/x.js", ".git/a.ts", "app/.react-router/a.ts",
		"build/a.js", "dist/a.js", "server-build/a.js", "public/build/a.js", "m.d.ts", "n.min.js",
		"o.md", "p.json", "q.svelte",
	} {
		files[name] = wrong
	}
	var got []string
	for _, f := range lint(t, rbac.EpicStack(), codeAlone, files) {
		name, _, _ := strings.Cut(f, ":")
		got = append(got, name)
	}
	want := []string{
		"Z.TS", "a.ts", "app/build/l.ts", "app/routes/out.tsx", "b.tsx", "c.js", "d.jsx", "e.mjs",
		"f.cjs", "g.mts", "h.cts", "i/j/k.ts",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLintCounts counts, and lists what is not known.
func TestLintCounts(t *testing.T) {
	dir := writeApp(t, map[string]string{"a.tsx": `
userHasPermission(user, permission)
userHasPermission(user, own ? 'delete:note:own' : other)
userHasPermission(user)
userHasRole(user, "admin")
`})
	path := filepath.Join(dir, "a.tsx")
	got, err := rbac.Lint(t.Context(), path, rbac.EpicStack(), codeAlone)
	if err != nil {
		t.Fatal(err)
	}
	want := rbac.LintReport{Files: 1, Calls: 4, Checked: 2, Unchecked: []rbac.Place{
		{File: path, Line: 2, Column: 25}, {File: path, Line: 3, Column: 25},
		{File: path, Line: 4, Column: 1},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLintPlaces holds that faults of the policy have the places of the roles in its file, and that
// columns are characters.
func TestLintPlaces(t *testing.T) {
	file := "actions: [a]\naccesses: [own, any]\nentities: [ö]\n" +
		"roles: {ö: {}, r: {grants: ['a:ö:any']}}\n"
	p, err := rbac.Parse("p.yaml", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	places, err := rbac.RolePlaces("p.yaml", strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	source := "'ö'; userHasRole(user, 'ü')\r\nuserHasRole(1, 'ä')"
	app := writeApp(t, map[string]string{"a.ts": source})
	report, err := rbac.Lint(t.Context(), app, p, rbac.LintOptions{Places: places})
	if err != nil {
		t.Fatal(err)
	}
	var got []rbac.Place
	for _, f := range report.Findings {
		got = append(got, *f.Place)
	}
	code := filepath.Join(app, "a.ts")
	want := []rbac.Place{
		{File: code, Line: 1, Column: 24}, {File: code, Line: 2, Column: 16},
		{File: "p.yaml", Line: 4, Column: 16}, {File: "p.yaml", Line: 4, Column: 16},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLintNoCode(t *testing.T) {
	_, err := rbac.Lint(t.Context(), writeApp(t, map[string]string{"a.md": ""}), rbac.EpicStack(),
		rbac.LintOptions{})
	if !errors.Is(err, rbac.ErrNoCode) {
		t.Errorf("the error is %v, want ErrNoCode", err)
	}
	if _, err := rbac.Lint(t.Context(), "nowhere", rbac.EpicStack(),
		rbac.LintOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error is %v, want that there is no such file", err)
	}
}

// TestLintNames holds that a policy of names alone, and one without accesses, have checks of their
// own form.
func TestLintNames(t *testing.T) {
	opts := rbac.LintOptions{Checks: []rbac.Function{{Name: "can"}}}
	names := rbac.Policy{Actions: []string{"posts.edit", "posts:read"}, Roles: []rbac.Role{
		{Name: "editor", Grants: []rbac.Grant{"*"}}}}
	got := lint(t, names, opts, map[string]string{
		"a.ts": `can('posts.edit'); can(user, "posts.edti")`,
	})
	want := []string{
		`a.ts:1:30 undeclared "posts.edti": ` +
			`action "posts.edti" is not declared (did you mean "posts.edit"?)`,
		`unasked "editor": no text of the app asks for these grants: posts\:read`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	pairs := rbac.Policy{Actions: []string{"add", "view"}, Entities: []string{"post"},
		Roles: []rbac.Role{{Name: "editor", Grants: []rbac.Grant{"add:post"}}}}
	got = lint(t, pairs, opts, map[string]string{
		"a.ts": `can('add:post'); can('view:post'); can('add:post:any')`,
	})
	want = []string{
		`a.ts:1:22 nobody "view:post": no role of the policy has a grant for it`,
		`a.ts:1:40 malformed "add:post:any": the permissions have no access, ` +
			`so a check is action:entity (did you mean "add:post"?)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
