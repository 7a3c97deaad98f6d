package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/backup"
)

// execLine matches a command in a block of YAML.
var execLine = regexp.MustCompile(`(?m)^  - cmd: (.*)$`)

// TestBackupBeforeMigration runs the first command of litefs.yml in epic-stack.md before there is a
// database, with one, and with one that cannot be backed up. LiteFS replaces the variables, and
// splits the command as a shell does.
func TestBackupBeforeMigration(t *testing.T) {
	app, bin := t.TempDir(), buildCommand(t)
	if err := os.Mkdir(filepath.Join(app, "node_modules"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(bin, filepath.Join(app, "node_modules", ".bin")); err != nil {
		t.Fatal(err)
	}
	lines := execLine.FindAllStringSubmatch(readText(t, "epic-stack.md"), -1)
	if len(lines) != 2 || lines[1][1] != "npx prisma migrate deploy" {
		t.Fatalf("the page has other commands: %q", lines)
	}
	database, dir := filepath.Join(app, "sqlite.db"), filepath.Join(app, "backups")
	command := strings.NewReplacer("$DATABASE_PATH", database, "/data/backups", dir).
		Replace(lines[0][1])
	run := func() error {
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = app
		return cmd.Run()
	}
	if err := run(); err != nil {
		t.Errorf("without a database: %v", err)
	}
	makeDatabase(t, database, "CREATE TABLE a(x); INSERT INTO a VALUES (1)")
	if err := run(); err != nil {
		t.Errorf("with a database: %v", err)
	}
	backups, err := filepath.Glob(filepath.Join(dir, "sqlite-*.db"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("want one backup, got %q, %v", backups, err)
	}
	if _, err := backup.Verify(t.Context(), backups[0], backup.VerifyOptions{}); err != nil {
		t.Error(err)
	}
	text := slices.Repeat([]byte("no database"), 100)
	if err := os.WriteFile(database, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(); err == nil {
		t.Error("no error for a file that is no database, so the migration would run")
	}
}
