package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seedkit/seedkit/internal/testmodule"
)

// gomodule makes a folder a Go module that imports seedkit, and lets the go command of the script
// use the machine's caches:
//
//	gomodule FOLDER NAME
func gomodule(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gomodule FOLDER NAME")
	}
	ts.Check(testmodule.Make(ts.MkAbs(args[0]), args[1]))
	settings, err := testmodule.Environment()
	ts.Check(err)
	settings = append(settings, "XDG_CACHE_HOME="+ts.MkAbs(".cache"))
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		ts.Setenv(name, value)
	}
}

// withoutgo takes the folders that have a go command from the PATH of the script.
func withoutgo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: withoutgo")
	}
	folders := slices.DeleteFunc(filepath.SplitList(ts.Getenv("PATH")), func(folder string) bool {
		_, err := exec.LookPath(filepath.Join(folder, "go"))
		return err == nil
	})
	ts.Setenv("PATH", strings.Join(folders, string(os.PathListSeparator)))
}
