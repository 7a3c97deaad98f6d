package command

import (
	"context"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
)

// applyDialog is what apply, rbac apply and undo tell and ask a user about one run.
type applyDialog struct {
	t         *terminal
	bar       *stageBars
	target    string
	backupDir string
	yes       bool
	shown     bool // the user has seen the plan
}

// leftovers names what killed backups have left where this run puts its backup. It removes them,
// unless dryRun is set.
func (d *applyDialog) leftovers(dryRun bool) {
	folders := []string{backupFolder(d.target, d.backupDir), filepath.Dir(d.target)}
	if dryRun {
		d.t.nameLeftovers(folders...)
	} else {
		d.t.clearLeftovers("", folders...)
	}
}

// join sets the callbacks of the options: the plan and the question, the backup, the progress.
func (d *applyDialog) join(
	ctx context.Context, to *apply.Options, question func(apply.Plan) string,
) {
	to.BackupDir, to.Progress, to.Clock = d.backupDir, d.bar.update, time.Now
	to.Origin.Seedkit = seedkitVersion()
	to.Confirm = func(plan apply.Plan) (bool, error) {
		return d.ask(ctx, func() error { return d.t.showPlan(plan, nil) }, question(plan))
	}
	to.BackedUp = d.backedUp(ctx)
}

// ask shows the plan, and asks the question.
func (d *applyDialog) ask(ctx context.Context, show func() error, question string) (bool, error) {
	d.bar.close()
	d.shown = true
	if err := show(); err != nil {
		return false, err
	}
	err := d.t.confirm(ctx, question, d.yes)
	return err == nil, err
}

// backedUp returns the callback that names the backup.
func (d *applyDialog) backedUp(ctx context.Context) func(backup.Manifest) {
	return func(m backup.Manifest) {
		d.bar.close()
		d.t.sayf("backed up %s to %s, and verified the backup", d.target, m.Path)
		d.t.sayFaults(m)
		d.t.warnInGit(ctx, m.Path)
	}
}

// end ends the run. If the run failed before the question, end shows the plan that caused the
// error.
func (d *applyDialog) end(result apply.Result, err error) error {
	d.bar.close()
	d.t.json.give(result, err)
	d.t.warnJournal(result.JournalErr)
	if err == nil || d.shown {
		return err
	}
	if err := d.t.showPlan(result.Plan, err); err != nil {
		return err
	}
	return d.t.afterPlan(result.Plan, err)
}

// warnJournal warns of a journal that does not have the outcome of a run.
func (t *terminal) warnJournal(err error) {
	if err != nil {
		t.warnf("the journal does not have the outcome of this run: %v", err)
	}
}
