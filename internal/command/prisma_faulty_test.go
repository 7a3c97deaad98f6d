package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrismaFaultyMigration follows docs/recovery.md: the real Prisma deploys a migration that
// fails in production, a backup is restored, and the corrected migration is deployed.
func TestPrismaFaultyMigration(t *testing.T) {
	const faulty = "prisma/migrations/20250101000000_roles/migration.sql"
	for version, find := range prismas {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			prisma := find(t)
			dir := t.TempDir()
			writeMigrations(t, dir)
			deploy(t, prisma, dir, "data.db")
			do(t, dir, "backup", "data.db", "--dir", "backups")
			backup := strings.TrimSpace(do(t, dir, "backup", "data.db", "--dir", "backups").stdout)
			before := rowsOf(t, dir, "data.db")

			writeFile(t, dir, faulty, `
				INSERT INTO Role (id, name, updatedAt) VALUES ('g', 'guest', 0);
				INSERT INTO Role (id, name, updatedAt) VALUES ('a', 'admin', 0);`)
			for _, want := range []string{"Unique constraint failed", "P3009"} {
				_, err := prisma.Deploy(t.Context(), dir+"/prisma/migrations", dir+"/data.db")
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("deploy: got %v, want %s", err, want)
				}
			}
			do(t, dir, "restore", backup, "--to", "data.db", "--backup-dir", "backups", "--yes")
			if diff := cmp.Diff(before, rowsOf(t, dir, "data.db")); diff != "" {
				t.Errorf("rows (-before the deploy +restored):\n%s", diff)
			}

			writeFile(t, dir, "roles.sql", `INSERT INTO Role (id, name, updatedAt) VALUES
				('g', 'guest', 0), ('a', 'admin', 0);`)
			writeFile(t, dir, faulty, "")
			do(t, dir, "extract", "roles.sql", "--on-conflict", "skip", "--into", faulty)
			deploy(t, prisma, dir, "data.db")
			got := strings.Join(rowsOf(t, dir, "data.db")["Role"], "\n")
			if !strings.Contains(got, "guest") || strings.Count(got, "admin") != 1 {
				t.Errorf("roles after the deploy: %s", got)
			}
		})
	}
}
