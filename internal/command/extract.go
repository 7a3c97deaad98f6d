package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/seedkit/seedkit/extract"
)

type extractOptions struct {
	out         string
	into        string
	name, dir   string // of a new migration: its name, and the folder of the migrations
	diff, check bool
	bar         *stageBars
	extract.Options
}

func newExtract(t *terminal) *verb {
	opts := extractOptions{Options: extract.Options{
		Datetime: datetimeAuto, OnConflict: extract.Abort, Keys: extract.Literal, RowsPerInsert: 1,
	}}
	return &verb{
		name:    "extract",
		group:   groupScript,
		purpose: "Print the rows of a seed as INSERTs to paste into a migration",
		args:    "SRC",
		examples: []string{
			"seedkit extract seed.db",
			"seedkit extract seed.db " +
				"--into prisma/migrations/20250301000000_seed/migration.sql --diff",
			"seedkit extract seed.db --new sample_users --dir prisma/migrations",
			"seedkit extract seed.sql -o inserts.sql",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: append(migrationFlags(&opts, "the INSERTs"),
			databaseFlag(&opts.Schema, "schema",
				"take the tables of a script that makes none from `PATH`: a folder of "+
					"migrations, a script or a database (default: the one that the app's folder "+
					"has)"),
			databaseFlag(&opts.Baseline, "baseline",
				"leave out the rows that `PATH` inserts, a folder of migrations or a script; of "+
					"a database only the schema counts (default: the folder that MIGRATION is in)"),
			stringsFlag(&opts.Tables, "table",
				"extract the tables that match `PATTERN` ("+patternUsage+"), not all"),
			stringsFlag(&opts.Exclude, "exclude", "do not extract the tables that match `PATTERN`"),
			choiceFlag(&opts.OnConflict, extract.Policies, "on-conflict",
				"do `WHAT` when a key is taken where the INSERT runs: abort, skip the row, or "+
					"update the existing row"),
			choiceFlag(&opts.Keys, extract.KeyStyles, "keys",
				"write foreign keys in `STYLE`: literal, or natural, as sub-selects by the "+
					"parent's unique key, for databases whose ids differ"),
			choiceFlag(&opts.Datetime, extract.Datetimes(), "datetime",
				"store times as `FORM`: auto for what the migrations' rows have in the column, "+
					"keep for what the seed has, unix-ms, unix, iso (…T…+00:00), iso-z (…T…Z) or "+
					"sql (YYYY-MM-DD HH:MM:SS)"),
			intFlag(&opts.RowsPerInsert, "rows-per-insert", "let up to `N` rows share an INSERT"),
			intFlag(&opts.MaxStatementBytes, "max-statement-bytes",
				"let no INSERT be longer than `N` bytes"),
			boolFlag(&opts.NoProof, "no-proof", "do not replay the result to prove it"),
		),
		run: func(ctx context.Context, args []string) error {
			return runExtract(ctx, t, opts, args[0])
		},
	}
}

func runExtract(ctx context.Context, t *terminal, opts extractOptions, source string) error {
	if err := opts.validate(); err != nil {
		return err
	}
	opts.bar = &stageBars{term: t}
	defer opts.bar.close()
	from := opts.Options
	if t.showsProgress() {
		from.Progress = opts.bar.extracted // with it, extract counts the rows first
	}
	from.FindSchema = sync.OnceValues(func() (string, error) { return t.findSchema(ctx, ".") })
	if source == "-" {
		r, err := t.open(ctx, source)
		if err != nil {
			return err
		}
		defer r.Close()
		source, from.Script = "standard input", r
	}
	from.NotUTF8 = t.notUTF8(source)
	switch {
	case opts.into != "":
		return t.writeInto(opts, t.extractText(ctx, opts, source), from)
	case opts.name != "":
		return t.writeNew(ctx, opts, t.extractText(ctx, opts, source), from)
	}
	return t.extractTo(ctx, opts, source, from)
}

func (o extractOptions) validate() error {
	ways := 0
	for _, way := range []string{o.out, o.into, o.name} {
		if way != "" {
			ways++
		}
	}
	switch {
	case ways > 1:
		return usagef("--out, --into and --new exclude each other")
	case o.name == "" && o.dir != "":
		return usagef("--dir MIGRATIONS needs --new NAME, of the migration to make there")
	case o.check && o.into == "":
		return usagef("--check needs --into MIGRATION, to show what would change in it")
	case o.diff && o.into == "" && o.name == "":
		return usagef("--diff needs --into MIGRATION or --new NAME, to show what would change")
	case o.RowsPerInsert < 1:
		return usagef("--rows-per-insert cannot be %d", o.RowsPerInsert)
	case o.MaxStatementBytes < 0:
		return usagef("--max-statement-bytes cannot be %d", o.MaxStatementBytes)
	}
	return nil
}

func (t *terminal) extractTo(
	ctx context.Context, opts extractOptions, source string, from extract.Options,
) error {
	w, err := t.create(opts.out, source)
	if err != nil {
		return err
	}
	defer w.Close()
	report, err := extract.Write(ctx, w, source, from)
	opts.bar.close()
	if err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return fmt.Errorf("write the INSERTs: %w", err)
	}
	t.json.give(extractReport{Path: opts.out, Written: true, Report: report}, nil)
	if len(report.Tables) == 0 {
		t.warnf("no row was extracted: %s", whyNothingNew(report))
	}
	return t.reportExtract(report)
}

// An extractReport says what was extracted, and where it went.
type extractReport struct {
	Path    string   `json:"path,omitempty"` // the file with the INSERTs; "" if none is made
	Others  []string `json:"others"`         // the other files of the migration
	Written bool     `json:"written"`
	// UpToDate reports that the migration at Path already has the INSERTs.
	UpToDate bool   `json:"up_to_date"`
	Diff     string `json:"diff,omitempty"` // with --diff and --check
	extract.Report
}

// reportExtract prints how many rows were extracted, and names what was left out.
func (t *terminal) reportExtract(report extract.Report) error {
	if report.Sample {
		t.warnf("these are sample rows, which do not belong in production")
	}
	for _, note := range report.Times {
		t.warnf("%s", timeNote(note))
	}
	t.warnKept(report.Kept)
	t.warnLiterals(report.Literals)
	for _, rows := range report.Repeated {
		t.warnf("--on-conflict skip: each run inserts %s of %s, also if they are there: %s",
			countRows(rows.Rows), printable(rows.Table), rows.Why)
	}
	if t.quiet {
		return nil
	}
	if len(report.Tables) > 0 {
		if err := t.tableOfInserts(report.Tables); err != nil {
			return err
		}
	}
	for _, left := range report.LeftOut {
		t.sayf("left out: %s, %s", left.Table, left.Why)
	}
	t.sayNeeds(report.Needs)
	switch {
	case report.Proven:
		t.sayf("proven: replayed on a fresh database, the result gives the seed's rows%s",
			withConverted(report.Times))
		if len(report.Without) > 0 {
			t.sayf("the proof did without %s: only the app's SQLite has what that takes",
				strings.Join(report.Without, ", "))
		}
	case len(report.Tables) > 0:
		t.sayf("not proven: the result was not replayed")
	}
	return nil
}

// warnKept names the rows that stay in the database when the migration is rolled back.
func (t *terminal) warnKept(kept []extract.LeftOut) {
	for _, k := range kept {
		t.warnf("rolling the migration back leaves %s in %s: %s",
			countRows(k.Rows), k.Table, k.Why)
	}
}

// warnLiterals names the references that stay literal with --keys natural.
func (t *terminal) warnLiterals(literals []extract.LiteralReference) {
	for _, l := range literals {
		t.warnf("--keys natural: %s → %s stays literal in %s: %s",
			printable(l.Table+"."+strings.Join(l.Columns, ", ")), printable(l.Parent),
			countRows(l.Rows), printable(l.Why))
	}
}

// tableOfInserts prints a table with the INSERTs of each table. It has a third column if the
// migrations already insert some of the rows.
func (t *terminal) tableOfInserts(tables []extract.TableReport) error {
	header := []string{"TABLE", "INSERTS"}
	var rows [][]string
	for _, table := range tables {
		row := []string{table.Table, strconv.FormatInt(table.Rows, 10)}
		if table.Baseline > 0 {
			header = []string{"TABLE", "INSERTS", "IN THE MIGRATIONS ALREADY"}
			row = append(row, strconv.FormatInt(table.Baseline, 10))
		}
		rows = append(rows, row)
	}
	return writeTable(t.err, header, rows)
}

// sayNeeds names the rows that the target must have.
func (t *terminal) sayNeeds(needs []extract.Need) {
	for _, need := range needs {
		keys := strings.Join(need.Keys, "; ")
		if need.Rows > int64(len(need.Keys)) {
			keys += "; …"
		}
		t.sayf("needs rows of %s that are not in the result: %d (%s)", need.Table, need.Rows, keys)
	}
}
