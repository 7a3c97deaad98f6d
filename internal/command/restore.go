package command

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/backup"
)

type restoreOptions struct {
	to              string
	backupDir       string
	create          bool
	allowUnverified bool
	yes             bool
}

func newRestore(t *terminal) *verb {
	var opts restoreOptions
	return &verb{
		name:     "restore",
		group:    groupBackup,
		purpose:  "Make a live database what it was when a backup was made",
		args:     "BACKUP|DIR",
		required: []string{"to"},
		examples: []string{
			"seedkit restore production-20250101T000000Z.db --to production.db",
			"seedkit restore /backups --to production.db",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.to, "to", "restore the database `DB`"),
			stringFlag(&opts.backupDir, "backup-dir",
				"keep the backup of the present state in the folder `DIR`, which is created if "+
					"it is missing (default: beside DB)"),
			boolFlag(&opts.create, "create", "make DB if no file is there"),
			boolFlag(&opts.allowUnverified, "allow-unverified",
				"restore a sound copy that has no manifest, too"),
			boolFlag(&opts.yes, "yes", "do not ask", "y"),
		},
		run: func(ctx context.Context, args []string) error {
			return runRestore(ctx, t, opts, args[0])
		},
	}
}

func runRestore(ctx context.Context, t *terminal, opts restoreOptions, path string) error {
	path, err := t.chooseBackup(ctx, path, opts.to)
	if err != nil {
		return err
	}
	t.clearLeftovers(path, filepath.Dir(path), backupFolder(opts.to, opts.backupDir),
		filepath.Dir(opts.to))
	bar := &stageBars{term: t}
	defer bar.close()
	var shown *backup.RestorePlan
	result, err := backup.Restore(ctx, path, opts.to, backup.RestoreOptions{
		BackupDir:       opts.backupDir,
		Create:          opts.create,
		AllowUnverified: opts.allowUnverified,
		Now:             time.Now(),
		Seedkit:         seedkitVersion(),
		Confirm: func(plan backup.RestorePlan) (bool, error) {
			bar.close()
			shown = &plan
			if err := t.showRestore(plan); err != nil {
				return false, err
			}
			question := fmt.Sprintf("Restore %s from %s, and lose what others write until then?",
				opts.to, path)
			err := t.confirm(ctx, question, opts.yes)
			return err == nil, err
		},
		Progress: bar.update,
	})
	bar.close()
	t.json.give(restoreReport{RestoreResult: result}, err)
	t.warnJournal(result.JournalErr)
	if result.Present.Path != "" {
		t.sayf("backed up %s as it was to %s, and verified the backup",
			opts.to, result.Present.Path)
		t.sayFaults(result.Present)
		t.warnInGit(ctx, result.Present.Path)
	}
	if err == nil && !slices.Equal(shown.Tables, result.Plan.Tables) {
		t.sayf("others wrote to %s meanwhile; the restore took away:", opts.to)
		err = t.tableOfChanges(result.Plan)
	}
	switch {
	case err != nil:
		return err
	case result.Unchecked:
		t.warnf("others wrote to %s right after the restore, so its rows could not be compared "+
			"with the backup's", opts.to)
	default:
		t.sayf("restored %s from %s, and compared its rows with the backup's", opts.to, path)
	}
	t.sayReplicated(result.LiteFSPosition, opts.to)
	return nil
}

// A restoreReport says what a restore did. If the user must choose from a folder, Copies are the
// folder's backups.
type restoreReport struct {
	Copies []copyReport `json:"copies,omitempty"`
	backup.RestoreResult
}

// showRestore prints what a restore would take away and bring back.
func (t *terminal) showRestore(plan backup.RestorePlan) error {
	if plan.NoManifest {
		t.warnf("%s has no manifest: it is %s, and nothing vouches for its content",
			plan.Backup.Path, soundness(plan.Backup))
		for _, v := range plan.Backup.ForeignKeyViolations {
			t.warnf("references in %s dangle: %s", plan.Backup.Path, v)
		}
	}
	t.sayFaults(plan.Backup)
	if from := plan.Backup.Source; from != "" && plan.Exists && !isSameFile(from, plan.Database) {
		t.warnf("%s is a backup of %s", plan.Backup.Path, from)
	}
	if t.quiet {
		return nil
	}
	switch {
	case !plan.Exists:
		t.sayf("%s does not exist and will be made: %s", plan.Database, contents(plan.Backup))
		return nil
	case len(plan.Tables) == 0 && !plan.SchemaDiffers:
		t.sayf("%s has the rows of the backup already", plan.Database)
		return nil
	}
	if err := t.tableOfChanges(plan); err != nil {
		return err
	}
	var lost int64
	for _, table := range plan.Tables {
		lost += table.Lost
	}
	if plan.SchemaDiffers {
		t.warnf("the schema of %s differs from the backup's, and will be lost, too",
			plan.Database)
	}
	if lost == 0 {
		t.sayf("no row of %s will be lost", plan.Database)
	} else {
		t.sayf("%s that the backup lacks will be lost from %s", countRows(lost), plan.Database)
	}
	t.sayPosition(plan.LiteFSPosition)
	return nil
}

// tableOfChanges prints the rows that a restore takes away and brings back, unless --quiet.
func (t *terminal) tableOfChanges(plan backup.RestorePlan) error {
	if t.quiet {
		return nil
	}
	var rows [][]string
	for _, table := range plan.Tables {
		rows = append(rows, []string{
			table.Table, strconv.FormatInt(table.Lost, 10), strconv.FormatInt(table.Back, 10),
		})
	}
	return writeTable(t.err, []string{"TABLE", "ROWS LOST", "ROWS BACK"}, rows)
}
