package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// examinations are the tests of what the commands of a page have made in a folder.
var examinations = map[string]func(t *testing.T, dir string){
	"rails.md": func(t *testing.T, dir string) {
		t.Helper()
		ask(t, dir, authority.ActiveRecord(t), "read_rails.rb")
	},
	"laravel.md": func(t *testing.T, dir string) {
		t.Helper()
		ask(t, dir, authority.PHP(t), "read_laravel.php")
	},
	"django.md": func(t *testing.T, dir string) {
		t.Helper()
		ask(t, dir, authority.Django(t), "read_django.py")
	},
	"go.md": func(t *testing.T, dir string) {
		t.Helper()
		examineGoose(t, dir)
	},
	"d1.md": func(t *testing.T, dir string) {
		t.Helper()
		examineD1(t, dir)
	},
}

// examineD1 lets Wrangler run the migrations and the script.
func examineD1(t *testing.T, dir string) {
	t.Helper()
	tools, path := authority.Migrators(t), filepath.Join(t.TempDir(), "d1.db")
	if _, err := tools.D1(t.Context(), filepath.Join(dir, "drizzle"), path); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "sample.sql")
	if _, err := tools.D1Execute(t.Context(), script, path); err != nil {
		t.Fatal(err)
	}
	wantOne(t, path, `SELECT (SELECT count(*) FROM plan) || ' ' || count(*) FROM customer
		JOIN plan ON plan.id = plan_id`, "2 200")
}

// examineGoose lets goose run the migrations.
func examineGoose(t *testing.T, dir string) {
	t.Helper()
	tools, path := authority.Migrators(t), filepath.Join(t.TempDir(), "app.db")
	if _, err := tools.Goose(t.Context(), filepath.Join(dir, "migrations"), path); err != nil {
		t.Fatal(err)
	}
	wantOne(t, path, "SELECT sum(price) || ' ' || count(*) FROM plan", "1900 2")
}

// wantOne checks the only value of a query.
func wantOne(t *testing.T, path, query, want string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got, err := c.Value(query)
	if err != nil {
		t.Fatal(err)
	}
	if got.Data() != want {
		t.Errorf("%s: got %s, want %s", query, got.Data(), want)
	}
}

// ask runs a script of testdata in a folder. The script prints "ok" if all is well.
func ask(t *testing.T, dir, program, script string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", script))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, path)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	if diff := cmp.Diff("ok\n", string(out)); diff != "" {
		t.Errorf("%s:\n%s", script, diff)
	}
}
