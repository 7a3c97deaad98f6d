package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/starter"
)

// This file finds fixtures of which gen can generate a database.

// A refusal says that rows of a table of the database are left out.
type refusal struct {
	table, first string // first is the path of the first row, and why it is left out
	rows         int
}

func addRefusal(refusals []refusal, table string, mistake *generate.FixtureError) []refusal {
	for i := range refusals {
		if refusals[i].table == table {
			refusals[i].rows++
			return refusals
		}
	}
	return append(refusals, refusal{table, mistake.Path + ": " + mistake.Msg, 1})
}

// start makes the fixtures, and generates a database of them. It makes fewer rows of tables that
// generate cannot fill, and leaves out those that it cannot fill then. It leaves out rows of the
// database that generate refuses, such as one with text in a column for numbers. It says why. Each
// try takes other rows in place of refused ones, so it leaves out a table after mostTries.
func (opts initOptions) start(ctx context.Context) (
	start starter.Start, leftOut []generate.LeftOut, refusals []refusal, err error,
) {
	const mostTries = 20
	dir, err := os.MkdirTemp("", "seedkit-init-*")
	if err != nil {
		return start, nil, nil, err
	}
	defer os.RemoveAll(dir)
	var single, tables []string
	var without []starter.Source
	for try := 1; ; try++ {
		start, err = starter.Make(ctx, starter.Options{
			Schema: opts.schema, From: opts.from, Take: opts.take, LeaveOut: tables,
			Single: single, Without: without,
		})
		if err != nil {
			return start, nil, nil, err
		}
		refused, err := opts.try(ctx, dir, start.Files)
		known := len(without) + len(tables)
		for _, mistake := range mistakesIn(err) {
			source, ok := sourceOf(start, mistake.Path)
			switch {
			case !ok, slices.Contains(without, source), slices.Contains(tables, source.Table):
			case try <= mostTries:
				without = append(without, source)
				refusals = addRefusal(refusals, source.Table, mistake)
			default:
				tables = append(tables, source.Table)
				leftOut = append(leftOut, generate.LeftOut{Table: source.Table, Why: mistake.Msg})
				refusals = slices.DeleteFunc(refusals, func(r refusal) bool {
					return r.table == source.Table
				})
			}
		}
		if len(without)+len(tables) > known {
			continue
		}
		if err != nil || len(refused) == 0 {
			return start, leftOut, refusals, err
		}
		for _, table := range refused {
			if opts.from == "" && !slices.Contains(single, table.Table) {
				single = append(single, table.Table) // there may be room for fewer rows
				continue
			}
			leftOut, tables = append(leftOut, table), append(tables, table.Table)
		}
	}
}

// try generates a database of files in a folder. It returns the tables that cannot be filled.
func (opts initOptions) try(
	ctx context.Context, dir string, files []starter.File,
) (refused []generate.LeftOut, err error) {
	for _, file := range files {
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, []byte(file.Text), 0o600); err != nil {
			return nil, err
		}
	}
	sets, err := generate.ReadSets(dir)
	if err != nil {
		return nil, err
	}
	report, err := generate.Write(ctx, filepath.Join(dir, "seed.db"), generate.Options{
		SchemaPath: opts.schema, Sets: sets, Like: opts.from, Now: generate.DefaultNow,
		KeepGoing: true, Force: true,
	})
	for _, table := range report.LeftOut {
		if !slices.ContainsFunc(refused, func(other generate.LeftOut) bool {
			return other.Table == table.Table
		}) {
			refused = append(refused, table)
		}
	}
	return refused, err
}

// mistakesIn returns the mistakes in fixtures that an error joins.
func mistakesIn(err error) (mistakes []*generate.FixtureError) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			mistakes = append(mistakes, mistakesIn(one)...)
		}
		return mistakes
	}
	if mistake, ok := errors.AsType[*generate.FixtureError](err); ok {
		mistakes = append(mistakes, mistake)
	}
	return mistakes
}

// sourceOf returns the row of the database at a path, or around it.
func sourceOf(start starter.Start, path string) (starter.Source, bool) {
	for {
		if source, ok := start.Sources[path]; ok {
			return source, true
		}
		end := strings.LastIndex(path, "/")
		if end < 0 {
			return starter.Source{}, false
		}
		path = path[:end]
	}
}
