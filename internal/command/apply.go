package command

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/apply"
)

type applyOptions struct {
	to            string
	dryRun        bool
	rehearse      bool
	onConflict    conflictPolicies
	datetime      string
	backupDir     string
	allowTriggers bool
	allowSample   bool
	create        bool
	tables        []string
	exclude       []string
	yes           bool
}

func newApply(t *terminal) *verb {
	opts := applyOptions{datetime: datetimeAuto}
	return &verb{
		name:     "apply",
		group:    groupProduction,
		purpose:  "Insert the rows of a seed that a live database does not have yet",
		args:     "SRC",
		required: []string{"to"},
		examples: []string{
			"seedkit apply seed.db --to production.db --dry-run",
			"seedkit apply seed.db --to production.db",
			"seedkit apply seed.sql --to production.db --on-conflict skip --yes",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.to, "to", "insert into the database `DB`"),
			stringsFlag(&opts.tables, "table",
				"insert the rows of the tables that match `PATTERN` ("+patternUsage+
					"), not of all"),
			stringsFlag(&opts.exclude, "exclude", "leave out the tables that match `PATTERN`"),
			boolFlag(&opts.create, "create",
				"make DB if no file is there, with the schema and all rows of SRC"),
			boolFlag(&opts.dryRun, "dry-run", "show the plan and write nothing"),
			boolFlag(&opts.rehearse, "rehearse",
				"apply the seed to a private copy of DB, say what happened, and remove the copy"),
			onConflictFlag(&opts.onConflict,
				"do `WHAT` when a row with other values has the key: abort; skip the seed's row; "+
					"update DB's row; adopt DB's row, whose key the seed's references get; or "+
					"renumber the seed's row. TABLE=WHAT is for one table, with commas between "+
					"several"),
			choiceFlag(&opts.datetime, apply.Datetimes(), "datetime",
				"store times as `FORM`: auto for what the rows of DB have in the column, keep "+
					"for what the seed has, unix-ms, unix, iso (…T…+00:00), iso-z (…T…Z) or sql "+
					"(YYYY-MM-DD HH:MM:SS)"),
			stringFlag(&opts.backupDir, "backup-dir",
				"keep the backup in the folder `DIR`, which is created if it is missing "+
					"(default: beside DB)"),
			boolFlag(&opts.allowTriggers, "allow-triggers", "let the rows fire the triggers of DB"),
			boolFlag(&opts.allowSample, "allow-sample", "apply sample rows, too"),
			boolFlag(&opts.yes, "yes", "do not ask", "y"),
		},
		run: func(ctx context.Context, args []string) error {
			switch {
			case opts.rehearse && opts.dryRun:
				return usagef("--rehearse makes a copy, and --dry-run writes nothing: " +
					"give one of them")
			case opts.rehearse && opts.create:
				return usagef("--rehearse needs a database that is there, and --create makes " +
					"one: give one of them")
			}
			return runApply(ctx, t, opts, args[0])
		},
	}
}

func runApply(ctx context.Context, t *terminal, opts applyOptions, source string) error {
	bar := &stageBars{term: t}
	defer bar.close()
	dialog := &applyDialog{
		t: t, bar: bar, target: opts.to, backupDir: opts.backupDir, yes: opts.yes,
	}
	dialog.leftovers(opts.dryRun)
	to := apply.Options{
		Tables:        opts.tables,
		Exclude:       opts.exclude,
		OnConflict:    opts.onConflict.rest,
		OnConflictIn:  opts.onConflict.of,
		Datetime:      opts.datetime,
		AllowTriggers: opts.allowTriggers,
		AllowSample:   opts.allowSample,
		Create:        opts.create,
		Now:           time.Now(),
	}
	if source == "-" {
		r, err := t.open(ctx, source)
		if err != nil {
			return err
		}
		defer r.Close()
		source, to.Script = "standard input", r
	}
	to.NotUTF8 = t.notUTF8(source)
	dialog.join(ctx, &to, func(plan apply.Plan) string {
		if plan.Creates {
			return fmt.Sprintf("Make %s?", opts.to)
		}
		return sayChanges("Insert", "Update", plan.New(), plan.Updated(), opts.to) + "?"
	})
	if opts.rehearse {
		result, err := apply.Rehearse(ctx, source, opts.to, to)
		return t.reportRehearsal(result, opts.to, dialog.end(result, err))
	}
	if opts.dryRun {
		plan, err := apply.Preview(ctx, source, opts.to, to)
		bar.close()
		t.json.give(apply.Result{Plan: plan}, err)
		return t.reportPreview(plan, opts.to, err)
	}
	result, err := apply.Run(ctx, source, opts.to, to)
	return t.reportApply(result, opts, dialog.end(result, err))
}

func (t *terminal) reportPreview(plan apply.Plan, to string, err error) error {
	if showErr := t.showPlan(plan, err); showErr != nil {
		return showErr
	}
	switch {
	case err != nil:
		return t.afterPlan(plan, err)
	case plan.Creates:
		t.sayf("would make %s, which does not exist; nothing was written", to)
	case plan.Changes() == 0:
		t.sayf("nothing to insert: %s", whyNothing(plan, to))
	default:
		t.sayf("would %s; nothing was written",
			sayChanges("insert", "update", plan.New(), plan.Updated(), to))
	}
	return nil
}

func (t *terminal) reportRehearsal(result apply.Result, to string, err error) error {
	if err != nil {
		return err
	}
	if err := t.showPlan(result.Plan, nil); err != nil {
		return err
	}
	if result.Plan.Changes() == 0 {
		t.sayf("nothing to insert: %s", whyNothing(result.Plan, to))
		return nil
	}
	t.sayf("rehearsed on a copy of %s: %s, and read them back; the write lock was held for %s",
		to, sayChanges("inserted", "updated", result.Inserted, result.Updated, "the copy"),
		secondsText(result.LockSeconds))
	t.sayf("nothing was written to %s", to)
	return nil
}

// secondsText writes a time with two digits that count, and at least a millisecond.
func secondsText(seconds float64) string {
	return strconv.FormatFloat(math.Max(seconds, 0.001), 'g', 2, 64) + " seconds"
}

func (t *terminal) reportApply(result apply.Result, opts applyOptions, err error) error {
	switch {
	case err != nil:
		return err
	case result.Plan.Creates:
		t.sayf("made %s, with %s", opts.to, countRows(result.Inserted))
	case result.Plan.Changes() == 0:
		t.sayf("nothing to insert: %s", whyNothing(result.Plan, opts.to))
	default:
		t.sayf("%s, and read them back",
			sayChanges("inserted", "updated", result.Inserted, result.Updated, opts.to))
		t.sayReplicated(result.LiteFSPosition, opts.to)
	}
	return nil
}

// sayChanges says what happens to the target: "insert 3 rows into app.db and update 1 row". insert
// and update are the verbs to use.
func sayChanges(insert, update string, inserted, updated int64, to string) string {
	switch {
	case updated == 0:
		return fmt.Sprintf("%s %s into %s", insert, countRows(inserted), to)
	case inserted == 0:
		return fmt.Sprintf("%s %s of %s", update, countRows(updated), to)
	}
	return fmt.Sprintf("%s %s into %s and %s %s",
		insert, countRows(inserted), to, strings.ToLower(update), countRows(updated))
}

func whyNothing(plan apply.Plan, to string) string {
	if plan.Identical()+plan.Conflicting()+plan.Adopted() == 0 {
		return noRows
	}
	why := fmt.Sprintf("%s already in %s", countRows(plan.Identical()), to)
	if n := plan.Adopted(); n > 0 {
		why += fmt.Sprintf(", %s adopted", countRows(n))
	}
	if n := plan.Conflicting(); n > 0 {
		why += fmt.Sprintf(", %s skipped", countRows(n))
	}
	return why
}
