package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A stage is one task on a database, for seedkit and for the shell. sh runs the commands with the
// variables of [files]. $out is a path without a file.
type stage struct {
	name           string
	prepare        string // not measured
	seedkit, shell string
}

var stages = []stage{
	{
		name:    "dump",
		seedkit: `$seedkit dump $db >$out`,
		shell:   `$sqlite3 $db .dump >$out`,
	},
	{
		name:    "extract, database",
		seedkit: `$seedkit extract $db --no-proof >$out`,
		shell:   `$sqlite3 $db .dump >$out`,
	},
	{
		name:    "extract, script",
		seedkit: `$seedkit extract $script --no-proof >$out`,
		shell:   `grep '^INSERT INTO' $script >$out`,
	},
	{
		name:    "extract, script, beside cat",
		seedkit: `$seedkit extract $script --no-proof >$out`,
		shell:   `cat $script >$out`,
	},
	{
		name:    "extract, database, proven",
		seedkit: `$seedkit extract $db >$out`,
		shell:   `$sqlite3 $out <$script`,
	},
	{
		name:    "extract, script, proven",
		seedkit: `$seedkit extract $script >$out`,
		shell:   `$sqlite3 $out <$script`,
	},
	{
		name:    "backup",
		seedkit: `$seedkit backup $db -o $out`,
		shell: `$sqlite3 $db ".backup $out" && ` +
			`$sqlite3 $out 'PRAGMA integrity_check; PRAGMA foreign_key_check'`,
	},
	{
		name:    "verify",
		prepare: `$seedkit backup $db -q -o $out`,
		seedkit: `$seedkit verify $out`,
		shell:   `$sqlite3 $out 'PRAGMA integrity_check; PRAGMA foreign_key_check'`,
	},
	{
		name: "restore",
		prepare: `$seedkit backup $db -q -o $out.backup && cp $db $out && ` +
			`$sqlite3 $out 'CREATE TABLE later(x)'`,
		seedkit: `$seedkit restore $out.backup --to $out --yes`,
		shell: `$sqlite3 $out ".backup $out.before" && ` +
			`$sqlite3 $out.before 'PRAGMA integrity_check; PRAGMA foreign_key_check' && ` +
			`$sqlite3 $out ".restore $out.backup"`,
	},
	{
		name:    "apply",
		prepare: `$sqlite3 $out <$schema`,
		seedkit: `$seedkit apply $script --to $out --yes`,
		shell:   `$sqlite3 $out ".backup $out.backup" && $sqlite3 $out <$inserts`,
	},
}

// files are the files that stages read. Every file has a variable that names it, and a command that
// makes it from the files before it. All shells get the same files.
var files = []struct{ variable, make string }{
	{"script", `$seedkit dump $db >$file`},
	{"schema", `$seedkit dump $db --schema-only >$file`},
	{"inserts", `{ echo 'BEGIN;'; $seedkit dump $db --data-only --nosys; echo 'COMMIT;'; } >$file`},
}

// sh is an environment for commands.
type sh []string

// environment makes the files that the stages of a database read.
func (b bench) environment(ctx context.Context, d database, shell string) (sh, error) {
	db, err := d.path(ctx, b.dir)
	if err != nil {
		return nil, err
	}
	env := sh{"seedkit=" + b.seedkit, "sqlite3=" + shell + " -init /dev/null -batch", "db=" + db}
	for _, f := range files {
		file := filepath.Join(b.work, d.name+"."+f.variable)
		if err := append(env, "file="+file).run(ctx, f.make); err != nil {
			return nil, fmt.Errorf("make the %s of %s: %w", f.variable, d.name, err)
		}
		env = append(env, f.variable+"="+file)
	}
	return env, nil
}

func (env sh) command(ctx context.Context, script string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-ec", script)
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

func (env sh) run(ctx context.Context, script string) error {
	if out, err := env.command(ctx, script).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", script, err, out)
	}
	return nil
}
