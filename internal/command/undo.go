package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
)

type undoOptions struct {
	to, backupDir string
	dryRun        bool
	allowTriggers bool
	yes           bool
}

func newUndo(t *terminal) *verb {
	var opts undoOptions
	return &verb{
		name:     "undo",
		group:    groupProduction,
		purpose:  "Take back what a run did to a live database, and keep what others use",
		args:     "RUN",
		required: []string{"to"},
		examples: []string{
			"seedkit undo 20250101T000000Z --to production.db --dry-run",
			"seedkit undo 20250101T000000Z --to production.db",
		},
		exits: []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.to, "to", "change the database `DB`"),
			boolFlag(&opts.dryRun, "dry-run", "show the plan and write nothing"),
			stringFlag(&opts.backupDir, "backup-dir",
				"look for the run in the folder `DIR`, and keep the backup there (default: beside "+
					"DB)"),
			boolFlag(&opts.allowTriggers, "allow-triggers",
				"let the changes fire the triggers of DB"),
			boolFlag(&opts.yes, "yes", "do not ask", "y"),
		},
		run: func(ctx context.Context, args []string) error {
			return runUndo(ctx, t, opts, args[0])
		},
	}
}

func runUndo(ctx context.Context, t *terminal, opts undoOptions, run string) error {
	bar := &stageBars{term: t}
	defer bar.close()
	dialog := &applyDialog{
		t: t, bar: bar, target: opts.to, backupDir: opts.backupDir, yes: opts.yes,
	}
	dialog.leftovers(opts.dryRun)
	to := apply.UndoOptions{
		BackupDir: opts.backupDir, AllowTriggers: opts.allowTriggers,
		Now: time.Now(), Seedkit: seedkitVersion(),
		Progress: bar.update, BackedUp: dialog.backedUp(ctx),
		Confirm: func(plan apply.UndoPlan) (bool, error) {
			return dialog.ask(ctx, func() error { return t.showUndo(plan, opts.to) },
				fmt.Sprintf("Take back %s of run %s from %s?",
					countRows(plan.Changes()), run, opts.to))
		},
	}
	if opts.dryRun {
		plan, err := apply.PreviewUndo(ctx, run, opts.to, to)
		bar.close()
		t.json.give(apply.UndoResult{Plan: plan}, err)
		if showErr := t.showUndo(plan, opts.to); showErr != nil {
			return showErr
		}
		if err == nil && plan.Changes() > 0 {
			t.sayf("would take back %s of run %s from %s; nothing was written",
				countRows(plan.Changes()), run, opts.to)
			return nil
		}
		return t.endUndo(plan, run, err)
	}
	result, err := apply.Undo(ctx, run, opts.to, to)
	bar.close()
	t.json.give(result, err)
	t.warnJournal(result.JournalErr)
	if !dialog.shown {
		if showErr := t.showUndo(result.Plan, opts.to); showErr != nil {
			return showErr
		}
		return t.endUndo(result.Plan, run, err)
	}
	if err != nil {
		return err
	}
	return t.reportUndo(result, run, opts.to)
}

// endUndo ends an undo that has nothing to do, or that failed before the question.
func (t *terminal) endUndo(plan apply.UndoPlan, run string, err error) error {
	if err != nil {
		return err
	}
	var why []string
	if n := plan.Gone(); n > 0 {
		why = append(why, countRows(n)+" deleted or taken back since")
	}
	if n := plan.Stays(); n > 0 {
		why = append(why, countRows(n)+" kept")
	}
	if len(why) == 0 {
		why = []string{"the run has changed no row"}
	}
	t.sayf("nothing to take back of run %s: %s", run, strings.Join(why, ", "))
	return nil
}

func (t *terminal) reportUndo(result apply.UndoResult, run, to string) error {
	done := apply.UndoPlan{Tables: result.Tables, Kept: result.Kept}
	if done.Changes() != result.Plan.Changes() || done.Stays() != result.Plan.Stays() {
		t.sayf("others wrote to %s meanwhile; what was taken back:", to)
		if err := t.tableOfUndo(done); err != nil {
			return err
		}
	}
	t.sayf("took back %s of run %s from %s, and looked for them again",
		countRows(done.Changes()), run, to)
	t.sayReplicated(result.LiteFSPosition, to)
	return nil
}

// showUndo prints what an undo takes back, and what it leaves.
func (t *terminal) showUndo(plan apply.UndoPlan, to string) error {
	r := plan.Run
	if r.Target != "" && !isSameFile(r.Target, to) {
		t.warnf("run %s was on the database %s", r.ID, r.Target)
	}
	if r.Outcome == backup.Unknown {
		t.warnf("the outcome of run %s is %s", r.ID, stateOf(r))
	}
	if t.quiet || len(plan.Tables) == 0 {
		return nil
	}
	t.sayf("run %s: %s %s, %s", r.ID, r.Verb, r.Source, rowsText(r))
	if err := t.tableOfUndo(plan); err != nil {
		return err
	}
	if len(plan.Triggers) > 0 {
		var names []string
		for _, trigger := range plan.Triggers {
			names = append(names, trigger.Name)
		}
		t.sayf("triggers that will fire: %s", printable(strings.Join(names, ", ")))
	}
	t.sayPosition(plan.LiteFSPosition)
	return nil
}

// isSameFile reports whether both paths lead to the same file, or, if one of the files is gone, are
// the same path.
func isSameFile(a, b string) bool {
	fileA, errA := os.Stat(a)
	fileB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(fileA, fileB)
	}
	path, err := filepath.Abs(b)
	return err == nil && a == path
}

// tableOfUndo prints a row for each table, and the first rows that stay, unless --quiet.
func (t *terminal) tableOfUndo(plan apply.UndoPlan) error {
	if t.quiet {
		return nil
	}
	var rows [][]string
	for _, table := range plan.Tables {
		row := []string{table.Table}
		for _, n := range []int64{table.Deleted, table.Restored, table.Kept, table.Gone} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	header := []string{"TABLE", "DELETED", "RESTORED", "KEPT", "GONE"}
	if err := writeTable(t.err, header, rows); err != nil {
		return err
	}
	for _, k := range plan.Kept {
		t.sayf("kept: %s", printable(k.String()))
	}
	if hidden := plan.Stays() - int64(len(plan.Kept)); hidden > 0 {
		t.sayf("kept: and %s more", countRows(hidden))
	}
	return nil
}
