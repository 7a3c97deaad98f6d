package command

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
)

// An answer is the object that --json prints on standard output, however the verb ends.
// docs/json.md describes it. Without --json the answer is nil, and its methods do nothing.
type answer struct {
	Seedkit  string            `json:"seedkit"`        // the version
	Verb     string            `json:"verb,omitempty"` // "" if the command line names none
	Exit     int               `json:"exit"`
	Errors   []string          `json:"errors"`
	Hint     string            `json:"hint,omitempty"`
	Warnings []string          `json:"warnings"`
	Found    map[string]string `json:"found,omitempty"` // by kind: paths that the app's folder gave
	Report   any               `json:"report,omitempty"`
}

// newAnswer returns an answer if argv, or otherwise the environment, asks for JSON, even if the
// rest of argv is wrong. No flag takes a value that begins with two dashes, so --json is always the
// flag.
func newAnswer(argv []string) *answer {
	asked, _ := strconv.ParseBool(os.Getenv(variableOf("json")))
	for _, word := range argv {
		name, value, hasValue := strings.Cut(word, "=")
		if word == "--" {
			break
		}
		if name == "--json" {
			given, err := strconv.ParseBool(value)
			asked = !hasValue || err == nil && given
		}
	}
	if !asked {
		return nil
	}
	return &answer{Seedkit: seedkitVersion(), Errors: []string{}, Warnings: []string{}}
}

func (a *answer) warn(text string) {
	if a != nil {
		a.Warnings = append(a.Warnings, text)
	}
}

// find records that the app's folder gave the path.
func (a *answer) find(kind, path string) {
	if a == nil {
		return
	}
	if a.Found == nil {
		a.Found = map[string]string{}
	}
	a.Found[kind] = path
}

// give sets the report, a struct. If the verb ended with err, give ignores a zero report, which
// says nothing.
func (a *answer) give(report any, err error) {
	if a != nil && (err == nil || !reflect.ValueOf(report).IsZero()) {
		a.Report = report
	}
}

// print writes the answer to standard output. err is the error that the verb ended with, or nil.
func (a *answer) print(t *terminal, err error) error {
	if a == nil {
		return nil
	}
	a.Exit, a.Hint = exitCode(err), hintFor(err)
	a.Errors = append(a.Errors, errorTexts(err)...)
	report := a.Report
	if report != nil {
		a.Report = withLists(report)
	}
	out := json.NewEncoder(t.out)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(a); err != nil {
		return unreported(report, fmt.Errorf("write the JSON of %s: %w", a.Verb, err))
	}
	return nil
}

// withLists returns a pointer to a copy of the struct with empty lists instead of nil ones, which
// JSON writes as null. Fields that JSON leaves out stay as they are.
func withLists(report any) any {
	filled := reflect.New(reflect.TypeOf(report))
	filled.Elem().Set(reflect.ValueOf(report))
	fillLists(filled.Elem())
	return filled.Interface()
}

func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for field, value := range v.Fields() {
			omitted := strings.Contains(field.Tag.Get("json"), ",omit") && value.IsZero()
			if field.IsExported() && !omitted {
				fillLists(value)
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	}
}
