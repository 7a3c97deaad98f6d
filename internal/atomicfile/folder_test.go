package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// TestFolder looks at the folders after each step, as a kill would leave them.
func TestFolder(t *testing.T) {
	root := t.TempDir()
	migrations := filepath.Join(root, "migrations")
	if err := os.Mkdir(migrations, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := atomicfile.CreateFolder(filepath.Join(migrations, "1_more"), root)
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, filesIn(t, root)); diff != "" {
			t.Error(diff)
		}
	}
	expect(".1_more.tmp0", "migrations")
	for _, name := range []string{"migration.sql", "snapshot.json"} {
		if err := f.WriteFile(name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expect(".1_more.tmp0", ".1_more.tmp0/migration.sql", ".1_more.tmp0/snapshot.json", "migrations")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	expect("migrations", "migrations/1_more", "migrations/1_more/migration.sql",
		"migrations/1_more/snapshot.json")
}

// TestFolderInTheWay has a folder with a file where the new one is to appear, and what a killed
// process has left.
func TestFolderInTheWay(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "m", "1_more"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, ".1_more.tmp0"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "m", "1_more", "own"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := filesIn(t, root)
	err := atomicfile.MakeFolder(filepath.Join(root, "m", "1_more"), root,
		map[string][]byte{"migration.sql": nil})
	if err == nil {
		t.Error("the folder was replaced")
	}
	if diff := cmp.Diff(before, filesIn(t, root)); diff != "" {
		t.Error(diff)
	}
}

func filesIn(t *testing.T, root string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if path != root && err == nil {
			path, err = filepath.Rel(root, path)
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
