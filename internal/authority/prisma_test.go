package authority

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPrismaRefusesAnotherFolder(t *testing.T) {
	t.Setenv("SEEDKIT_PRISMA", t.TempDir())
	got, want := ended(func(tb testing.TB) { Prisma(tb) }).failed, "SEEDKIT_PRISMA"
	if !strings.Contains(got, want) {
		t.Errorf("failed with %q, want %s named", got, want)
	}
}

var digit = regexp.MustCompile(`[0-9]`)

// TestClientReadsWhatItWrites goes through all steps of tests with a production database, for both
// forms of a DateTime, in folders whose names need escaping in a URL.
func TestClientReadsWhatItWrites(t *testing.T) {
	prisma, shell := Prisma(t), SQLite3(t)
	tests := []struct {
		name   string
		format TimestampFormat
		want   string
	}{
		{"ISO8601", ISO8601, "text 0000-00-00T00:00:00.000+00:00"},
		{"UnixMilli", UnixMilli, "integer 0000000000000"},
	}
	schema, err := prisma.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	migrations := migration(t,
		schema+`INSERT INTO "Role" ("id","name","updatedAt") VALUES ('r1','user',1735689600000);`)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := filepath.Join(t.TempDir(), "production 100%?.db")
			p := *prisma
			p.TimestampFormat = tt.format
			before := time.Now().Truncate(time.Millisecond)
			out, err := p.Deploy(t.Context(), migrations, db)
			if err != nil || !strings.Contains(out, "20250101000000_init") {
				t.Fatalf("Deploy printed %q, error %v", out, err)
			}
			if _, err := p.Run(t.Context(), "make-users.mjs", db, "2"); err != nil {
				t.Fatal(err)
			}
			checkMembers(t, &p, db, before)
			stored := query(t, shell, db,
				`SELECT typeof(updatedAt)||' '||updatedAt FROM "Note" LIMIT 1`)
			if got := digit.ReplaceAllString(stored, "0"); got != tt.want {
				t.Errorf("a date is stored as %s, want the form %s", stored, tt.want)
			}
		})
	}
}

func TestSchemaLeavesNothingBehind(t *testing.T) {
	prisma := Prisma(t)
	want := append(names(t, "."), names(t, prisma.dir)...)
	schema, err := prisma.Schema(t.Context())
	if err != nil || !strings.Contains(schema, `CREATE UNIQUE INDEX "_RoleToUser_AB_unique"`) {
		t.Errorf("Schema = %q, error %v", schema, err)
	}
	if diff := cmp.Diff(want, append(names(t, "."), names(t, prisma.dir)...)); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

func TestDeployErrors(t *testing.T) {
	for version, find := range map[string]func(testing.TB) *Project{"6": Prisma, "7": Prisma7} {
		t.Run("a statement that fails/"+version, func(t *testing.T) {
			_, err := find(t).Deploy(t.Context(), migration(t, "INSERT INTO nowhere VALUES(1);"),
				filepath.Join(t.TempDir(), "a.db"))
			want := "no such table: nowhere"
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Deploy = %v, want an error with %q", err, want)
			}
		})
	}
	prisma := Prisma(t)
	t.Run("no migrations folder", func(t *testing.T) {
		db := filepath.Join(t.TempDir(), "a.db")
		_, err := prisma.Deploy(t.Context(), filepath.Join(t.TempDir(), "none"), db)
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Deploy = %v, want %v", err, fs.ErrNotExist)
		}
		if _, err := os.Stat(db); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the database was touched: %v", err)
		}
	})
}

func TestRunCarriesStandardError(t *testing.T) {
	_, err := Prisma(t).Run(t.Context(), "make-users.mjs", filepath.Join(t.TempDir(), "a.db"),
		"none")
	if want := "usage: make-users.mjs N"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Run = %v, want an error with %q", err, want)
	}
}

func checkMembers(t *testing.T, p *Project, db string, earliest time.Time) {
	t.Helper()
	printed, err := p.Run(t.Context(), "users.mjs", db)
	if err != nil {
		t.Fatal(err)
	}
	type user struct {
		Username  string
		CreatedAt time.Time
		Roles     []struct{ Name string }
		Passkey   []struct{ PublicKey, Counter string }
	}
	var got []user
	if err := json.Unmarshal(printed, &got); err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i].CreatedAt.Before(earliest) {
			t.Errorf("%s was created %s, want %s or later", got[i].Username, got[i].CreatedAt,
				earliest)
		}
		got[i].CreatedAt = time.Time{}
	}
	role := []struct{ Name string }{{"user"}}
	want := []user{
		{Username: "member1", Roles: role,
			Passkey: []struct{ PublicKey, Counter string }{{"000127ff", "1"}}},
		{Username: "member2", Roles: role,
			Passkey: []struct{ PublicKey, Counter string }{{"000227ff", "2"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}

func migration(t *testing.T, sql string) (migrationsDir string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "of an app", "migrations")
	init := filepath.Join(dir, "20250101000000_init")
	if err := os.MkdirAll(init, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(init, "migration.sql"), []byte(sql), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func query(t *testing.T, shell, db, sql string) string {
	t.Helper()
	out, err := exec.Command(shell, "-init", os.DevNull, "-batch", db, sql).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
