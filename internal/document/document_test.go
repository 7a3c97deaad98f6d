package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/document"
)

var rules = document.Rules{What: "a file", Bytes: 1 << 20, Keys: 1000, Levels: 8, Binary: true}

// show writes a node in one line, with the places of scalars.
func show(n *document.Node) string {
	switch n.Kind {
	case document.Map:
		var fields []string
		for _, f := range n.Fields {
			fields = append(fields, f.Key.Text+": "+show(f.Value))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case document.List:
		var items []string
		for _, item := range n.Items {
			items = append(items, show(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	kinds := map[document.Kind]string{
		document.Null: "null", document.Bool: "bool", document.Number: "number",
		document.Text: "text", document.Binary: "binary",
	}
	return fmt.Sprintf("%s %q %d:%d", kinds[n.Kind], n.Text, n.At.Line, n.At.Column)
}

func showAll(n *document.Node, mistakes []document.Mistake) (out []string) {
	if n != nil {
		out = append(out, show(n))
	}
	for _, m := range mistakes {
		out = append(out, fmt.Sprintf("%d:%d: %s", m.At.Line, m.At.Column, m.Text))
	}
	return out
}

func TestYAML(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"numbers as they are written", "[1, -5, +5, 01, 1.50, .5, 5., 1e3, 0x1F, 0o17, .inf]",
			`[number "1" 1:2, number "-5" 1:5, number "+5" 1:9, number "01" 1:13, ` +
				`number "1.50" 1:17, number ".5" 1:23, number "5." 1:27, number "1e3" 1:31, ` +
				`number "0x1F" 1:36, number "0o17" 1:42, number ".inf" 1:48]`},
		{"a long number", "99999999999999999999", `number "99999999999999999999" 1:1`},
		{"texts", "[a b, '1', \"true\", 1_000, yes, 2025-01-01, 1.2.3, +, '']",
			`[text "a b" 1:2, text "1" 1:7, text "true" 1:12, text "1_000" 1:20, ` +
				`text "yes" 1:27, text "2025-01-01" 1:32, text "1.2.3" 1:44, text "+" 1:51, ` +
				`text "" 1:54]`},
		{"words", "[true, False, null, ~]",
			`[bool "true" 1:2, bool "False" 1:8, null "null" 1:15, null "~" 1:21]`},
		{"maps", "a:\n  b: |\n    x\n    y\n  c: {d: e}\n  '1': !!binary aGk=\n",
			"{a: {b: text \"x\\ny\\n\" 2:6, c: {d: text \"e\" 5:10}, 1: binary \"hi\" 6:8}}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := showAll(document.YAML([]byte(test.source), rules))
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	source := "{\"ä\": [1, -2.50, 1e400, true, null, \"a\\u00e4\"],\n  \"b\" : {\"c\": \"d\"}}"
	want := `{ä: [number "1" 1:8, number "-2.50" 1:11, number "1e400" 1:18, bool "true" 1:25, ` +
		`null "" 1:31, text "aä" 1:37], b: {c: text "d" 2:15}}`
	got := showAll(document.JSON([]byte(source), rules))
	if diff := cmp.Diff([]string{want}, got); diff != "" {
		t.Error(diff)
	}
}

func TestMistakes(t *testing.T) {
	repeat := strings.Repeat
	const twice = `the key "a" is there twice, first in line 1`
	tests := []struct {
		name, source string
		json         bool
		want         []string
	}{
		{"empty", "", false, []string{"1:1: the file is empty"}},
		{"a comment", "# a\n", false, []string{"1:1: the file is empty"}},
		{"empty JSON", " \n", true, []string{"1:1: the file is empty"}},
		{"twice", "a: 1\na: 2\n", false, []string{`{a: number "1" 1:4}`, "2:1: " + twice}},
		{"twice in JSON", "{\"a\": 1,\n\"a\": 2}", true,
			[]string{`{a: number "1" 1:7}`, "2:1: " + twice}},
		{"an alias", "a: &b 1\nc: *b\n", false, []string{
			"1:4: an ampersand begins an anchor of YAML, which a file must not have: " +
				"put the text in quotes",
			"2:4: a star begins an alias of YAML, which a file must not have: " +
				"put a text that begins with a star in quotes",
		}},
		{"a tag", "a: !!int 1\n", false, []string{
			"1:4: an exclamation mark begins a tag of YAML, which a file must not have: " +
				"put the text in quotes",
		}},
		{"no base64", "a: !!binary '*'\n", false,
			[]string{`{a: binary "" 1:4}`, "1:4: !!binary needs the data in base64"}},
		{"not UTF-8", "a: ä\xff", false, []string{"1:5: the byte 0xff is no UTF-8"}},
		{"levels", repeat("[", 1<<19), false,
			[]string{"1:9: lists in lists in lists are no part of a file"}},
		{"levels of JSON", repeat("[", 1<<19), true,
			[]string{"1:9: lists in lists in lists are no part of a file"}},
		{"closed levels of JSON", repeat("[", 9) + repeat("]", 9), true,
			[]string{"1:9: lists in lists in lists are no part of a file"}},
		{"keys", repeat("a:\n", 1<<17), false,
			[]string{"1001:2: the file has more than 1000 keys"}},
		{"two documents", "a: 1\n---\nb: 2\n", false,
			[]string{"3:1: a second document: a file is one document"}},
		{"two values", "{} []", true, []string{"1:4: a second value: a file is one value"}},
		{"broken JSON", "{\"a\": 1,\n b: 2}", true,
			[]string{"2:2: invalid character 'b' looking for beginning of object key string"}},
		{"cut JSON", "{\"a\": [1,\n", true, []string{"1:10: unexpected end of JSON input"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			read := document.YAML
			if test.json {
				read = document.JSON
			}
			got := showAll(read([]byte(test.source), rules))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzRead checks that what cannot be read has a place in the file.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"a: [1, {b: c}]\n", "{\"a\": 1}", "a: !!binary aGk=", "? a\n: b", "- - -", "a: |\n  b",
		"a:\n\tb", "'", "\"\\x", "{a", "[a, ]", "%YAML 1.2\n---\na", "a: b: c", "!!binary",
		"a: !!binary\n", "a: !!binary {b: c}", "*", "&a", "<<: {}", "---\n---\n", "a\n---",
		"\ufeffa: b", "a: 'b\n  c'",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		lines := strings.Count(string(source), "\n") + strings.Count(string(source), "\r") + 1
		for _, read := range []func([]byte, document.Rules) (*document.Node, []document.Mistake){
			document.YAML, document.JSON, readCSV,
		} {
			n, mistakes := read(source, rules)
			if n == nil && len(mistakes) == 0 {
				t.Errorf("%q: neither a value nor a mistake", source)
			}
			for _, m := range mistakes {
				if m.At.Line < 1 || m.At.Column < 1 || m.At.Line > lines+1 {
					t.Errorf("%q: %v", source, m)
				}
			}
		}
	})
}
