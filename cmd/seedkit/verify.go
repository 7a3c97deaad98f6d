package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/apply"
)

func newVerify(t *terminal) *verb {
	var against string
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
			stringFlag(&against, "against", "compare the backup's rows with those of the database `DB`, too"),
		},
		run: func(ctx context.Context, args []string) error { return runVerify(ctx, t, args[0], against) },
	}
}

func runVerify(ctx context.Context, t *terminal, backup, against string) error {
	bar := &stageBars{term: t}
	defer bar.close()
	report, err := apply.Verify(ctx, backup, apply.VerifyOptions{Against: against, Progress: bar.update})
	bar.close()
	if err != nil {
		return err
	}
	t.sayf("%s is whole: %s", backup, contents(report.Manifest))
	if against != "" {
		t.sayf("%s has the same rows", against)
	}
	return nil
}
