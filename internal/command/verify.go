package command

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/backup"
)

type verifyOptions struct {
	against         string
	allowUnverified bool
}

func newVerify(t *terminal) *verb {
	var opts verifyOptions
	return &verb{
		name:    "verify",
		group:   groupBackup,
		purpose: "Verify that a backup is what it was when it was made",
		args:    "BACKUP",
		examples: []string{
			"seedkit verify production-20250101T000000Z.db",
			"seedkit verify production-20250101T000000Z.db --against production.db",
		},
		exits: []int{exitDiffers, exitRefused},
		flags: []cli.Flag{
			databaseFlag(&opts.against, "against",
				"compare the backup's rows with those of the database `DB`, too"),
			boolFlag(&opts.allowUnverified, "allow-unverified",
				"accept a sound copy that has no manifest"),
		},
		run: func(ctx context.Context, args []string) error {
			return runVerify(ctx, t, opts, args[0])
		},
	}
}

func runVerify(ctx context.Context, t *terminal, opts verifyOptions, path string) error {
	t.clearLeftovers(path, filepath.Dir(path))
	bar := &stageBars{term: t}
	defer bar.close()
	report, err := backup.Verify(ctx, path, backup.VerifyOptions{
		Against: opts.against, AllowUnverified: opts.allowUnverified, Progress: bar.update,
	})
	bar.close()
	t.json.give(withDifferences(report, err), err)
	if report.NoManifest && (err == nil || errors.Is(err, backup.ErrIncomplete)) {
		t.sayf("no manifest: %s is %s, integrity and foreign keys: %s",
			path, soundness(report.Manifest), contents(report.Manifest))
	}
	t.sayFaults(report.Manifest)
	switch {
	case err != nil:
		return err
	case report.NoManifest:
		t.sayf("nothing vouches for its content")
	default:
		t.sayf("%s is whole: %s", path, contents(report.Manifest))
	}
	if opts.against != "" {
		t.sayf("%s has the same rows", opts.against)
	}
	return nil
}

// withDifferences returns the report with the differences that err names, including those between a
// backup and its manifest.
func withDifferences(report backup.Report, err error) backup.Report {
	if mismatch, ok := errors.AsType[*backup.MismatchError](err); ok {
		report.Differences = mismatch.Differences
	}
	return report
}
