package command

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
)

// TestPrismaGoesOn has the real Prisma deploy to a database that gen made of the app's migrations:
// nothing is pending, and the next migration runs.
func TestPrismaGoesOn(t *testing.T) {
	for version, find := range prismas {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			prisma := find(t)
			dir := t.TempDir()
			writeMigrations(t, dir)
			do(t, dir, "gen", "--schema", "prisma/migrations", "-o", "dev.db")
			rows := rowsOf(t, dir, "dev.db")
			checkPending(t, prisma, dir, "No pending migrations to apply.")
			if diff := cmp.Diff(rows, rowsOf(t, dir, "dev.db")); diff != "" {
				t.Errorf("rows (-before +after a deployment of nothing):\n%s", diff)
			}
			writeFile(t, dir, "prisma/migrations/20300101000000_next/migration.sql",
				"CREATE TABLE Next(id INTEGER PRIMARY KEY);")
			checkPending(t, prisma, dir, "20300101000000_next")
			checkPending(t, prisma, dir, "No pending migrations to apply.")
		})
	}
}

func checkPending(t *testing.T, p *authority.Project, dir, want string) {
	t.Helper()
	output, err := p.Deploy(t.Context(), filepath.Join(dir, "prisma", "migrations"),
		filepath.Join(dir, "dev.db"))
	if err != nil || !strings.Contains(output, want) {
		t.Errorf("prisma migrate deploy: error %v; want %q in\n%s", err, want, output)
	}
}
