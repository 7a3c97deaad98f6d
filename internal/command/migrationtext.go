package command

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/extract"
)

// migrationFlags say where a verb writes what it makes.
func migrationFlags(opts *extractOptions, what string) []cli.Flag {
	return []cli.Flag{
		stringFlag(&opts.out, "out", "write to `FILE` instead of standard output", "o"),
		stringFlag(&opts.into, "into",
			"keep "+what+" in a marked block of `MIGRATION`, and leave every "+
				"other byte of it alone"),
		stringFlag(&opts.name, "new",
			"make the next migration of the folder --dir, called `NAME`, and put "+
				what+" there"),
		stringFlag(&opts.dir, "dir",
			"the folder of `MIGRATIONS` for --new (default: the one that the app's folder "+
				"has)"),
		choiceFlag(&opts.Format, extract.Formats(), "format",
			"write for the migration tool `TOOL`: "+listed("or", extract.Formats())+" "+
				"(default: what the folder shows)"),
		databaseFlag(&opts.AppliedIn, "applied-in",
			"refuse to edit a migration that has run in the database `DB` (default: the one "+
				"that DATABASE_URL names, here or in .env)"),
		boolFlag(&opts.diff, "diff",
			"show what --into or --new would change, and write nothing"),
		boolFlag(&opts.check, "check",
			"like --diff, and end with exit code 3 if something would change"),
	}
}

// A migrationText is what a verb puts into a migration.
type migrationText struct {
	source string // the path of the verb's input, which is not to be overwritten
	what   string // "the seed's rows"
	// into returns the edit of the migration that is there, and next the one of a new migration in
	// the folder dir.
	into func(extract.Options) (extract.Edit, error)
	next func(dir string, from extract.Options) (extract.Edit, error)
	give func(extractReport)        // sets the answer to --json
	say  func(extract.Report) error // sums up for people
}

// extractText is what extract puts into a migration.
func (t *terminal) extractText(
	ctx context.Context, opts extractOptions, source string,
) migrationText {
	return migrationText{
		source: source, what: "the seed's rows",
		into: func(from extract.Options) (extract.Edit, error) {
			return extract.Into(ctx, opts.into, source, from)
		},
		next: func(dir string, from extract.Options) (extract.Edit, error) {
			return extract.New(ctx, opts.name, dir, source, from)
		},
		give: func(report extractReport) { t.json.give(report, nil) },
		say:  t.reportExtract,
	}
}
