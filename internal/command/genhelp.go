package command

import (
	"context"
	"fmt"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
)

// This file has what gen prints for those who write fixtures.

// A generatorsReport lists the generators of fixtures.
type generatorsReport struct {
	Generators []generate.GeneratorDoc `json:"generators"`
}

func (t *terminal) listGenerators() error {
	docs := generate.Generators()
	t.json.give(generatorsReport{docs}, nil)
	if t.json != nil {
		return nil
	}
	var rows [][]string
	for _, g := range docs {
		rows = append(rows, []string{g.Usage, g.Doc})
	}
	t.printing = true
	return writeTable(t.out, []string{"GENERATOR", "VALUE"}, rows)
}

func (t *terminal) printJSONSchema(ctx context.Context, schema string) error {
	if t.json != nil {
		return usagef("--json-schema prints JSON itself: leave --json out")
	}
	if schema == "" {
		found, err := t.findSchema(ctx, ".")
		if err != nil {
			return err
		}
		schema = found
	}
	out, err := t.create("")
	if err != nil {
		return err
	}
	defer out.Close()
	err = generate.WriteJSONSchema(ctx, out, generate.Options{
		SchemaPath: schema, SchemaSQL: epicstack.Schema,
	})
	if err != nil {
		return fmt.Errorf("print the JSON Schema: %w", err)
	}
	return out.Commit()
}
