package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// MigrationTools is an installed copy of .ci/migrators: goose, golang-migrate, dbmate, Drizzle and
// Wrangler. Every method runs those migrations of a folder that a database has not recorded yet,
// like a deployment. It creates the database if needed, and returns the output of the tool. The
// error of a failed migration contains the output too.
type MigrationTools struct{ dir string }

// Migrators returns the migration tools, or skips the test if they are not installed.
func Migrators(tb testing.TB) *MigrationTools {
	tb.Helper()
	dir := installed(tb, "SEEDKIT_MIGRATORS", ".ci/install-migrators")
	if _, err := os.Stat(filepath.Join(dir, drizzle1, "drizzle-migrate.mjs")); err != nil {
		tb.Fatalf("find the migration tools in SEEDKIT_MIGRATORS: %v", err)
	}
	return &MigrationTools{dir}
}

// Goose runs `goose up`.
func (m *MigrationTools) Goose(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", filepath.Join(m.dir, "goose"),
		"-dir", migrationsDir, "sqlite3", dbPath, "up")
}

// GooseDown runs `goose down`, which rolls back the last migration.
func (m *MigrationTools) GooseDown(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", filepath.Join(m.dir, "goose"), "-dir", migrationsDir, "sqlite3", dbPath,
		"down")
}

// GolangMigrate runs `migrate up`.
func (m *MigrationTools) GolangMigrate(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", filepath.Join(m.dir, "migrate"),
		"-path", migrationsDir, "-database", "sqlite://"+dbPath, "up")
}

// GolangMigrateDown runs `migrate down 1`.
func (m *MigrationTools) GolangMigrateDown(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", filepath.Join(m.dir, "migrate"), "-path", migrationsDir,
		"-database", "sqlite://"+dbPath, "down", "1")
}

// Dbmate runs `dbmate up`. The folder's path must not contain a comma, because dbmate splits the
// path there.
func (m *MigrationTools) Dbmate(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.dbmate(ctx, migrationsDir, dbPath, "up")
}

// DbmateDown runs `dbmate down`, which rolls back the last migration.
func (m *MigrationTools) DbmateDown(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.dbmate(ctx, migrationsDir, dbPath, "down")
}

func (m *MigrationTools) dbmate(
	ctx context.Context, migrationsDir, dbPath, command string,
) (output string, err error) {
	return m.run(ctx, "", filepath.Join(m.dir, "node_modules/@dbmate/linux-x64/bin/dbmate"),
		"--url", "sqlite:"+dbPath, "--migrations-dir", migrationsDir, "--no-dump-schema", command)
}

// Drizzle migrates with drizzle-orm's migrator for libSQL.
func (m *MigrationTools) Drizzle(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", "node", filepath.Join(m.dir, "drizzle-migrate.mjs"), dbPath,
		migrationsDir)
}

// Drizzle1 migrates with version 1 of drizzle-orm, which needs another layout of the folder.
func (m *MigrationTools) Drizzle1(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.run(ctx, "", "node", filepath.Join(m.dir, drizzle1, "drizzle-migrate.mjs"), dbPath,
		migrationsDir)
}

// drizzle1 is the folder of the tools that has version 1 of Drizzle.
const drizzle1 = "drizzle1"

// DrizzleGenerate runs `drizzle-kit generate --custom` for an empty schema. It adds an empty
// migration with the given name to the folder.
func (m *MigrationTools) DrizzleGenerate(
	ctx context.Context, migrationsDir, name string,
) (output string, err error) {
	return m.drizzleGenerate(ctx, m.dir, migrationsDir, name)
}

// Drizzle1Generate does what [MigrationTools.DrizzleGenerate] does with version 1 of drizzle-kit.
func (m *MigrationTools) Drizzle1Generate(
	ctx context.Context, migrationsDir, name string,
) (output string, err error) {
	return m.drizzleGenerate(ctx, filepath.Join(m.dir, drizzle1), migrationsDir, name)
}

func (m *MigrationTools) drizzleGenerate(
	ctx context.Context, tools, migrationsDir, name string,
) (output string, err error) {
	project, err := os.MkdirTemp("", "seedkit-drizzle-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(project)
	// drizzle-kit needs paths within its working folder, and drizzle-orm beside it.
	modules := filepath.Join(tools, "node_modules")
	if err := os.Symlink(modules, filepath.Join(project, "node_modules")); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(project, "schema.js"), nil, 0o666); err != nil {
		return "", err
	}
	out, err := filepath.Rel(project, migrationsDir)
	if err != nil {
		return "", err
	}
	return m.run(ctx, project, "node", "node_modules/drizzle-kit/bin.cjs", "generate",
		"--custom", "--name", name, "--dialect", "sqlite", "--schema", "schema.js", "--out", out)
}

// D1 runs `wrangler d1 migrations apply --local`. Wrangler keeps the database in its own folder
// beside dbPath, and dbPath becomes a link to the database.
func (m *MigrationTools) D1(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	return m.wrangler(ctx, migrationsDir, dbPath,
		"migrations", "apply", "DB", "--local", "--persist-to", "state")
}

// D1Execute runs `wrangler d1 execute --local --file` on a database in the place where
// [MigrationTools.D1] keeps it.
func (m *MigrationTools) D1Execute(
	ctx context.Context, script, dbPath string,
) (output string, err error) {
	return m.wrangler(ctx, "migrations", dbPath,
		"execute", "DB", "--local", "--persist-to", "state", "--file", script)
}

func (m *MigrationTools) wrangler(
	ctx context.Context, migrationsDir, dbPath string, argv ...string,
) (output string, err error) {
	project := dbPath + ".wrangler"
	if err := os.MkdirAll(project, 0o777); err != nil {
		return "", err
	}
	config, err := json.Marshal(map[string]any{
		"name": "seedkit",
		"d1_databases": []map[string]string{{
			"binding": "DB", "database_name": "DB",
			"database_id": "00000000-0000-0000-0000-000000000000", "migrations_dir": migrationsDir,
		}},
	})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(project, "wrangler.json"), config, 0o666); err != nil {
		return "", err
	}
	wrangler := filepath.Join(m.dir, "node_modules/wrangler/bin/wrangler.js")
	argv = append([]string{"node", wrangler, "d1"}, argv...)
	printed, err := m.run(ctx, project, argv...)
	if linkErr := linkD1(project, dbPath); err == nil {
		err = linkErr
	}
	return printed, err
}

// linkD1 makes dbPath a link to the project's only database.
func linkD1(project, dbPath string) error {
	const databases = "state/v3/d1/miniflare-D1DatabaseObject/????????*.sqlite"
	paths, err := filepath.Glob(filepath.Join(project, databases))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if filepath.Base(path) == "metadata.sqlite" {
			continue
		}
		if err := os.Symlink(path, dbPath); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	}
	return fmt.Errorf("find Wrangler's database: %w", fs.ErrNotExist)
}

func (m *MigrationTools) run(
	ctx context.Context, dir string, argv ...string,
) (output string, err error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "CI=1", "NO_COLOR=1", "WRANGLER_SEND_METRICS=false",
		"WRANGLER_LOG_PATH=logs")
	printed, err := cmd.CombinedOutput()
	if err != nil {
		return string(printed), fmt.Errorf("%s: %w\n%s", filepath.Base(argv[0]), err, printed)
	}
	return string(printed), nil
}
