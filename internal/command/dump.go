package command

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/dump"
)

type dumpOptions struct {
	out            string
	dataOnly       bool
	schemaOnly     bool
	noSys          bool
	preserveRowids bool
	target         dump.Target
}

func newDump(t *terminal) *verb {
	var opts dumpOptions
	return &verb{
		name:    "dump",
		group:   groupScript,
		purpose: "Print a database as the SQL script that sqlite3's .dump prints",
		args:    "[DB] [OBJECT…]",
		examples: []string{
			"seedkit dump seed.db -o seed.sql",
			"seedkit dump seed.db User Note --data-only",
			"seedkit dump seed.db --for d1 -o d1.sql",
		},
		exits: []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			stringFlag(&opts.out, "out", "write to `FILE` instead of standard output", "o"),
			boolFlag(&opts.dataOnly, "data-only", "print the INSERTs alone"),
			boolFlag(&opts.schemaOnly, "schema-only", "print everything but the INSERTs"),
			boolFlag(&opts.noSys, "nosys", "leave out SQLite's own tables"),
			boolFlag(&opts.preserveRowids, "preserve-rowids",
				"print rowids, and the columns of every INSERT"),
			choiceFlag(&opts.target, dump.Targets, "for",
				"print what `TARGET` takes, not the shell: d1, for wrangler d1 execute --file"),
		},
		run: t.withDatabase("dump", func(ctx context.Context, args []string) error {
			return runDump(ctx, t, opts, args[0], args[1:])
		}),
	}
}

// A dumpReport says what dump wrote, and where.
type dumpReport struct {
	Path string `json:"path"`
	dump.Stats
}

func runDump(
	ctx context.Context, t *terminal, opts dumpOptions, db string, objects []string,
) error {
	if opts.dataOnly && opts.schemaOnly {
		return usagef("--data-only and --schema-only exclude each other")
	}
	if db == "-" {
		return usagef("a database cannot come through standard input: SQLite reads it from a file").
			hintf("write it to a file first, and give that: seedkit dump FILE")
	}
	w, err := t.create(opts.out, db)
	if err != nil {
		return err
	}
	defer w.Close()
	bar := &stageBars{term: t}
	defer bar.close()
	stats, err := dump.Write(ctx, w, db, dump.Options{
		Objects:        objects,
		DataOnly:       opts.dataOnly,
		SchemaOnly:     opts.schemaOnly,
		NoSys:          opts.noSys,
		PreserveRowids: opts.preserveRowids,
		For:            opts.target,
		Progress:       bar.dumped,
	})
	if err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return fmt.Errorf("write the script: %w", err)
	}
	bar.close()
	t.json.give(dumpReport{Path: opts.out, Stats: stats}, nil)
	for _, left := range stats.LeftOut {
		t.warnf("left out: %s: %s", left.Table, left.Why)
	}
	if opts.out != "" && opts.out != "-" {
		t.sayf("wrote %s: %s in %s", opts.out, countRows(stats.Rows), countTables(stats.Tables))
	}
	return nil
}
