package project_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/project"
)

func TestSchemas(t *testing.T) {
	tests := []struct {
		title string
		// The names of files. A file's text follows its name after =, with ~ for a space.
		files string
		from  string // The folder to search; "" means the app's.
		want  string // PATH, or PATH: why it cannot be read; one per line.
	}{
		{"nothing", "README.md src/main.go", "", ""},
		{"Prisma", "prisma/migrations/2025_a/migration.sql prisma/schema.prisma", "",
			"prisma/migrations"},
		{"Prisma, no migration yet", `prisma/migrations/migration_lock.toml=provider="sqlite"`, "",
			"prisma/migrations"},
		{"Prisma for another database",
			`prisma/migrations/migration_lock.toml=provider="postgresql"` +
				" prisma/migrations/2025_a/migration.sql", "",
			"prisma/migrations: is for postgresql, not for SQLite"},
		{"Prisma without migrations", "prisma/schema.prisma", "",
			"prisma/schema.prisma: is written in Prisma's language"},
		{"Drizzle", `drizzle/0000_a.sql drizzle/meta/_journal.json={"dialect":"sqlite"}`, "",
			"drizzle"},
		{"Drizzle for another database",
			`drizzle/0000_a.sql drizzle/meta/_journal.json={"dialect":"mysql"}`, "",
			"drizzle: is for mysql, not for SQLite"},
		{"goose in a folder of any name", "internal/store/sql/001_a.sql=--~+goose~Up", "",
			"internal/store/sql"},
		{"golang-migrate", "db/ups/1_a.up.sql db/ups/1_a.down.sql", "", "db/ups"},
		{"plain scripts", "migrations/0001_a.sql", "", "migrations"},
		{"scripts with numbers are no migrations", "seeds/0001_a.sql 2025-01-01.sql", "", ""},
		{"two tools in one folder",
			"migrations/1_a.sql=--~+goose~Up migrations/2_a.sql=--~migrate:up", "",
			"migrations: looks like a folder of goose and of dbmate"},
		{"Laravel", "database/migrations/0001_01_01_000000_create_users_table.php", "",
			"database/migrations: is written in PHP"},
		{"Rails", "db/migrate/20250101000000_a.rb db/schema.rb", "",
			"db/migrate: is written in Ruby\ndb/schema.rb: is written in Ruby"},
		{"Rails with a script", "db/migrate/20250101000000_a.rb db/structure.sql", "",
			"db/structure.sql"},
		{"Django", "polls/migrations/0001_initial.py polls/migrations/__init__.py", "",
			"polls/migrations: is written in Python"},
		{"Alembic", "alembic/env.py alembic/versions/ae10_a.py", "",
			"alembic/versions: is written in Python"},
		{"EF Core", "Migrations/20250101000000_Init.cs", "", "Migrations: is written in C#"},
		{"diesel", "migrations/2025_a/up.sql migrations/2025_a/down.sql", "", "migrations"},
		{"diesel for several databases", "migrations/sqlite/2025_a/up.sql " +
			"migrations/sqlite/2025_a/down.sql migrations/mysql/2025_a/up.sql " +
			"migrations/mysql/2025_a/down.sql", "", "migrations/sqlite"},
		{"diesel for another database", "migrations/postgresql/2025_a/up.sql " +
			"migrations/postgresql/2025_a/down.sql", "",
			"migrations/postgresql: is for PostgreSQL, not for SQLite"},
		{"an up.sql elsewhere", "tools/a/up.sql", "", ""},
		{"sqlx", "migrations/1_a.up.sql migrations/1_a.down.sql Cargo.toml=sqlx", "", "migrations"},
		{"Flyway", "db/migration/V1__a.sql", "", "db/migration"},
		{"Laravel with a script", "database/migrations/0001_01_01_000000_a.php " +
			"database/schema/sqlite-schema.sql", "", "database/schema/sqlite-schema.sql"},
		{"Ecto with a script", "priv/repo/migrations/20250101000000_a.exs priv/repo/structure.sql",
			"", "priv/repo/structure.sql"},
		{"a package called migration", "internal/migration/detect.go", "", ""},
		{"dbmate keeps its schema, too", "db/migrations/2025_a.sql=--~migrate:up db/schema.sql", "",
			"db/migrations"},
		{"a script alone", "schema.sql", "", "schema.sql"},
		{"several", "prisma/migrations/2025_a/migration.sql drizzle/meta/_journal.json", "",
			"drizzle\nprisma/migrations"},
		{"what cannot be read comes last", "migrations/0001_a.py drizzle/meta/_journal.json", "",
			"drizzle"},
		{"not the app's", "node_modules/a/migrations/1_a.sql vendor/migrations/1_a.sql .git/x " +
			"testdata/migrations/1_a.sql .cache/migrations/1_a.sql", "", ""},
		{"deep", "apps/web/src/lib/db/migrations/2025_a/migration.sql", "",
			"apps/web/src/lib/db/migrations"},
		{"too deep", "a/b/c/d/e/f/migrations/1_a.sql", "", ""},
		{"from below", ".git/HEAD prisma/migrations/2025_a/migration.sql src/routes/a.ts",
			"src/routes", "../../prisma/migrations"},
		{"from a migration", ".git/HEAD prisma/migrations/2025_a/migration.sql",
			"prisma/migrations/2025_a", ".."},
		{"from the migrations", "prisma/migrations/2025_a/migration.sql", "prisma/migrations", "."},
		{"the nearest", ".git/HEAD drizzle/meta/_journal.json a/migrations/1_a.sql", "a",
			"migrations"},
		{"not another app's",
			".git/HEAD apps/api/a apps/web/prisma/migrations/2025_a/migration.sql", "apps/api", ""},
		{"no repository to look above in", "prisma/migrations/2025_a/migration.sql src/a.ts",
			"src", ""},
		{"not above the repository", "migrations/1_a.sql app/.git/HEAD", "app", ""},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range strings.Fields(tt.files) {
				name, text, _ := strings.Cut(file, "=")
				write(t, filepath.Join(dir, filepath.FromSlash(name)),
					strings.ReplaceAll(text, "~", " "))
			}
			t.Chdir(filepath.Join(dir, tt.from))
			found, err := project.Schemas(t.Context(), ".")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range found {
				line := filepath.ToSlash(s.Path)
				if s.Unreadable != "" {
					line += ": " + s.Unreadable
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("schemas (-want +got):\n%s", diff)
			}
		})
	}
}

// TestThisRepository checks that Schemas does not take seedkit's own tests and fixtures for an
// app's schema.
func TestThisRepository(t *testing.T) {
	found, err := project.Schemas(t.Context(), filepath.Join("..", ".."))
	if err != nil || len(found) > 0 {
		t.Errorf("found %v, %v, want nothing", found, err)
	}
}

// TestTooMany checks that Schemas soon gives up on a folder that belongs to no app.
func TestTooMany(t *testing.T) {
	dir := t.TempDir()
	project.SetMostFolders(t, 10)
	for i := range 10 {
		if err := os.Mkdir(filepath.Join(dir, fmt.Sprint(i)), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := project.Schemas(t.Context(), dir); !errors.Is(err, project.ErrTooMany) {
		t.Errorf("found %v, %v, want ErrTooMany", found, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
