package generate_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/document"
)

// A jsonSchema is the part of a JSON Schema that the tests look at.
type jsonSchema struct {
	Ref                  string                `json:"$ref"`
	Title                string                `json:"title"`
	Description          string                `json:"description"`
	Enum                 []string              `json:"enum"`
	AnyOf                []jsonSchema          `json:"anyOf"`
	Items                *jsonSchema           `json:"items"`
	Properties           map[string]jsonSchema `json:"properties"`
	PatternProperties    map[string]jsonSchema `json:"patternProperties"`
	AdditionalProperties any                   `json:"additionalProperties"`
	Definitions          map[string]jsonSchema `json:"definitions"`
}

func readJSONSchema(t *testing.T, schema string) (s jsonSchema) {
	t.Helper()
	var text bytes.Buffer
	err := generate.WriteJSONSchema(t.Context(), &text, generate.Options{SchemaSQL: schema})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// rowOf returns the schema of a table's rows.
func (s jsonSchema) rowOf(t *testing.T, table string) jsonSchema {
	t.Helper()
	for _, definition := range s.Definitions {
		if definition.Title == "a row of "+table {
			return definition
		}
	}
	t.Fatalf("no rows of %s", table)
	return s
}

func TestJSONSchema(t *testing.T) {
	s := readJSONSchema(t, blog+`CREATE TABLE "a b/c*"(id INTEGER PRIMARY KEY,
		status TEXT NOT NULL CHECK (status IN ('draft', 'live')), note TEXT REFERENCES Note(id))`)
	want := []string{
		"$needs", "$sample", "$schema", "$whole", "Country", "Note", "Password", "Role", "RoleUser",
		"Session", "User", "a b/c*",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(s.Properties))); diff != "" {
		t.Error(diff)
	}
	odd, note := s.rowOf(t, "a b/c*"), s.rowOf(t, "Note")
	status := odd.Properties["status"]
	if status.Description != "TEXT NOT NULL" ||
		!slices.Equal(status.AnyOf[0].Enum, []string{"draft", "live"}) {
		t.Errorf("status: %+v", status)
	}
	if got := odd.Properties["note"].Description; got != "TEXT, refers to Note" {
		t.Errorf("note: %s", got)
	}
	accepts(t, note, "a b/c*", "a b/c* * 3", "a b/c* * 1..3", "title")
	refuses(t, note, "User", "a b/c * 3", "a b/cc * 1", "titel")
	if got := s.Definitions["value"].AnyOf[0].Enum; !slices.Contains(got, "$sentence(words)") {
		t.Errorf("generators: %v", got)
	}
	role := s.rowOf(t, "User").Properties["Role"]
	if len(role.AnyOf) != 3 || role.AnyOf[0].Ref != "#/definitions/names" {
		t.Errorf("links of a user to roles: %+v", role)
	}
	accepts(t, role.AnyOf[1], "$link")
	refuses(t, role.AnyOf[1], "A", "B", "$lnk")
}

// TestJSONSchemaAcceptsFixtures checks that the schema has every key of fixtures that Write takes.
func TestJSONSchemaAcceptsFixtures(t *testing.T) {
	s := readJSONSchema(t, blog)
	rules := document.Rules{What: "a file", Bytes: 1 << 20, Keys: 1000, Levels: 10, Binary: true}
	for name, text := range blogYAML {
		root, found := document.YAML([]byte(text), rules)
		if len(found) > 0 {
			t.Fatalf("%s: %v", name, found)
		}
		for _, table := range root.Fields {
			accepts(t, s, table.Key.Text)
			for _, row := range table.Value.Fields {
				acceptsRow(t, s, table.Key.Text, row.Value)
			}
		}
	}
}

func acceptsRow(t *testing.T, s jsonSchema, table string, row *document.Node) {
	t.Helper()
	for _, f := range row.Fields {
		accepts(t, s.rowOf(t, table), f.Key.Text)
		part, _, _ := strings.Cut(f.Key.Text, " *")
		if _, isTable := s.Properties[part]; isTable && f.Value.Kind == document.Map {
			acceptsRow(t, s, part, f.Value)
		}
	}
}

func accepts(t *testing.T, s jsonSchema, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if !s.has(key) {
			t.Errorf("%q is refused", key)
		}
	}
}

func refuses(t *testing.T, s jsonSchema, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if s.has(key) {
			t.Errorf("%q is accepted", key)
		}
	}
}

// has reports whether an object with the schema may have a key.
func (s jsonSchema) has(key string) bool {
	if _, ok := s.Properties[key]; ok || s.AdditionalProperties != false {
		return true
	}
	for pattern := range s.PatternProperties {
		if regexp.MustCompile(pattern).MatchString(key) {
			return true
		}
	}
	return false
}
