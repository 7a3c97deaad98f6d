package expression_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/expression"
)

// show writes an expression: texts in quotes, names after the offset of their dollar.
func show(e *expression.Expression) string {
	if e.Weight != "" {
		bare := *e
		bare.Weight = ""
		return show(&bare) + " * " + e.Weight
	}
	switch e.Kind {
	case expression.Literal:
		text := fmt.Sprintf("%q", e.Text)
		for _, w := range e.Words {
			text += fmt.Sprintf(" with %s at %d", w.Name, w.Offset)
		}
		return text
	case expression.Concat:
		return "<" + showAll(e.Parts) + ">"
	}
	text := fmt.Sprintf("%d:", e.Offset)
	if e.Parent {
		text += "parent "
	}
	text += e.Text
	if e.Called {
		text += "(" + showAll(e.Args) + ")"
	}
	return text
}

func showAll(all []*expression.Expression) string {
	var texts []string
	for _, e := range all {
		texts = append(texts, show(e))
	}
	return strings.Join(texts, ", ")
}

func TestParse(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", `""`},
		{"text", `"text"`},
		{"$", `"$"`},
		{"$$", `"$"`},
		{"$$name", `"$name"`},
		{"$5 and $$5", `"$5 and $5"`},
		{"$2b$10$abc./DEF", `"$2b$10$abc./DEF" with abc at 6`},
		{"Hello $fullName", `"Hello $fullName" with fullName at 6`},
		{"$fullName", "0:fullName"},
		{"$größe_2", "0:größe_2"},
		{"$uuid()", "0:uuid()"},
		{"$parent.createdAt", "0:parent createdAt"},
		{"$parent", "0:parent"},
		{"$sentence(5)", `0:sentence("5")`},
		{"$pick(a b * 3, $x * 2, 'c * 4' * 1.5, d*5, e * f)",
			`0:pick("a b" * 3, 15:x * 2, "c * 4" * 1.5, "d" * 5, "e * f")`},
		{"$past( 1d , 30d )", `0:past("1d", "30d")`},
		{"$after($parent.createdAt)", "0:after(7:parent createdAt)"},
		{"$usernameOf($name)", "0:usernameOf(12:name)"},
		{"$pick(a b, 'c, (d)', \"it's\", '')", `0:pick("a b", "c, (d)", "it's", "")`},
		{"$pick($int(1, 2), -5)", `0:pick(6:int("1", "2"), "-5")`},
		{"$bcrypt('${username}!')", `0:bcrypt(<11:username, "!">)`},
		{"$bcrypt(a$$b$5)", `0:bcrypt("a$b$5")`},
		{"${username}@example.com", `<2:username, "@example.com">`},
		{"a ${ first name } b", `<"a ", 5:first name, " b">`},
		{"${parent.title}: ${int(1, 6)}${number}",
			`<2:parent title, ": ", 19:int("1", "6"), 31:number>`},
		{"$${a}", `"${a}"`},
	}
	for _, test := range tests {
		e, err := expression.Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, show(e)); diff != "" {
			t.Errorf("%s:\n%s", test.text, diff)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ text, want string }{
		{"$fullName and more",
			"9: there is more after $fullName: in a text write ${fullName}, and $$ for a dollar"},
		{"$past(1d", "5: the parenthesis of $past( is not closed; within { } or [ ] of YAML, " +
			"a generator with a comma needs quotes around it"},
		{"$parent.", "8: $parent. needs the name of a column"},
		{"$pick(a,)", "8: an argument of $pick is missing"},
		{"$pick(,a)", "6: an argument of $pick is missing"},
		{"$pick('a", "6: the quote ' is not closed"},
		{"$pick('a' b)", "10: after an argument of $pick there must be a comma or a parenthesis"},
		{"$pick(a(b))", "7: an argument of $pick with a parenthesis needs quotes"},
		{"$bcrypt(${name})",
			"8: write $column for a column's value, or put the text in quotes"},
		{"a ${b", "2: the brace of ${ is not closed"},
		{"a ${b(1)", "2: the brace of ${ is not closed"},
		{"a ${ }", "2: the braces of ${} are empty: write $$ for a dollar"},
		{"a ${$b}", "4: there is no dollar in the braces of ${…}"},
		{"a ${(b)}", "4: the name of a generator or a column is missing"},
		{strings.Repeat("$a(", 1000),
			"60: there are more than 20 generators in one another"},
	}
	for _, test := range tests {
		_, err := expression.Parse(test.text)
		failure, ok := errors.AsType[*expression.Error](err)
		if !ok {
			t.Errorf("%s: got %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, fmt.Sprintf("%d: %v", failure.Offset, failure)); diff != "" {
			t.Errorf("%s:\n%s", test.text, diff)
		}
	}
}

// FuzzParse checks that every text is read or has a mistake within it.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"$pick(a, 'b', $c(1))", "${a} $$ ${b(1, ${c})}", "$parent.x", "$a(\"${b('c')}\")", "$a(${",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := expression.Parse(text)
		failure, ok := errors.AsType[*expression.Error](err)
		switch {
		case err == nil && e == nil, err != nil && !ok:
			t.Errorf("%q: %v, %v", text, e, err)
		case ok && (failure.Offset < 0 || failure.Offset > len(text)):
			t.Errorf("%q: %v at %d", text, err, failure.Offset)
		case err == nil && !strings.Contains(text, "$") && show(e) != fmt.Sprintf("%q", text):
			t.Errorf("%q: %s", text, show(e))
		}
	})
}
