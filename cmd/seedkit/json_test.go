package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seedkit/seedkit/apply"
)

// reports has the report of each verb.
var reports = map[string]any{
	"gen":     genReport{},
	"dump":    dumpReport{},
	"extract": extractReport{},
	"apply":   apply.Result{},
	"backup":  apply.Manifest{},
	"verify":  apply.Report{},
	"restore": restoreReport{},
	"version": versionReport{},
}

// A key is one that an object of JSON has.
type key struct {
	path     string // "plan.tables[].new"
	kind     string // "text", "number", "bool", "time", "object", "manifest", or a list of one
	optional bool
}

var (
	manifestIn = reflect.TypeFor[apply.Manifest]()
	rowErrorIn = reflect.TypeFor[apply.RowError]()
)

// keysOf lists the keys of a struct type.
func keysOf(in reflect.Type, prefix string) (keys []key) {
	for field := range in.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-":
			continue
		case field.Anonymous && name == "":
			keys = append(keys, keysOf(field.Type, prefix)...)
			continue
		}
		k, element := keyOf(field, prefix+name)
		k.optional = strings.HasPrefix(options, "omit")
		keys = append(keys, k)
		if k.kind == "object" || k.kind == "list of objects" {
			keys = append(keys, keysOf(element, k.path+".")...)
		}
		if element == rowErrorIn {
			keys = append(keys, key{path: k.path + ".why", kind: "text"})
		}
	}
	return keys
}

// keyOf returns the key of a field, and the type of its object or of its list's elements.
func keyOf(field reflect.StructField, path string) (key, reflect.Type) {
	element, many := field.Type, field.Type.Kind() == reflect.Slice
	if many {
		element, path = element.Elem(), path+"[]"
	}
	if element.Kind() == reflect.Pointer {
		element = element.Elem()
	}
	kind := map[reflect.Kind]string{
		reflect.String: "text", reflect.Int64: "number", reflect.Bool: "bool",
		reflect.Struct: "object",
	}[element.Kind()]
	switch element {
	case manifestIn:
		kind = "manifest"
	case reflect.TypeFor[time.Time]():
		kind = "time"
	}
	if many && kind != "" {
		kind = "list of " + kind + "s"
	}
	return key{path: path, kind: kind}, element
}

// TestKeys holds that each field of a report has a key in snake case, and that counts are int64.
func TestKeys(t *testing.T) {
	path := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*(\[\])?(\.[a-z0-9]+(_[a-z0-9]+)*(\[\])?)*$`)
	for verb, report := range reports {
		for _, k := range keysOf(reflect.TypeOf(report), "") {
			if k.kind == "" || !path.MatchString(k.path) {
				t.Errorf("%s: %q has no tag, or a type that reports do not have", verb, k.path)
			}
		}
	}
}

// TestReportsOnThePage holds that docs/json.md has a row for each key that a report can have, and
// for no other.
func TestReportsOnThePage(t *testing.T) {
	text, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(text), "\n## ")[1:]
	check := func(title string, in reflect.Type) {
		i := slices.IndexFunc(sections, func(s string) bool { return strings.HasPrefix(s, title+"\n") })
		if i < 0 {
			t.Errorf("the page has no section %q", title)
			return
		}
		var want []string
		for _, k := range keysOf(in, "") {
			row := fmt.Sprintf("| `%s` | %s |", k.path, k.kind)
			if k.optional {
				row += " absent"
			}
			want = append(want, row)
		}
		if diff := cmp.Diff(want, rowsOn(sections[i])); diff != "" {
			t.Errorf("section %q (-the types, +the page):\n%s", title, diff)
		}
	}
	for _, construct := range constructors {
		verb := construct(newTerminal(strings.NewReader(""), io.Discard, io.Discard)).name
		report, ok := reports[verb]
		switch {
		case !ok:
			t.Errorf("nothing is known of the report of %s", verb)
		case verb != "backup":
			check("The report of "+verb, reflect.TypeOf(report))
		}
	}
	check("A backup's manifest", manifestIn)
	for field := range reflect.TypeFor[answer]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() == reflect.Slice {
			name += "[]"
		}
		if !strings.Contains(sections[0], "\n| `"+name+"` |") {
			t.Errorf("the page does not have %s of the object", name)
		}
	}
}

var keyRow = regexp.MustCompile("(?m)^(\\| `[^`]+` \\| [a-z ]+ \\|)( absent)?")

// rowsOn returns the begin of each row on a page that is about a key.
func rowsOn(page string) []string { return keyRow.FindAllString(page, -1) }

// answers runs a command that must end with the given exit code and print one JSON object, as
// docs/json.md describes it:
//
//	answers 3 seedkit apply seed.sql --to production.db --json
func answers(ts *testscript.TestScript, neg bool, args []string) {
	exits(ts, neg, args)
	text := ts.ReadFile("stdout")
	var got answer
	in := json.NewDecoder(strings.NewReader(text))
	in.DisallowUnknownFields()
	ts.Check(in.Decode(&got))
	if _, err := in.Token(); err != io.EOF {
		ts.Fatalf("more than one object")
	}
	var indented bytes.Buffer
	ts.Check(json.Indent(&indented, []byte(text), "", "  "))
	if indented.String() != text || !strings.HasSuffix(text, "\n}\n") {
		ts.Fatalf("the object is not indented, or does not end with one newline")
	}
	switch code, _ := strconv.Atoi(args[0]); {
	case got.Exit != code:
		ts.Fatalf("the object says exit code %d", got.Exit)
	case got.Verb != "" && !slices.Contains(args, got.Verb) && got.Verb != "version":
		ts.Fatalf("the object is of the verb %s", got.Verb)
	case (len(got.Errors) == 0) != (code == 0):
		ts.Fatalf("the object has %d errors", len(got.Errors))
	case got.Errors == nil, got.Warnings == nil, got.Seedkit == "":
		ts.Fatalf("the object lacks errors, warnings or the version")
	}
	checkStderr(ts, got)
	if got.Report != nil {
		checkReport(ts, got)
	}
}

// checkStderr holds that standard error has the errors, warnings and the hint of the object.
func checkStderr(ts *testscript.TestScript, got answer) {
	var want []string
	for _, text := range got.Errors {
		want = append(want, "seedkit: error: "+printable(text))
	}
	for _, text := range got.Warnings {
		want = append(want, "seedkit: warning: "+printable(text))
	}
	if got.Hint != "" {
		want = append(want, "seedkit: hint: "+printable(got.Hint))
	}
	var lines []string
	for line := range strings.Lines(ts.ReadFile("stderr")) {
		if strings.HasPrefix(line, "seedkit: ") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	slices.Sort(want)
	slices.Sort(lines)
	if diff := cmp.Diff(want, lines); diff != "" {
		ts.Fatalf("standard error (-the object, +what it has):\n%s", diff)
	}
}

// checkReport holds that each object of the report has the keys of its type, and null nowhere.
func checkReport(ts *testscript.TestScript, got answer) {
	report, ok := reports[got.Verb]
	if !ok {
		ts.Fatalf("%s has a report", got.Verb)
	}
	checkObject(ts, got.Report, keysOf(reflect.TypeOf(report), ""), "")
}

func checkObject(ts *testscript.TestScript, value any, keys []key, prefix string) {
	object, ok := value.(map[string]any)
	if !ok {
		ts.Fatalf("report: %s is no object: %v", prefix, value)
	}
	for _, k := range keys {
		path, ours := strings.CutPrefix(k.path, prefix)
		name, isList := strings.CutSuffix(path, "[]")
		if !ours || strings.Contains(path, ".") {
			continue
		}
		value, ok := object[name]
		delete(object, name)
		list, _ := value.([]any)
		switch {
		case !ok && k.optional:
		case value == nil, isList && list == nil:
			ts.Fatalf("report: %s is %v", k.path, value)
		case k.kind == "manifest":
			checkObject(ts, value, keysOf(manifestIn, ""), "")
		case k.kind == "object":
			checkObject(ts, value, keys, k.path+".")
		case k.kind == "list of objects":
			for _, element := range list {
				checkObject(ts, element, keys, k.path+".")
			}
		}
	}
	for name := range object {
		ts.Fatalf("report: %s%s belongs to no type", prefix, name)
	}
}

// says holds that the object on standard output has a value, written as JSON, at a path:
//
//	says report.plan.tables.0.new 2
func says(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] says PATH JSON")
	}
	if got := valueAt(ts, args[0]); (got == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}

// plan writes the plan in the object on standard output to a file:
//
//	plan FILE
func plan(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: plan FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(valueAt(ts, "report.plan")), 0o666))
}

// valueAt returns a part of the object on standard output as JSON, with sorted keys.
func valueAt(ts *testscript.TestScript, path string) string {
	var at any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &at))
	for name := range strings.SplitSeq(path, ".") {
		switch in := at.(type) {
		case map[string]any:
			at = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				ts.Fatalf("there is no %s: the list has %d elements", path, len(in))
			}
			at = in[i]
		default:
			at = nil
		}
	}
	text, err := json.Marshal(at)
	ts.Check(err)
	return string(text)
}
