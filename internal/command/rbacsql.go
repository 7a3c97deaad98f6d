package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/rbac"
)

type rbacSQLOptions struct {
	policy string
	revoke bool
	extractOptions
}

func newRBACSQL(t *terminal) *verb {
	var opts rbacSQLOptions
	opts.RowsPerInsert = 1
	return &verb{
		name:    "rbac sql",
		purpose: "Print statements that bring any database of the app to the policy",
		examples: []string{
			"seedkit rbac sql",
			"seedkit rbac sql --revoke --new roles --dir prisma/migrations",
			"seedkit rbac sql --into prisma/migrations/20250301000000_roles/migration.sql --check",
		},
		exits: []int{exitDiffers, exitRefused, exitUnverified},
		flags: slices.Concat(
			[]cli.Flag{
				policyFlag(&opts.policy),
				revokeFlag(&opts.revoke),
			},
			migrationFlags(&opts.extractOptions, "the statements"),
			[]cli.Flag{
				databaseFlag(&opts.Schema, "schema",
					"take the tables from `PATH`: a folder of migrations, a script or a database "+
						"(default: the folder of the migration, else the one that the app's "+
						"folder has)"),
			},
		),
		run: func(ctx context.Context, _ []string) error { return runRBACSQL(ctx, t, opts) },
	}
}

// A sqlReport says what was written, and what became of it.
type sqlReport struct {
	Path       string   `json:"path,omitempty"`
	Others     []string `json:"others"`
	Written    bool     `json:"written"`
	UpToDate   bool     `json:"up_to_date"`
	Diff       string   `json:"diff,omitempty"`
	Statements int64    `json:"statements"`
}

func runRBACSQL(ctx context.Context, t *terminal, opts rbacSQLOptions) error {
	if err := opts.validate(); err != nil {
		return err
	}
	opts.bar = &stageBars{term: t}
	p, err := t.policy(ctx, opts.policy)
	if err != nil {
		return err
	}
	if opts.name != "" {
		if opts.dir, err = t.dirForNew(ctx, opts.dir); err != nil {
			return err
		}
	}
	schema, err := t.schemaForSQL(ctx, opts)
	if err != nil {
		return err
	}
	statements, err := rbac.SQL(ctx, p.Policy, schema, rbac.SQLOptions{Revoke: opts.revoke})
	if err != nil {
		return err
	}
	text := t.statementsText(ctx, opts, p.name, statements)
	switch {
	case opts.into != "":
		return t.writeInto(opts.extractOptions, text, opts.Options)
	case opts.name != "":
		return t.writeNew(ctx, opts.extractOptions, text, opts.Options)
	}
	return t.writeStatements(opts, text, statements)
}

// schemaForSQL returns the path of the schema that the statements are for.
func (t *terminal) schemaForSQL(ctx context.Context, opts rbacSQLOptions) (string, error) {
	switch {
	case opts.Schema != "":
		return opts.Schema, nil
	case opts.name != "":
		return opts.dir, nil
	case opts.into != "":
		dir, _, err := migration.Detect(opts.into)
		if err != nil || dir != "" {
			return dir, err
		}
	}
	found, err := t.findSchema(ctx, ".")
	if err == nil && found == "" {
		err = usagef("rbac sql needs --schema PATH: there are no migrations here")
	}
	return found, err
}

// statementsText is what rbac sql puts into a migration.
func (t *terminal) statementsText(
	ctx context.Context, opts rbacSQLOptions, policy string, statements []string,
) migrationText {
	return migrationText{
		source: policy, what: "the policy's statements",
		into: func(from extract.Options) (extract.Edit, error) {
			return extract.IntoStatements(ctx, opts.into, statements, from)
		},
		next: func(dir string, from extract.Options) (extract.Edit, error) {
			return extract.NewStatements(ctx, opts.name, dir, statements, from)
		},
		give: func(r extractReport) {
			t.json.give(sqlReport{
				r.Path, r.Others, r.Written, r.UpToDate, r.Diff, int64(len(statements)),
			}, nil)
		},
		say: func(extract.Report) error {
			if len(statements) == 0 {
				t.sayf("no statement is needed: the tables have nothing that a policy changes")
				return nil
			}
			t.sayf("proven: a fresh database, and one with other ids, agree with the policy after "+
				"%s; a second run changes nothing", count(int64(len(statements)), "statement"))
			return nil
		},
	}
}

// writeStatements writes the statements to a file or to standard output.
func (t *terminal) writeStatements(
	opts rbacSQLOptions, text migrationText, statements []string,
) error {
	w, err := t.create(opts.out, text.source)
	if err != nil {
		return err
	}
	defer w.Close()
	for _, s := range statements {
		if _, err := io.WriteString(w, strings.TrimRight(s, "\n")+"\n"); err != nil {
			return fmt.Errorf("write the statements: %w", err)
		}
	}
	if err := w.Commit(); err != nil {
		return fmt.Errorf("write the statements: %w", err)
	}
	text.give(extractReport{Path: opts.out, Written: true})
	if err := text.say(extract.Report{}); err != nil {
		return err
	}
	if opts.out != "" {
		t.sayf("wrote %s", opts.out)
	}
	return nil
}
