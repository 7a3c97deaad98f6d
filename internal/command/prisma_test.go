package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestPrismaApply applies a seed to a production database that the real Prisma made and that has
// users of its own, for both ways in which Prisma writes dates.
func TestPrismaApply(t *testing.T) {
	prisma := authority.Prisma(t)
	tests := []struct {
		datetime string
		format   authority.TimestampFormat
	}{
		{"iso", authority.ISO8601},
		{"unix-ms", authority.UnixMilli},
	}
	for _, tt := range tests {
		t.Run(tt.datetime, func(t *testing.T) {
			t.Parallel()
			p := *prisma
			p.TimestampFormat = tt.format
			dir := t.TempDir()
			writeMigrations(t, dir)
			deploy(t, &p, dir, "production.db")
			runClient(t, &p, dir, "make-users.mjs", "100")
			execScript(t, filepath.Join(dir, "production.db"), "PRAGMA journal_mode = WAL")
			own := rowsOf(t, dir, "production.db")

			do(t, dir, "gen", "--schema", "prisma/migrations", "--datetime", tt.datetime)
			do(t, dir, "apply", "seed.db", "--allow-sample", "--yes", "--to", "production.db")
			want := union(own, appRowsOf(t, dir, "seed.db"))
			if diff := cmp.Diff(want, rowsOf(t, dir, "production.db")); diff != "" {
				t.Errorf("rows (-own and the seed's +after apply):\n%s", diff)
			}
			checkDates(t, dir)
			checkUsers(t, runClient(t, &p, dir, "users.mjs"))
			checkNothingToDo(t, dir)
		})
	}
}

// TestPrismaReadsTimes has the real client read times that a script left to a default, or gave in
// another form than the app's, for both ways in which Prisma writes dates.
func TestPrismaReadsTimes(t *testing.T) {
	prisma := authority.Prisma(t)
	for _, format := range []authority.TimestampFormat{authority.ISO8601, authority.UnixMilli} {
		t.Run("TIMESTAMP_FORMAT="+string(format), func(t *testing.T) {
			t.Parallel()
			p := *prisma
			p.TimestampFormat = format
			dir := t.TempDir()
			writeMigrations(t, dir)
			deploy(t, &p, dir, "production.db")
			runClient(t, &p, dir, "make-users.mjs", "5")
			writeFile(t, dir, "ada.sql", `INSERT INTO User (id, email, username, updatedAt)
				VALUES ('ada', 'ada@example.com', 'ada', '2024-02-29 12:00:00');`)
			before := time.Now().Add(-time.Millisecond)
			do(t, dir, "apply", "ada.sql", "--yes", "--to", "production.db")
			checkDates(t, dir)
			var users []struct {
				ID                   string
				CreatedAt, UpdatedAt time.Time
			}
			if err := json.Unmarshal(runClient(t, &p, dir, "users.mjs"), &users); err != nil {
				t.Fatal(err)
			}
			ada := users[0]
			want := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
			if ada.ID != "ada" || !ada.UpdatedAt.Equal(want) {
				t.Errorf("the client reads that %s was updated at %s, want ada at %s",
					ada.ID, ada.UpdatedAt, want)
			}
			// CURRENT_TIMESTAMP has whole seconds.
			if ada.CreatedAt.Before(before.Truncate(time.Second)) ||
				ada.CreatedAt.After(time.Now()) {
				t.Errorf("the client reads that %s was created at %s, want now",
					ada.ID, ada.CreatedAt)
			}
			again := do(t, dir, "apply", "ada.sql", "--yes", "--to", "production.db")
			if want := "nothing to insert: 1 row already in production.db\n"; again.stderr != want {
				t.Errorf("the second apply says %q, want %q", again.stderr, want)
			}
		})
	}
}

// TestPrismaDeploy has the real Prisma deploy a migration that extract has filled: a fresh database
// gets the seed's rows.
func TestPrismaDeploy(t *testing.T) {
	const second = "prisma/migrations/20240101000000_seed/migration.sql"
	tests := []struct {
		name, into string
		prepare    func(t *testing.T, dir string)
	}{
		{"a migration of its own", second, func(t *testing.T, dir string) {
			writeMigrations(t, dir)
			writeFile(t, dir, second, "-- written by hand; without a line end")
		}},
		{"the init migration", initMigration, writeMigrations},
		{"an init migration without rows", initMigration, func(t *testing.T, dir string) {
			writeFile(t, dir, initMigration, epicstack.Schema)
		}},
	}
	for version, find := range prismas {
		for _, tt := range tests {
			t.Run(version+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				prisma := find(t)
				dir := t.TempDir()
				tt.prepare(t, dir)
				do(t, dir, "gen", "--schema", "prisma/migrations")
				do(t, dir, "extract", "seed.db", "--into", tt.into)
				deploy(t, prisma, dir, "fresh.db")
				got := appRowsOf(t, dir, "fresh.db")
				if diff := cmp.Diff(appRowsOf(t, dir, "seed.db"), got); diff != "" {
					t.Errorf("rows (-seed.db +deployed):\n%s", diff)
				}
			})
		}
	}
}

// prismas are the projects of each version.
var prismas = map[string]func(testing.TB) *authority.Project{
	"6": authority.Prisma, "7": authority.Prisma7,
}

// TestPrisma7Client has the client of Prisma 7 read the rows of a new migration that extract made,
// and write other rows.
func TestPrisma7Client(t *testing.T) {
	prisma := authority.Prisma7(t)
	dir := t.TempDir()
	writeMigrations(t, dir)
	do(t, dir, "gen", "--schema", "prisma/migrations", "--datetime", "iso")
	do(t, dir, "extract", "seed.db", "--new", "sample users", "--dir", "prisma/migrations")
	deploy(t, prisma, dir, "production.db")
	runClient(t, prisma, dir, "make-users.mjs", "100")
	checkDates(t, dir)
	checkUsers(t, runClient(t, prisma, dir, "users.mjs"))

	made, err := filepath.Glob(filepath.Join(dir, "prisma/migrations/*_sample_users/migration.sql"))
	if err != nil || len(made) != 1 {
		t.Fatalf("found %v, error %v; want one new migration", made, err)
	}
	cmd := seedkit(t, dir, "extract", "seed.db", "--into", made[0], "--applied-in", "production.db")
	if got := end(t, cmd, cmd.Run); got.code != exitRefused {
		t.Errorf("an edit of what has run ends with exit code %d, want %d:\n%s",
			got.code, exitRefused, got.stderr)
	}
}

const initMigration = "prisma/migrations/20230914194400_init/migration.sql"

// writeMigrations makes the migrations folder of an app as in the Epic Stack: one migration, with
// the tables and the reference data.
func writeMigrations(t *testing.T, dir string) {
	t.Helper()
	do(t, dir, "gen", "--set", "reference", "-o", "reference.db")
	rows := do(t, dir, "extract", "reference.db").stdout
	if got, want := strings.Count(rows, "INSERT INTO"), 34; got != want {
		t.Fatalf("%d reference rows, want %d", got, want)
	}
	writeFile(t, dir, initMigration, epicstack.Schema+rows)
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func deploy(t *testing.T, p *authority.Project, dir, db string) {
	t.Helper()
	migrations := filepath.Join(dir, "prisma", "migrations")
	if _, err := p.Deploy(t.Context(), migrations, filepath.Join(dir, db)); err != nil {
		t.Fatal(err)
	}
}

func runClient(t *testing.T, p *authority.Project, dir, script string, args ...string) []byte {
	t.Helper()
	out, err := p.Run(t.Context(), script, filepath.Join(dir, "production.db"), args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// checkDates checks that the seed's dates are stored like the app's own.
func checkDates(t *testing.T, dir string) {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), filepath.Join(dir, "production.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	classes, err := c.Int64("SELECT count(DISTINCT typeof(createdAt)) FROM User")
	if err != nil || classes != 1 {
		t.Errorf("dates of users are of %d storage classes, want 1; error %v", classes, err)
	}
}

// checkNothingToDo applies the seed a second time, which must change nothing.
func checkNothingToDo(t *testing.T, dir string) {
	t.Helper()
	files, content := filesIn(t, dir), dumpOf(t, dir, "production.db")
	again := do(t, dir, "apply", "seed.db", "--allow-sample", "--yes", "--to", "production.db")
	if want := "nothing to insert: 108 rows already in production.db\n"; again.stderr != want {
		t.Errorf("the second apply says %q, want %q", again.stderr, want)
	}
	if diff := cmp.Diff(files, filesIn(t, dir)); diff != "" {
		t.Errorf("files (-before +after the second apply):\n%s", diff)
	}
	if diff := cmp.Diff(content, dumpOf(t, dir, "production.db")); diff != "" {
		t.Errorf("production.db (-before +after the second apply):\n%s", diff)
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
