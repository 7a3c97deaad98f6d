package docs

import (
	"bytes"
	_ "embed"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testmodule"
)

// productionRows are what Prisma and the app's users have written.
//
//go:embed testdata/production.sql
var productionRows string

// newApp makes the folder of an app, with a production database, and with a first migration that
// inserts permissions and roles as the Epic Stack's does. It returns the folder.
func newApp(t *testing.T) string {
	t.Helper()
	app := t.TempDir()
	script := firstMigration(t)
	path := filepath.Join(app, "prisma", "migrations", "20230914194400_init", "migration.sql")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	makeDatabase(t, filepath.Join(app, "production.db"),
		"PRAGMA journal_mode = WAL;"+script+productionRows)
	return app
}

func firstMigration(t *testing.T) string {
	t.Helper()
	reference := filepath.Join(t.TempDir(), "reference.db")
	_, err := generate.Write(t.Context(), reference, generate.Options{
		SchemaSQL:       epicstack.Schema,
		Sets:            epicstack.Sets,
		Only:            []string{"reference"},
		DatetimeDefault: epicstack.Datetime,
	})
	if err != nil {
		t.Fatal(err)
	}
	var script bytes.Buffer
	script.WriteString(epicstack.Schema)
	if _, err := extract.Write(t.Context(), &script, reference, extract.Options{}); err != nil {
		t.Fatal(err)
	}
	return script.String()
}

func makeDatabase(t *testing.T, path, script string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// ownApp returns the folder of the app that only this page has, or "".
func ownApp(page string) string {
	dir := filepath.Join("testdata", "apps", strings.TrimSuffix(filepath.Base(page), ".md"))
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// databaseScript matches the name of a script whose database the app has in place of the script.
var databaseScript = regexp.MustCompile(`(\.db|\.sqlite3?)\.sql$`)

// copyApp copies an app's folder, and makes it a Go module.
func copyApp(t *testing.T, dir, app string) {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS(app)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !databaseScript.MatchString(path) {
			return err
		}
		makeDatabase(t, strings.TrimSuffix(path, ".sql"), readText(t, path))
		return os.Remove(path)
	})
	if err == nil {
		err = testmodule.Make(dir, "example.com/app")
	}
	if err != nil {
		t.Fatal(err)
	}
}
