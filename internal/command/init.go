package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/atomicfile"
	"github.com/seedkit/seedkit/internal/project"
	"github.com/seedkit/seedkit/internal/starter"
)

// errFixturesThere means that the app has fixtures already.
var errFixturesThere = errors.New("is there already, and init overwrites nothing")

type initOptions struct {
	dir, schema, from string
	take              int
	named             bool // the command line names the schema
}

func newInit(t *terminal) *verb {
	opts := initOptions{dir: ".", take: 20}
	return &verb{
		name:    "init",
		group:   groupSeed,
		purpose: "Write the first fixtures of an app",
		args:    "[DIR]",
		examples: []string{
			"seedkit init",
			"seedkit init --from prisma/data.db --take 50",
		},
		exits: []int{exitRefused, exitUnverified},
		flags: []cli.Flag{
			databaseFlag(&opts.schema, "schema",
				"take the tables from `PATH`: a folder of migrations, a script, or a database "+
					"(default: the schema that the app's folder has)"),
			databaseFlag(&opts.from, "from",
				"write rows of the database `DB` as fixtures, without passwords and tokens"),
			intFlag(&opts.take, "take",
				"take at most `N` rows of a table of DB, but all rows of a table such as roles"),
		},
		run: func(ctx context.Context, args []string) error {
			if opts.take < 1 {
				return usagef("--take needs a number above zero")
			}
			if len(args) > 0 {
				opts.dir = args[0]
			}
			opts.named = opts.schema != ""
			return runInit(ctx, t, opts)
		},
	}
}

// An emptiedReference counts the rows in which a reference is NULL.
type emptiedReference struct {
	Column string `json:"column"` // TABLE.COLUMN
	Rows   int64  `json:"rows"`
}

// A startReport says what init wrote.
type startReport struct {
	Files   []string        `json:"files"`
	LeftOut []string        `json:"left_out"`
	Taken   []starter.Taken `json:"taken"`
	Secrets []string        `json:"secrets"`
	// PassedOver has the rows of the database that are not taken, though fewer are than may be.
	PassedOver []starter.PassedOver `json:"passed_over"`
	// Emptied has the references that are NULL in place of a row that is not taken.
	Emptied []emptiedReference `json:"emptied"`

	leftOut  []generate.LeftOut // the tables, with reasons
	refusals []refusal          // the rows of the database that are left out
}

func runInit(ctx context.Context, t *terminal, opts initOptions) error {
	if info, err := os.Stat(opts.dir); err != nil || !info.IsDir() {
		return usagef("there is no folder %s", opts.dir)
	}
	folder := filepath.Join(opts.dir, seedFolder)
	if there, err := fixturesIn(folder); err != nil {
		return err
	} else if there != "" {
		return fmt.Errorf("%s %w", there, errFixturesThere)
	}
	if opts.schema == "" {
		found, err := t.findSchema(ctx, opts.dir)
		if err != nil {
			return err
		}
		if opts.schema = found; found == "" && opts.from != "" {
			opts.schema, opts.named = opts.from, true
		}
		if opts.schema == "" {
			return usagef("init needs the app's schema, and there is none in %s", opts.dir).
				hintf("--schema takes a folder of migrations, a script, or a database")
		}
	}
	start, leftOut, refusals, err := opts.start(ctx)
	if err != nil {
		return err
	}
	report := startReport{
		LeftOut: []string{}, Taken: slices.Concat([]starter.Taken{}, start.Taken),
		Secrets:    slices.Concat([]string{}, start.Secrets),
		PassedOver: slices.Concat([]starter.PassedOver{}, start.PassedOver),
		Emptied:    emptiedReferences(start), leftOut: leftOut, refusals: refusals,
	}
	for _, table := range leftOut {
		report.LeftOut = append(report.LeftOut, table.Table)
	}
	if report.Files, err = writeNew(folder, start.Files); err != nil {
		return err
	}
	t.json.give(report, nil)
	return t.reportInit(ctx, opts, report)
}

// fixturesIn returns a file of fixtures or of a Go program in a folder that may be missing, or "".
// gen does not read other files, such as .gitkeep.
func fixturesIn(folder string) (path string, err error) {
	files, err := generate.FixtureFiles(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil || len(files) > 0 {
		return strings.Join(files[:min(len(files), 1)], ""), err
	}
	programs, err := filepath.Glob(filepath.Join(folder, "*.go"))
	return strings.Join(programs[:min(len(programs), 1)], ""), err
}

// relativeTo returns path as it is named in the folder dir.
func relativeTo(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.Rel(from, to)
}

// writeNew writes files into a folder that has no files yet. It writes all of them or none.
func writeNew(folder string, files []starter.File) (paths []string, err error) {
	err = os.Mkdir(folder, 0o777)
	made := err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	defer func() {
		if err != nil && made {
			os.RemoveAll(folder)
		}
	}()
	var commits []func() error
	for _, file := range files {
		path := filepath.Join(folder, file.Name)
		w, err := atomicfile.Create(path, 0o666)
		if err != nil {
			return nil, err
		}
		defer w.Close()
		if _, err := w.Write([]byte(file.Text)); err != nil {
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
		paths, commits = append(paths, path), append(commits, w.Commit)
	}
	for _, commit := range commits {
		if err := commit(); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// next returns the command that generates the seed from the working directory.
func (opts initOptions) next() string {
	gen := []string{"seedkit", "gen"}
	elsewhere := filepath.Clean(opts.dir) != "."
	if elsewhere {
		gen = append(gen, filepath.Join(opts.dir, seedFolder))
	}
	if elsewhere || opts.named {
		gen = append(gen, "--schema", opts.schema)
	}
	return quoted(gen...)
}

// seedLine returns the line of the app's configuration by which its tool generates the seed, or "".
// Prisma makes the database before it runs the line, so gen must replace a database that it did not
// make.
func (opts initOptions) seedLine(ctx context.Context) (string, error) {
	found, err := project.Schemas(ctx, opts.dir)
	if err != nil {
		return "", err
	}
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(opts.dir, name))
		return err == nil
	}
	path := "DB"
	if db, _ := foundDatabase(opts.dir, found); db != "" {
		if path, err = relativeTo(opts.dir, db); err != nil {
			return "", err
		}
	}
	gen := []string{"seedkit", "gen", "-o", path}
	if opts.named {
		schema, err := relativeTo(opts.dir, opts.schema)
		if err != nil {
			return "", err
		}
		gen = append(gen, "--schema", schema)
	}
	replace := quoted(append(slices.Clone(gen), "--force")...)
	const because = ", where --force replaces the database that Prisma has made"
	switch {
	case has("prisma.config.ts"):
		return fmt.Sprintf("for prisma.config.ts: migrations: { seed: %q }", replace) + because, nil
	case has("package.json") && has("prisma"):
		return fmt.Sprintf(`for package.json: "prisma": { "seed": %q }`, replace) + because, nil
	case has("package.json"):
		return fmt.Sprintf(`for package.json: "scripts": { "seed": %q }`, quoted(gen...)), nil
	case has("Taskfile.yml"), has("Taskfile.yaml"):
		return fmt.Sprintf("for the Taskfile: tasks: { seed: { cmds: [%q] } }", quoted(gen...)), nil
	}
	return "", nil
}
