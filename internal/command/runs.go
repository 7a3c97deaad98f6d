package command

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/backup"
)

func newRuns(t *terminal) *verb {
	var to, dir string
	return &verb{
		name:     "runs",
		group:    groupBackup,
		purpose:  "List what seedkit did to a live database, the newest run first",
		required: []string{"to"},
		examples: []string{
			"seedkit runs --to production.db",
			"seedkit runs --to production.db --backup-dir /backups",
		},
		exits: []int{exitRefused},
		flags: []cli.Flag{
			databaseFlag(&to, "to", "list the runs on the database `DB`"),
			runsDirFlag(&dir),
		},
		run: func(ctx context.Context, _ []string) error { return listRuns(ctx, t, to, dir) },
	}
}

func runsDirFlag(dst *string) cli.Flag {
	return stringFlag(dst, "backup-dir",
		"look in the folder `DIR`, which has the backups of the runs (default: beside DB)")
}

// A runsReport is what runs says.
type runsReport struct {
	Runs []runReport `json:"runs"`
}

// A runReport is a run with its outcome in words.
type runReport struct {
	backup.Run
	State string `json:"state"`
}

func listRuns(ctx context.Context, t *terminal, to, dir string) error {
	runs, err := backup.Runs(ctx, to, dir)
	if err != nil {
		return err
	}
	report := runsReport{}
	var rows [][]string
	for _, r := range runs {
		report.Runs = append(report.Runs, runReport{r, stateOf(r)})
		rows = append(rows, []string{
			r.ID, timeText(r.Time), r.Verb, r.Source, rowsText(r), stateOf(r), backupText(r),
		})
	}
	if t.json != nil {
		t.json.give(report, nil)
		return nil
	}
	if len(runs) == 0 {
		t.sayf("%s has no runs of %s", backupFolder(to, dir), to)
		return nil
	}
	header := []string{"RUN", "TIME", "VERB", "SOURCE", "ROWS", "OUTCOME", "BACKUP"}
	return writeTable(t.out, header, rows)
}

func timeText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05")
}

// rowsText says how many rows a run changes.
func rowsText(r backup.Run) string {
	var sum backup.RunRows
	for _, table := range r.Rows {
		sum.Inserted += table.Inserted
		sum.Updated += table.Updated
		sum.Deleted += table.Deleted
	}
	words := [3]string{"inserted", "updated", "deleted"}
	if r.Verb == "restore" {
		words = [3]string{"back", "", "lost"}
	}
	var parts []string
	for i, n := range []int64{sum.Inserted, sum.Updated, sum.Deleted} {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[i]))
		}
	}
	return strings.Join(parts, ", ")
}

// stateOf says how a run ended, and of a run of which nobody wrote that down, what the database has
// of it.
func stateOf(r backup.Run) string {
	switch {
	case r.Err != nil:
		return "unreadable: " + r.Err.Error()
	case r.Outcome == backup.RolledBack && r.Killed:
		return "killed before the commit: nothing changed"
	case r.Outcome == backup.RolledBack:
		return "rolled back: nothing changed"
	case r.Outcome != backup.Unknown:
		return string(r.Outcome)
	case r.Killed:
		return "unknown: killed; " + seenText(r)
	}
	return "unknown: the commit is uncertain; " + seenText(r)
}

func seenText(r backup.Run) string {
	s := r.Seen
	switch {
	case s == nil:
		return "the database cannot be read"
	case r.Verb == "restore" && s.Done == 1:
		return "the database is as the backup that was restored"
	case r.Verb == "restore" && s.Not == 1:
		return "the database is as it was before"
	case r.Verb == "restore":
		return "the database is as neither backup"
	case s.Not+s.Other == 0:
		return fmt.Sprintf("all of its %s are in the database", countRows(s.Done))
	case s.Done == 0 && s.Other == 0:
		return "nothing of it is in the database"
	}
	return fmt.Sprintf("of its rows %d are in the database, %d are not, %d cannot be told",
		s.Done, s.Not, s.Other)
}

func backupText(r backup.Run) string {
	switch {
	case r.Backup == "":
		return ""
	case !r.BackupThere:
		return "gone"
	}
	return filepath.Base(r.Backup)
}
