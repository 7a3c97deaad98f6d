package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
)

type genOptions struct {
	fixtures []string
	out      string
	schema   string
	sets     []string
	seed     string
	now      time.Time
	datetime generate.Datetime
	force    bool

	generators bool // list the generators instead
	jsonSchema bool // print the JSON Schema of the fixtures instead
}

func newGen(t *terminal) *verb {
	opts := genOptions{out: "seed.db", now: generate.DefaultNow, datetime: generate.Auto}
	return &verb{
		name:    "gen",
		group:   groupSeed,
		purpose: "Generate a database from fixtures",
		args:    "[FIXTURES…]",
		examples: []string{
			"seedkit gen",
			"seedkit gen seed/ --schema prisma/migrations",
			"seedkit gen --set reference -o reference.db",
		},
		exits: []int{exitRefused},
		flags: []cli.Flag{
			databaseFlag(&opts.out, "out", "write the database to `FILE`", "o"),
			databaseFlag(&opts.schema, "schema",
				"take the schema, and the rows it comes with, from `PATH`: a folder of "+
					"migrations, a script, or a database (its schema alone) (default: the one "+
					"that the app's folder has, else the Epic Stack's)"),
			stringsFlag(&opts.sets, "set",
				"generate the set `NAME` and those that it needs, not all of them"),
			stringFlag(&opts.seed, "seed", "let `TEXT` determine the random values"),
			timeFlag(&opts.now, "now", "let the fixtures believe that it is `TIME`"),
			choiceFlag(&opts.datetime, generate.Datetimes, "datetime",
				"store timestamps as `FORMAT`: unix-ms, unix, iso, or auto for what the schema's "+
					"rows have"),
			boolFlag(&opts.force, "force", "overwrite FILE even if seedkit did not make it"),
			boolFlag(&opts.generators, "generators", "list the generators of fixtures instead"),
			boolFlag(&opts.jsonSchema, "json-schema",
				"print a JSON Schema of the fixtures instead, with which editors check them"),
		},
		run: func(ctx context.Context, args []string) error {
			opts.fixtures = args
			switch {
			case opts.generators:
				return t.listGenerators()
			case opts.jsonSchema:
				return t.printJSONSchema(ctx, opts.schema)
			}
			return runGen(ctx, t, opts)
		},
	}
}

func runGen(ctx context.Context, t *terminal, opts genOptions) error {
	if opts.out == "-" {
		return usagef("a database cannot be written to standard output").
			hintf("write: seedkit gen -o seed.db")
	}
	if opts.schema == "" {
		found, err := t.findSchema(ctx)
		if err != nil {
			return err
		}
		opts.schema = found
	}
	fixtures, err := t.findFixtures(opts.fixtures)
	if err != nil {
		return err
	}
	if opts.schema == "" && !fixtures.builtIn {
		return usagef("gen needs the schema of these fixtures, and there is none here").
			hintf("--schema takes a folder of migrations, a script, or a database")
	}
	bar := &stageBars{term: t}
	defer bar.close()
	report, err := generate.Write(ctx, opts.out, generate.Options{
		SchemaPath:      opts.schema,
		SchemaSQL:       epicstack.Schema,
		Sets:            fixtures.sets,
		Only:            opts.sets,
		Seed:            opts.seed,
		Now:             opts.now,
		Datetime:        opts.datetime,
		DatetimeDefault: datetimeDefault(opts.schema),
		Force:           opts.force,
		Progress:        bar.generated,
	})
	bar.close()
	if err != nil && fixtures.builtIn {
		return unfit(opts.schema, err)
	} else if err != nil {
		return err
	}
	t.json.give(genReport{Path: opts.out, Report: report}, nil)
	return t.reportGen(opts, report)
}

// A genReport says what gen generated, and where.
type genReport struct {
	Path string `json:"path"`
	generate.Report
}

// datetimeDefault returns the form of timestamps for the built-in schema, which has no rows that
// show a form. It returns "" for a schema of the user's.
func datetimeDefault(schema string) generate.Datetime {
	if schema != "" {
		return ""
	}
	return epicstack.Datetime
}

// reportGen prints what was made, and the command to type next.
func (t *terminal) reportGen(opts genOptions, report generate.Report) error {
	for _, note := range report.Notes {
		t.warnf("%s", note)
	}
	if t.quiet {
		return nil
	}
	var rows [][]string
	var total int64
	for _, table := range report.Tables {
		rows = append(rows, []string{table.Table, strconv.FormatInt(table.Rows, 10), origin(table)})
		total += table.Rows
	}
	if err := writeTable(t.err, []string{"TABLE", "ROWS", ""}, rows); err != nil {
		return err
	}
	t.sayf("")
	t.sayf("made %s: %s in %s, from the fixtures %s", opts.out, countRows(total),
		countTables(int64(len(report.Tables))), listed("and", report.Sets))
	t.sayf("timestamps are stored as %s, %s", report.Datetime, report.DatetimeWhy)
	t.sayf("next: %s", nextAfterGen(opts))
	return nil
}

// origin says where a table's rows come from, unless fixtures alone made them.
func origin(table generate.TableReport) string {
	switch {
	case table.Baseline == 0:
		return ""
	case table.Adopted == table.Baseline:
		return fmt.Sprintf("%d from the schema's scripts", table.Baseline)
	default:
		return fmt.Sprintf("%d from the schema's scripts, %d of them fixtures too",
			table.Baseline, table.Adopted)
	}
}

func nextAfterGen(opts genOptions) string {
	if opts.schema != "" {
		return quoted("seedkit", "apply", opts.out, "--to", "DB", "--dry-run")
	}
	return quoted("seedkit", "dump", opts.out, "-o", "seed.sql")
}
