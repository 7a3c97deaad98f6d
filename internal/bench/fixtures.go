package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// fixtures are an input of the stage gen: a schema and a file of fixtures.
type fixtures struct{ name, schema, yaml string }

const about = "name: $fullName, about: $words(10)"

var seeds = []fixtures{
	{
		"keyed", `CREATE TABLE user(id TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL);`,
		"user: { demo * 1000000: { " + about + " } }",
	},
	{
		"unique", `CREATE TABLE user(id TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL,
				username TEXT NOT NULL, email TEXT NOT NULL);
			CREATE UNIQUE INDEX user_username ON user(username);
			CREATE UNIQUE INDEX user_email ON user(email);`,
		"user: { demo * 1000000: { " + about + `, username: $usernameOf($name),
			email: "${username}@example.com" } }`,
	},
	{
		"nested", `CREATE TABLE user(id TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL);
			CREATE TABLE note(id TEXT PRIMARY KEY, title TEXT NOT NULL,
				user_id TEXT NOT NULL REFERENCES user(id));
			CREATE TABLE tag(id TEXT PRIMARY KEY, name TEXT NOT NULL,
				note_id TEXT NOT NULL REFERENCES note(id));`,
		"user: { demo * 125000: { " + about + `, note * 2: { title: $sentence(5),
			tag * 1..4: { name: $words(1) } } } }`,
	},
	{
		"open", `CREATE TABLE user(id TEXT PRIMARY KEY, name TEXT NOT NULL);
			CREATE TABLE note(id TEXT PRIMARY KEY, title TEXT NOT NULL,
				user_id TEXT NOT NULL REFERENCES user(id));`,
		`{ user: { demo * 200000: { name: $fullName } },
			note: { demo * 800000: { title: $sentence(5) } } }`,
	},
}

// genStage generates rows, beside a load of the same rows.
var genStage = stage{
	name:    "gen",
	seedkit: `$seedkit gen $fixtures --schema $schema -o $out`,
	shell:   `$sqlite3 $out <$script`,
}

// environment makes the files that the stage of fixtures reads.
func (f fixtures) environment(ctx context.Context, b bench, shell string) (sh, error) {
	env := sh{"seedkit=" + b.seedkit, "sqlite3=" + shell + " -init /dev/null -batch"}
	env, err := f.write(b.work, env)
	if err != nil {
		return nil, err
	}
	script := filepath.Join(b.work, f.name+".script")
	env = append(env, "script="+script)
	const make = `$seedkit gen $fixtures --schema $schema -o $script.db && ` +
		`$seedkit dump $script.db >$script && rm $script.db`
	if err := env.run(ctx, make); err != nil {
		return nil, fmt.Errorf("make the rows of %s: %w", f.name, err)
	}
	return env, nil
}

// write writes the schema and the fixtures to a folder, and adds their paths to an environment.
func (f fixtures) write(dir string, env sh) (sh, error) {
	for name, text := range map[string]string{"schema.sql": f.schema, "fixtures.yaml": f.yaml} {
		file := filepath.Join(dir, f.name+"."+name)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return nil, err
		}
		env = append(env, name[:len(name)-len(filepath.Ext(name))]+"="+file)
	}
	return env, nil
}
