package ecmascript_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/ecmascript"
)

// show writes the calls of can and is: "can: a / b | c", with / between arguments, | between values
// and … for what is not known.
func show(source string, jsx bool) []string {
	var shown []string
	for _, c := range ecmascript.Read(source, jsx, []string{"can", "is"}).Calls {
		var arguments []string
		for _, a := range c.Arguments {
			var values []string
			for _, v := range a.Values {
				values = append(values, strings.Join(v.Parts, "…"))
			}
			arguments = append(arguments, strings.Join(values, " | "))
		}
		shown = append(shown, c.Function+": "+strings.Join(arguments, " / "))
	}
	return shown
}

func TestCalls(t *testing.T) {
	tests := []struct {
		title, source string
		want          []string
	}{
		{"a string", `can(user, 'a:b')`, []string{"can: … / a:b"}},
		{"double quotes", `await can(request, "a:b")`, []string{"can: … / a:b"}},
		{"a template", "can(user, `a:b`)", []string{"can: … / a:b"}},
		{"a method", `auth.can('a')`, []string{"can: a"}},
		{"an optional call", `auth?.can?.('a')`, []string{"can: a"}},
		{"type arguments", `can<Map<string, User>>('a')`, []string{"can: a"}},
		{"a longer name", `canDo('a'); scan('b'); $can('c'); can_('d')`, nil},
		{"a comma at the end", "can(\n\tuser,\n\t'a',\n)", []string{"can: … / a"}},
		{"no arguments", `can()`, []string{"can: "}},
		{"a call in a call", `can(is(user, 'x'), 'a')`, []string{"can: … / a", "is: … / x"}},
		{"another name", `import { type X, can as may } from './x'; may(user, 'a')`,
			[]string{"can: … / a"}},
		{"a spread", `can(user, ...rest, 'a')`, []string{"can: …"}},

		{"a condition", `can(user, isOwner ? 'a' : 'b')`, []string{"can: … / a | b"}},
		{"texts in the condition", `can(user, role === 'x' ? 'a' : 'b')`,
			[]string{"can: … / a | b"}},
		{"conditions in conditions", `can(u, a ? b ? 'x' : 'y' : c ? 'z' : d)`,
			[]string{"can: … / x | y | z | …"}},
		{"parentheses", `can(u, (a ? ('x') : 'y'))`, []string{"can: … / x | y"}},
		{"or", `can(u, wanted ?? 'x', a || 'y', b && 'z')`, []string{"can: … / … | x / … | y / z"}},
		{"a type", `can(u, 'x' as Permission, 'y' satisfies P, name!, 'z'!)`,
			[]string{"can: … / x / y / … / z"}},
		{"const", `can(u, 'x' as const)`, []string{"can: … / x"}},
		{"a sum", `can(u, 'a:' + (own ? 'own' : 'any'), 'x' + y + 'z')`,
			[]string{"can: … / a:own | a:any / x…z"}},
		{"a list", `can(u, ['x', b ? 'y' : 'z', w])`, []string{"can: … / x | y | z | …"}},
		{"a template with substitutions", "can(u, `a:${own ? 'own' : 'any'}`, `${x}:b:${`c`}`)",
			[]string{"can: … / a:own | a:any / …:b:c"}},
		{"a template of a tag", "can(u, t`x`, t`x${1}`)", []string{"can: … / … / …"}},
		{"a call", `can(u, name('x'), x['y'], () => 'z', { a: 'x' })`,
			[]string{"can: … / … / … / … / …"}},
		{"nothing", `can(u, own ? 'x' : undefined)`, []string{"can: … / x"}},
		{"optional chaining in the condition", `can(u, user?.id === 'x' ? 'a' : 'b')`,
			[]string{"can: … / a | b"}},
		{"too many values", "can(`${a?'x':'y'}${a?'x':'y'}${a?'x':'y'}${a?'x':'y'}${a?'x':'y'}" +
			"${a?'x':'y'}${a?'x':'y'}`)", []string{"can: …"}},

		{"a declaration", `function can(u: User, p = 'x') { return can(u, 'y') }`,
			[]string{"can: … / y"}},
		{"methods", `class A { can(u, p = 'x') { } is(u: User, p?: string): boolean { } }`, nil},
		{"a reference", `export { can }; const x = can; typeof can`, nil},

		{"comments", "// can('a')\n/* can('b')\n can('c') */ can('d' /* 'e' */, // 'f'\n 'g')",
			[]string{"can: d / g"}},
		{"in a string", `x = "can('a')"; y = 'can("b")'; z = 'it\'s can("c")'`, nil},
		{"in a template", "x = `can('a') ${can('b')} can('c')`", []string{"can: b"}},
		{"templates in templates", "x = `${`${can('a')}'`}'` + can('b')",
			[]string{"can: a", "can: b"}},
		{"objects in templates", "x = `${{ a: `}` }}` + can('b')", []string{"can: b"}},
		{"escapes", `can('a\'\x62\u0063\u{64}\n\
e')`, []string{"can: a'bcd\ne"}},
		{"a string that breaks off", "x = 'abc\ncan('a')", []string{"can: a"}},
		{"a byte order mark", "\ufeffcan('a')", []string{"can: a"}},
		{"a line for the shell", "#! can('a')\ncan('b')", []string{"can: b"}},

		{"regular expressions", `x = /can('a')/; can('b'); y.match(/[/'"]/g); can('c')`,
			[]string{"can: b", "can: c"}},
		{"after a condition", `if (x) /'/.test(y); can('a')`, []string{"can: a"}},
		{"after a block", "if (x) { y }\n/'/.test(z); can('a')", []string{"can: a"}},
		{"after return", `return /'/.test(z) && can('a')`, []string{"can: a"}},
		{"divisions", `x = a / b; can('c'); y = d / e; can('f' , a[0] / 2, (1) / 3, x! / 2 / 1)`,
			[]string{"can: c", "can: f / … / … / …"}},
		{"a division after an object", `x = { a: 1 }.a / 2; can('a') / 2`, []string{"can: a"}},
		{"a property called return", `x = a.return / 2; can('a'); b / c`, []string{"can: a"}},
		{"an object in an argument", `can({ a: 1 } / 2, '/')`, []string{"can: … / /"}},
		{"a conditional number", `x = a?.5:can('a')`, []string{"can: a"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			for _, jsx := range []bool{false, true} {
				if diff := cmp.Diff(tt.want, show(tt.source, jsx)); diff != "" {
					t.Errorf("with JSX %t (-want +got):\n%s", jsx, diff)
				}
			}
		})
	}
}

func TestJSX(t *testing.T) {
	tests := []struct {
		title, source string
		want          []string
	}{
		{"text", `x = <p>Don't say can('a') {can('b')} isn't "it` + "`" + `</p>; can('c')`,
			[]string{"can: b", "can: c"}},
		{"attributes",
			`x = <p a="can('a')" b='it"s' c={can('c')} d data-e {...can('d')} />; can('e')`,
			[]string{"can: c", "can: d", "can: e"}},
		{"an attribute of several lines",
			"x = <p a=\"it's\n not\" />; can('e')", []string{"can: e"}},
		{"comments", "x = <p // it's\n a={1} /* can('b') */>{/* it's can('a') */}</p>; can('e')",
			[]string{"can: e"}},
		{"comments are text", "x = <p>// it's {can('b')}</p>", []string{"can: b"}},
		{"fragments", `return <>it's <b>can('a')</b>{can('b')}</>`, []string{"can: b"}},
		{"names", `x = <a.b.c><svg:path/>it's</a.b.c>; can('a')`, []string{"can: a"}},
		{"an element in an attribute", `x = <a b=<c>it's</c> d={<e>it's</e>}/>; can('a')`,
			[]string{"can: a"}},
		{"after and, and in a condition",
			`{x && <a>it's</a>} {y ? <b>it's</b> : (<c>it's</c>)} {can('a')}`,
			[]string{"can: a"}},
		{"an arrow function", `x = items.map(i => <li key={i}>it's {can(i, 'a')}</li>)`,
			[]string{"can: … / a"}},
		{"templates", "x = <a b={`${c ? 'd' : 'e'} f`}>it's</a>; can('a')", []string{"can: a"}},
		{"as an argument", `can(<a b="c">it's</a>, 'x')`, []string{"can: … / x"}},
		{"type arguments of an element", `x = <List<User> a={() => 1}>it's</List>; can('a')`,
			[]string{"can: a"}},
		{"comparisons", `if (a < b && c > d) can('a'); x = a <b> c; can('b')`,
			[]string{"can: a", "can: b"}},
		{"generic functions",
			`const f = <T,>(x: T) => can('a'); const g = <T extends X>(x: T) => can('b')`,
			[]string{"can: a", "can: b"}},
		{"generic types", `type F = <T>(x: T) => T; interface X { <T>(x: T): 'it' } can('a')`,
			[]string{"can: a"}},
		{"an element that nothing closes", "x = <a>it is\ncan('a')", []string{"can: a"}},
		{"elements closed wrong", "x = <a><b></a></b>; can('a')", []string{"can: a"}},
		{"an element after an element", `x = [<a/>, <b>it's</b>, can('a')]`, []string{"can: a"}},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tt.source, true)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAssertion holds that < begins a type in a file without JSX.
func TestAssertion(t *testing.T) {
	got := show(`x = <T>can('a'); y = <U>'it'; can(<P>'b', 'c')`, false)
	if diff := cmp.Diff([]string{"can: a", "can: … / c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTexts(t *testing.T) {
	source := "import 'x'; <Can do=\"a\" of='b'>it's</Can>; can(`c${d}e`, {'f': \"\\x67\"}) // 'h'"
	got := ecmascript.Read(source, true, nil).Texts
	if diff := cmp.Diff([]string{"x", "a", "b", "c", "e", "f", "g"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestOffsets(t *testing.T) {
	source := "x\ncan(ü,  own ? 'a' : `b`)"
	var got []string
	for _, c := range ecmascript.Read(source, false, []string{"can"}).Calls {
		got = append(got, source[c.Offset:c.Offset+3])
		for _, a := range c.Arguments {
			for _, v := range a.Values {
				got = append(got, source[a.Offset:a.Offset+1]+source[v.Offset:v.Offset+1])
			}
		}
	}
	// The first byte of ü alone is no letter.
	if diff := cmp.Diff([]string{"can", "\xc3\xc3", "o'", "o`"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestDeep reads sources that nest without end, without running out of stack.
func TestDeep(t *testing.T) {
	for _, open := range []string{"(", "[", "{", "`${", "<a>", "<a>{", "<a b={", "<a ", "x ? ", "'",
		"`", "/", "can(", "can<", "x=<a>{`${", "`${<a>{"} {
		ecmascript.Read(strings.Repeat(open, 4_000), true, []string{"can"})
		ecmascript.Read("can("+strings.Repeat(open, 4_000)+")", true, []string{"can"})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x = <a b={can('c')}>it's `${can('d' + `e`)}`</a> /[/]/", true)
	f.Add("can(a ? 'b' : c ?? `d${e}`, ['f', <T>g], /h'/)", false)
	f.Fuzz(func(t *testing.T, source string, jsx bool) {
		for _, c := range ecmascript.Read(source, jsx, []string{"can"}).Calls {
			if !strings.HasPrefix(source[c.Offset:], "can") && c.Function != "can" {
				t.Errorf("a call at %d", c.Offset)
			}
			for _, a := range c.Arguments {
				for _, v := range a.Values {
					if v.Offset > len(source) || len(v.Parts) == 0 {
						t.Errorf("the value %+v", v)
					}
				}
			}
		}
	})
}
