package rbac_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/rbac"
)

const epicStackTypes = `// Written by seedkit rbac types.

export type Action = 'create' | 'read' | 'update' | 'delete'
export type Entity = 'user' | 'note'
export type Access = 'own' | 'any'
export type Role = 'admin' | 'user'
type CheckedAccess = 'own' | 'any' | 'own,any' | 'any,own'
export type PermissionString =
	| ` + "`${Action}:${Entity}`" + `
	| ` + "`${Action}:${Entity}:${CheckedAccess}`" + `
`

func typesOf(t *testing.T, p rbac.Policy) string {
	t.Helper()
	var b strings.Builder
	if err := p.Types(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTypes(t *testing.T) {
	if diff := cmp.Diff(epicStackTypes, typesOf(t, rbac.EpicStack())); diff != "" {
		t.Error(diff)
	}
	pairs := rbac.Policy{Actions: []string{"add"}, Entities: []string{"post"}}
	want := "\n\nexport type Action = 'add'\nexport type Entity = 'post'\n" +
		"export type Role = never\n" +
		"export type PermissionString = `${Action}:${Entity}`\n"
	if got := typesOf(t, pairs); !strings.HasSuffix(got, want) {
		t.Errorf("the types are %s, want them to end with %s", got, want)
	}
	names := rbac.Policy{Actions: []string{"posts.edit", "a:b"}}
	want = "\n\nexport type Action = 'posts.edit' | 'a:b'\nexport type Role = never\n" +
		"export type PermissionString = Action\n"
	if got := typesOf(t, names); !strings.HasSuffix(got, want) {
		t.Errorf("the types are %s, want them to end with %s", got, want)
	}
}

// hostileWords has names that end a string, a line, a type or a template, or that no check can
// have.
var hostileWords = rbac.Policy{
	Actions:  []string{"create", "it's", `back\slash`, "a:b", "two\nlines", "`${x}`", "*/", "//"},
	Entities: []string{"note", "größe", "\u2028", "a\u202eb", "😀", "\x00"},
	Accesses: []string{"own", "any", "a,b", "'; export type Y = 'x"},
	Roles:    []rbac.Role{{Name: `"' | string`}, {Name: "\r\n\u0085"}},
}

// big has more checks than the compiler takes as a union.
func big() rbac.Policy {
	p := rbac.Policy{Accesses: []string{"a", "b", "c", "d", "e", "f"}}
	for i := range 400 {
		p.Actions = append(p.Actions, fmt.Sprint("action", i))
		p.Entities = append(p.Entities, fmt.Sprint("entity", i))
	}
	return p
}

// TestTypesCompile lets the real compiler read the types, and lets it accept and refuse checks. It
// needs tsc: npm install typescript, in a folder whose node_modules/.bin is in the path.
func TestTypesCompile(t *testing.T) {
	tsc, err := exec.LookPath("tsc")
	if err != nil {
		t.Skip("tsc is not in the path")
	}
	uses := `
import { type PermissionString, type Role } from './types.ts'
export const good: PermissionString[] = [%s]
%s
export const roles: Role[] = [%s]
`
	bad := func(texts ...string) string {
		var b strings.Builder
		for i, text := range texts {
			fmt.Fprintf(&b, "// @ts-expect-error\nexport const bad%d: PermissionString = %s\n",
				i, text)
		}
		return b.String()
	}
	tests := map[string]struct {
		policy rbac.Policy
		use    string
	}{
		"the Epic Stack": {rbac.EpicStack(), fmt.Sprintf(uses,
			`'delete:note', 'delete:note:own', 'delete:note:own,any', 'delete:note:any,own'`,
			bad(`'delete'`, `'delete:notes'`, `'Delete:note'`, `'delete:note:own, any'`,
				`'delete:note:own,own'`, `'delete:note:'`), `'admin', 'user'`)},
		"hostile": {hostileWords, fmt.Sprintf(uses,
			`"it's:note", 'back\\slash:größe:own', 'two\nlines:\u2028:any', '*/:😀'`,
			bad(`'a:b:note'`, `'create:note:a,b'`, `string`), `"\"' | string", '\r\n\u0085'`)},
		"big": {big(), fmt.Sprintf(uses, `'action399:entity0', 'action0:entity399:f'`,
			bad(`'other:entity1'`, `'action0'`), "")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			types := typesOf(t, tt.policy)
			dir := writeApp(t, map[string]string{"types.ts": types, "use.ts": tt.use})
			cmd := exec.Command(tsc, "--strict", "--noEmit", "--allowImportingTsExtensions",
				"--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler",
				"use.ts")
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				const shown = 5000
				t.Errorf("tsc: %v\n%s\n%s\n%s", err, out, types[:min(len(types), shown)], tt.use)
			}
		})
	}
}
