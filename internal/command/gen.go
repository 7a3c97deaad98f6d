package command

import (
	"context"
	"fmt"
	"os"
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
	like     string
	sets     []string
	rows     []string
	seed     string
	now      time.Time
	datetime generate.Datetime
	force    bool

	keepGoing  bool
	explain    bool // say where the values come from instead
	generators bool // list the generators instead
	jsonSchema bool // print the JSON Schema of the fixtures instead
}

// newGen makes gen, which takes fixtures from files, from a Go program, or the built-in ones.
func newGen(t *terminal) *verb {
	v := newGenOf(t, t.findFixtures)
	v.run = t.withGoProgram(v.run)
	return v
}

// newGenOf makes gen, which takes the fixtures that find returns.
func newGenOf(t *terminal, find fixtureFinder) *verb {
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
			"seedkit gen --schema schema.sql --rows '*=20'",
		},
		exits: []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.out, "out", "write the database to `FILE`", "o"),
			databaseFlag(&opts.schema, "schema",
				"take the schema, and the rows it comes with, from `PATH`: a folder of "+
					"migrations, a script, or a database (its schema alone) (default: the one "+
					"that the app's folder has, else the Epic Stack's)"),
			databaseFlag(&opts.like, "like",
				"store times and ids as the rows of `DB`, such as a copy of production, "+
					"have them"),
			stringsFlag(&opts.sets, "set",
				"generate the set `NAME` and those that it needs, not all of them"),
			stringsFlag(&opts.rows, "rows",
				"make N rows of the tables that match `PATTERN=N`, without fixtures; *=20 means "+
					"every table that no fixture names, and the last one that matches a table "+
					"counts"),
			stringFlag(&opts.seed, "seed", "let `TEXT` determine the random values"),
			timeFlag(&opts.now, "now", "let the fixtures believe that it is `TIME`"),
			choiceFlag(&opts.datetime, generate.Datetimes, "datetime",
				"store timestamps as `FORMAT`: unix-ms, unix, iso, iso-z, sql, or auto for what "+
					"each column's rows, default or framework tell"),
			boolFlag(&opts.keepGoing, "keep-going",
				"leave out the rows that the schema refuses, and name them, in place of an error"),
			boolFlag(&opts.force, "force", "overwrite FILE even if seedkit did not make it"),
			boolFlag(&opts.explain, "explain",
				"print where the values of each column come from, and why, instead"),
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
			return runGen(ctx, t, find, opts)
		},
	}
}

func runGen(ctx context.Context, t *terminal, find fixtureFinder, opts genOptions) error {
	if opts.out == "-" && !opts.explain {
		return usagef("a database cannot be written to standard output").
			hintf("write: seedkit gen -o seed.db")
	}
	if opts.schema == "" {
		found, err := t.findSchema(ctx, ".")
		if err != nil {
			return err
		}
		opts.schema = found
	}
	rows, err := parseRows(opts.rows)
	if err != nil {
		return err
	}
	fixtures, err := find(opts)
	if err != nil {
		return err
	}
	if opts.schema == "" && !fixtures.builtIn {
		return usagef("gen needs the schema of these fixtures, and there is none here").
			hintf("--schema takes a folder of migrations, a script, or a database")
	}
	bar := &stageBars{term: t}
	defer bar.close()
	options, err := opts.generateOptions(fixtures.sets, rows, bar)
	if err != nil {
		return err
	}
	var report generate.Report
	var explanation generate.Explanation
	if opts.explain {
		explanation, err = generate.Explain(ctx, options)
	} else {
		report, err = generate.Write(ctx, opts.out, options)
	}
	bar.close()
	switch {
	case err != nil && fixtures.builtIn:
		return opts.unfit(err)
	case err != nil:
		return err
	case opts.explain:
		return t.reportExplanation(explanation)
	}
	t.json.give(genReport{Path: opts.out, Report: report}, nil)
	return t.reportGen(opts, report)
}

// generateOptions returns the options of generate for fixtures and rows.
func (o genOptions) generateOptions(
	sets []generate.Set, rows []generate.Rows, bar *stageBars,
) (generate.Options, error) {
	here, err := os.Getwd()
	if err != nil {
		return generate.Options{}, err
	}
	return generate.Options{
		SchemaPath:      o.schema,
		SchemaSQL:       epicstack.Schema,
		Sets:            sets,
		Only:            o.sets,
		Rows:            rows,
		Seed:            o.seed,
		Like:            o.like,
		Now:             o.now,
		Datetime:        o.datetime,
		DatetimeDefault: datetimeDefault(o.schema),
		KeepGoing:       o.keepGoing,
		SourceDir:       here,
		Force:           o.force,
		Progress:        bar.generated,
	}, nil
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
	for _, line := range leftOut(report.LeftOut) {
		t.warnf("%s", line)
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
	t.sayf("made %s: %s in %s%s", opts.out, countRows(total),
		countTables(int64(len(report.Tables))), fromFixtures(report.Sets))
	t.sayf("timestamps are stored as %s, %s", report.Datetime, report.DatetimeWhy)
	t.sayOtherTimes(report.Times)
	if r := report.Recorded; r != nil {
		t.sayf("the migrations are recorded as applied: %s in %s", countRows(r.Rows), r.Table)
	}
	t.sayf("next: %s", nextAfterGen(opts, report))
	return nil
}

// sayOtherTimes prints which columns store times in another form than the most.
func (t *terminal) sayOtherTimes(forms []generate.TimeReport) {
	const most = 5
	for i, form := range forms {
		switch {
		case i == 0:
		case i > most:
			t.sayf("%d more columns have %d more forms", countColumns(forms[i:]), len(forms)-i)
			return
		case len(form.Columns) == 1:
			t.sayf("%s is stored as %s, %s", form.Columns[0], form.Form, form.Why)
		default:
			t.sayf("%s and %d more are stored as %s, %s", form.Columns[0], len(form.Columns)-1,
				form.Form, form.Why)
		}
	}
}

func countColumns(forms []generate.TimeReport) (n int) {
	for _, form := range forms {
		n += len(form.Columns)
	}
	return n
}

// fromFixtures names the sets of fixtures.
func fromFixtures(sets []string) string {
	if len(sets) == 0 {
		return ""
	}
	return ", from the fixtures " + listed("and", sets)
}

// origin says where a table's rows come from, unless fixtures alone made them.
func origin(table generate.TableReport) string {
	switch {
	case table.Baseline == 0:
		return ""
	case table.Adopted == table.Baseline:
		return fmt.Sprintf("%d from the schema's scripts", table.Baseline)
	case table.Adopted == 0:
		return fmt.Sprintf("%d from the schema's scripts", table.Baseline)
	default:
		return fmt.Sprintf("%d from the schema's scripts; %d of these have a fixture",
			table.Baseline, table.Adopted)
	}
}

func nextAfterGen(opts genOptions, report generate.Report) string {
	r := report.Recorded
	switch {
	case r != nil && r.Table == "d1_migrations": // apply does not reach Cloudflare's databases
		return quoted("seedkit", "extract", opts.out, "--format", "d1", "-o", "seed.sql")
	case opts.schema != "":
		return quoted("seedkit", "apply", opts.out, "--to", "DB", "--dry-run")
	}
	return quoted("seedkit", "dump", opts.out, "-o", "seed.sql")
}
