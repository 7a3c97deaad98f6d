package command

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

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
	case got.Verb != "" && got.Verb != "version" &&
		!strings.Contains(strings.Join(args, " ")+" ", " "+got.Verb+" "):
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

// checkStderr checks that standard error has the errors, the warnings and the hint of the object.
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

// checkReport checks that each object of the report has the keys of its type, and that nothing is
// null.
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

// says checks that the object on standard output has a value, written as JSON, at a path:
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

// full is a writer to a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestJSONNotWritten checks that an object which cannot be written is an error, and that a verb
// that failed keeps its exit code.
func TestJSONNotWritten(t *testing.T) {
	for _, test := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{"version", "--json"}, exitFailed,
			"seedkit: error: write the JSON of version: no space left on device\n"},
		{[]string{"verify", "nowhere.db", "--json", "--foo"}, exitUsage,
			"seedkit: error: unknown flag --foo for verify\n" +
				"seedkit: hint: seedkit help verify lists its flags; " +
				"-- goes before an argument that begins with a dash\n" +
				"seedkit: error: write the JSON of verify: no space left on device\n"},
	} {
		var stderr bytes.Buffer
		code := run(t.Context(), test.args, strings.NewReader(""), full{}, &stderr)
		if code != test.code {
			t.Errorf("%q: exit code %d, want %d", test.args, code, test.code)
		}
		if diff := cmp.Diff(test.stderr, stderr.String()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.args, diff)
		}
	}
}
