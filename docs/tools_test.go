package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
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
