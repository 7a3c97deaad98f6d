package command

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/rbac"
)

// reports has the report of each verb.
var reports = map[string]any{
	"init":    startReport{},
	"gen":     genReport{},
	"dump":    dumpReport{},
	"extract": extractReport{},
	"apply":   apply.Result{},
	"backup":  backup.Manifest{},
	"verify":  backup.Report{},
	"restore": restoreReport{},
	"undo":    apply.UndoResult{},
	"runs":    runsReport{},
	"version": versionReport{},

	"rbac show":  showReport{},
	"rbac check": allowedReport{},
	"rbac users": usersReport{},
	"rbac diff":  rbac.Diff{},
	"rbac init":  initReport{},
	"rbac sql":   sqlReport{},
	"rbac apply": apply.Result{},
	"rbac lint":  rbac.LintReport{},
	"rbac types": typesReport{},
}

// A key describes a key of a JSON object.
type key struct {
	path     string // "plan.tables[].new"
	kind     string // "text", "number", "bool", "time", "object", "manifest", or a list of one
	optional bool
}

var (
	manifestIn = reflect.TypeFor[backup.Manifest]()
	rowErrorIn = reflect.TypeFor[apply.RowError]()
)

// keysOf lists the keys of a struct type.
func keysOf(in reflect.Type, prefix string) (keys []key) {
	for field := range in.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported() && !field.Anonymous:
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
		reflect.String: "text", reflect.Int64: "number", reflect.Float64: "number",
		reflect.Bool:   "bool",
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

// TestKeys checks that each field of a report has a key in snake case, and that counts are int64.
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

// TestReportsOnThePage checks that docs/json.md has a row for each key that a report can have, and
// no other row.
func TestReportsOnThePage(t *testing.T) {
	text, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(text), "\n## ")[1:]
	check := func(title string, in reflect.Type) {
		i := slices.IndexFunc(sections,
			func(s string) bool { return strings.HasPrefix(s, title+"\n") })
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
	var verbs []*verb
	for _, construct := range constructors {
		verbs = append(verbs, construct(newTerminal(strings.NewReader(""), io.Discard, io.Discard)))
	}
	for _, v := range every(verbs) {
		report, ok := reports[v.name]
		switch {
		case len(v.verbs) > 0:
		case !ok:
			t.Errorf("nothing is known of the report of %s", v.name)
		case v.name == "rbac apply" && reflect.TypeOf(report) == reflect.TypeOf(reports["apply"]):
			check("The report of apply", reflect.TypeOf(report))
		case v.name != "backup":
			check("The report of "+v.name, reflect.TypeOf(report))
		}
	}
	check("The report of gen --explain", reflect.TypeFor[generate.Explanation]())
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

// rowsOn returns the beginning of each row of the page that describes a key.
func rowsOn(page string) []string { return keyRow.FindAllString(page, -1) }
