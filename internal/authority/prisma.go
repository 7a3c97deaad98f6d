package authority

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TimestampFormat is the form in which Prisma writes a DateTime into SQLite, an option of its
// driver adapters. The adapters read both forms.
type TimestampFormat string

const (
	// ISO8601 is text, 2025-01-01T00:00:00.000+00:00. It is the zero value because it is the
	// adapters' default.
	ISO8601 TimestampFormat = ""
	// UnixMilli is an integer, the milliseconds since 1970. Prisma's native engine writes it.
	UnixMilli TimestampFormat = "unixepoch-ms"
)

// Project is an installed copy of .ci/prisma or .ci/prisma7: Prisma's command and client for the
// Epic Stack's schema. Its methods write nothing but the database, so tests may run in parallel.
type Project struct {
	// TimestampFormat is the form that Deploy and Run write.
	TimestampFormat TimestampFormat

	dir string
	// engine is the path of a substitute for the native schema engine, or "" for none.
	engine string
}

// Prisma returns the installed project of Prisma 6, or skips the test if it is not installed.
func Prisma(tb testing.TB) *Project {
	tb.Helper()
	return &Project{dir: installedPrisma(tb, "SEEDKIT_PRISMA", ".ci/install-prisma")}
}

// Prisma7 returns the installed project of Prisma 7, or skips the test if it is not installed. The
// caller must not use the project's Schema method.
func Prisma7(tb testing.TB) *Project {
	tb.Helper()
	dir := installedPrisma(tb, "SEEDKIT_PRISMA7", ".ci/install-prisma7")
	return &Project{dir: dir, engine: filepath.Join(dir, "schema-engine")}
}

func installedPrisma(tb testing.TB, variable, script string) (dir string) {
	tb.Helper()
	dir = installed(tb, variable, script)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".prisma", "client")); err != nil {
		tb.Fatalf("find Prisma's generated client in %s: %v", variable, err)
	}
	return dir
}

// Deploy runs `prisma migrate deploy` for a migrations folder on a database, which it creates if
// needed. It returns the output of the command. The error of a failed migration contains the output
// too.
func (p *Project) Deploy(
	ctx context.Context, migrationsDir, dbPath string,
) (output string, err error) {
	migrations, err := filepath.Abs(migrationsDir)
	if err != nil {
		return "", fmt.Errorf("locate migrations: %w", err)
	}
	// For Prisma a missing folder is a success: "No pending migrations to apply."
	if _, err := os.Stat(migrations); err != nil {
		return "", fmt.Errorf("find migrations: %w", err)
	}
	database, err := fileURL(dbPath)
	if err != nil {
		return "", err
	}
	cmd := p.command(ctx, database, "node_modules/.bin/prisma", "migrate", "deploy")
	cmd.Env = append(cmd.Env, "MIGRATIONS_PATH="+migrations)
	printed, err := cmd.CombinedOutput()
	if err != nil {
		return string(printed), fmt.Errorf("prisma migrate deploy: %w\n%s", err, printed)
	}
	return string(printed), nil
}

// Schema returns the SQL that Prisma writes as the first migration for the project's schema.
func (p *Project) Schema(ctx context.Context) (string, error) {
	script, err := stdout(p.command(ctx, "file::memory:",
		"node_modules/.bin/prisma", "migrate", "diff",
		"--from-empty", "--to-schema-datamodel", "prisma/schema.prisma", "--script"))
	return string(script), err
}

// Run runs one of the scripts in .ci/prisma, such as users.mjs, on a database and returns its
// output. The error contains its standard error.
func (p *Project) Run(ctx context.Context, script, dbPath string, args ...string) ([]byte, error) {
	database, err := fileURL(dbPath)
	if err != nil {
		return nil, err
	}
	return stdout(p.command(ctx, database, append([]string{"node", script}, args...)...))
}

func (p *Project) command(ctx context.Context, databaseURL string, argv ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = p.dir
	cmd.Env = append(cmd.Environ(),
		"DATABASE_URL="+databaseURL,
		"TIMESTAMP_FORMAT="+string(p.TimestampFormat),
		"CHECKPOINT_DISABLE=1", // otherwise Prisma asks its own host for a newer version
		"NO_COLOR=1",
	)
	if p.engine != "" {
		cmd.Env = append(cmd.Env, "PRISMA_SCHEMA_ENGINE_BINARY="+p.engine)
	}
	return cmd
}

// fileURL makes the path absolute, because Prisma does not run in the folder of the test.
func fileURL(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("locate database: %w", err)
	}
	return (&url.URL{Scheme: "file", Path: abs}).String(), nil
}

func stdout(cmd *exec.Cmd) ([]byte, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, &stderr)
	}
	return out, nil
}
