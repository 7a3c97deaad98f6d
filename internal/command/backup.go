package command

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/backup"
)

func newBackup(t *terminal) *verb {
	var out, dir string
	return &verb{
		name:    "backup",
		group:   groupBackup,
		purpose: "Back up a live database, verify the backup and print its path",
		args:    "[DB]",
		examples: []string{
			"seedkit backup production.db",
			"seedkit backup production.db --dir /backups",
			"seedkit backup production.db -o /backups/monday.db",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&out, "out", "write the backup to `FILE`, which must not exist", "o"),
			stringFlag(&dir, "dir",
				"write the backup to the folder `DIR`, which is created if it is missing, under "+
					"DB's name with the time (default: beside DB)"),
		},
		run: t.withDatabase("backup", func(ctx context.Context, args []string) error {
			return runBackup(ctx, t, args[0], out, dir)
		}),
	}
}

func runBackup(ctx context.Context, t *terminal, db, out, dir string) error {
	switch {
	case out == "-":
		return usagef("a backup cannot be written to standard output")
	case out != "" && dir != "":
		return usagef("--out and --dir exclude each other")
	}
	if out == "" {
		t.clearLeftovers("", backupFolder(db, dir))
	} else {
		t.clearLeftovers("", filepath.Dir(out))
	}
	bar := &stageBars{term: t}
	defer bar.close()
	manifest, err := backup.Make(ctx, db, backup.Options{
		Path: out, Dir: dir, Now: time.Now(), Progress: bar.update,
	})
	bar.close()
	if err != nil {
		return err
	}
	t.sayf("backed up %s, and verified the backup: %s", db, contents(manifest))
	t.sayFaults(manifest)
	t.warnInGit(ctx, manifest.Path)
	if t.json != nil {
		t.json.give(manifest, nil)
		return nil
	}
	path := manifest.Path
	if t.out.terminal {
		path = printable(path)
	}
	_, err = fmt.Fprintln(t.out, path)
	return unreported(manifest, err)
}

// contents sums up what a backup holds.
func contents(m backup.Manifest) string {
	tables, rows := m.Count()
	return fmt.Sprintf("%s in %s, %s",
		countRows(rows), countTables(tables), count(m.PageCount, "page"))
}
