package generate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
)

// WriteJSONSchema writes a JSON Schema (draft 7) of the files of fixtures for a database. Editors
// complete and check files with it. Only SchemaPath and SchemaSQL of the options count.
func WriteJSONSchema(ctx context.Context, w io.Writer, opts Options) error {
	m, err := opts.schemaModel(ctx)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(jsonSchema(m))
}

// schemaModel reads the model of the options' schema alone.
func (o Options) schemaModel(ctx context.Context) (*model.Model, error) {
	source, err := o.source(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s, err := openScratch(ctx, DefaultNow)
	if err != nil {
		return nil, err
	}
	defer s.c.Close()
	if err := s.apply(source); err != nil {
		return nil, fmt.Errorf("apply the schema: %w", err)
	}
	return model.Read(s.c)
}

// object is an object of JSON. Its keys are written in the order of their names.
type object = map[string]any

func jsonSchema(m *model.Model) object {
	var names = object{
		"anyOf": []any{
			object{"type": "string"}, object{"type": "array", "items": object{"type": "string"}},
		},
	}
	properties := object{
		"$schema": object{"type": "string"},
		"$sample": object{
			"type": "boolean", "description": "Production must not have the rows of this file.",
		},
		"$needs": object{
			"$ref":        "#/definitions/names",
			"description": "The sets to whose rows this file refers.",
		},
		"$whole": object{
			"$ref":        "#/definitions/names",
			"description": "The tables of which this file has all rows.",
		},
	}
	definitions := object{"names": names, "value": valueSchema()}
	for _, t := range m.Tables {
		row := object{"$ref": rowRef(m, t)}
		properties[keyOfName(t.Name)] = object{"anyOf": []any{
			object{"type": "object", "additionalProperties": row},
			object{"type": "array", "items": row},
			object{"type": "null"},
		}}
		definitions[rowName(m, t)] = rowSchema(m, t)
	}
	return object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "Fixtures for seedkit",
		"type": "object", "properties": properties, "additionalProperties": false,
		"definitions": definitions,
	}
}

// valueSchema accepts every value. An editor offers the generators, which it lists.
func valueSchema() object {
	var usages []any
	for i := range generators {
		usages = append(usages, generators[i].usage())
	}
	return object{"anyOf": []any{object{"enum": usages}, object{}}}
}

// rowName names the definition of a table's rows. The names of tables may have characters that a
// reference cannot have.
func rowName(m *model.Model, t *model.Table) string {
	for i, other := range m.Tables {
		if other == t {
			return fmt.Sprintf("row%d", i+1)
		}
	}
	return ""
}

func rowRef(m *model.Model, t *model.Table) string { return "#/definitions/" + rowName(m, t) }

// rowSchema describes the keys of a row: columns, and tables with parts of the row or with rows to
// link to.
func rowSchema(m *model.Model, t *model.Table) object {
	properties, counted := object{}, object{}
	for _, c := range t.Columns {
		properties[keyOfName(c.Name)] = columnSchema(c)
	}
	for _, other := range m.Tables {
		var shapes []any
		if refersTo(other, t) {
			row := object{"$ref": rowRef(m, other)}
			shapes = append(shapes, row, object{"type": "array", "items": row})
			counted["^"+regexp.QuoteMeta(keyOfName(other.Name))+` *\* *[0-9]+(\.\.[0-9]+)?$`] = row
		}
		if joins := m.Joins(t, other, nil); len(joins) == 1 {
			link := linkSchema(joins[0])
			shapes = append(shapes, object{"$ref": "#/definitions/names"}, link, object{
				"type": "array", "items": object{"anyOf": []any{object{"type": "string"}, link}},
			})
		}
		key := keyOfName(other.Name)
		if _, isColumn := properties[key]; !isColumn && shapes != nil {
			properties[key] = object{"anyOf": shapes}
		}
	}
	return object{
		"title": "a row of " + t.Name, "type": []any{"object", "null"}, "properties": properties,
		"patternProperties": counted, "additionalProperties": false,
	}
}

// linkSchema describes links with columns of the joining rows.
func linkSchema(j model.Join) object {
	properties := object{linkDirective: object{"$ref": "#/definitions/names"}}
	for _, c := range j.Table.Columns {
		if !slices.Contains(j.From.Columns, c.Index) && !slices.Contains(j.To.Columns, c.Index) {
			properties[keyOfName(c.Name)] = columnSchema(c)
		}
	}
	return object{
		"title": "a link by a row of " + j.Table.Name, "type": "object",
		"properties": properties, "required": []any{linkDirective}, "additionalProperties": false,
	}
}

func refersTo(t, parent *model.Table) bool {
	for _, fk := range t.Keys {
		if fk.Parent == parent {
			return true
		}
	}
	return false
}

func columnSchema(c *model.Column) object {
	description := strings.TrimSpace(c.Type)
	if c.NotNull {
		description += " NOT NULL"
	}
	if c.Key != nil {
		description += ", refers to " + c.Key.Parent.Name
	}
	out := object{"$ref": "#/definitions/value"}
	if len(c.Texts) > 0 {
		texts := make([]any, len(c.Texts))
		for i, text := range c.Texts {
			texts[i] = text
		}
		out = object{"anyOf": []any{object{"enum": texts}, out}}
	}
	// Readers of draft 7 ignore what stands beside $ref, but editors show it.
	out["description"] = strings.TrimPrefix(strings.TrimSpace(description), ", ")
	return out
}
