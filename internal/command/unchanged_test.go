package command

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// unchanged is exits for a command that must leave every file below $WORK as it was, and must
// neither create nor remove one:
//
//	unchanged 0 seedkit apply seed.db --to production.db --dry-run
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	before := everyFile(ts)
	exits(ts, neg, args)
	if diff := cmp.Diff(before, everyFile(ts)); diff != "" {
		ts.Fatalf("files were changed (-before +after):\n%s", diff)
	}
}

// refuses is unchanged for a command that must print one line of error and do nothing else:
//
//	refuses 4 seedkit apply seed.db --to production.db
func refuses(ts *testscript.TestScript, neg bool, args []string) {
	unchanged(ts, neg, args)
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("standard output is not empty: %q", out)
	}
	if n := len(errorLine.FindAllString(ts.ReadFile("stderr"), -1)); n != 1 {
		ts.Fatalf("%d lines of error, want one", n)
	}
}

var errorLine = regexp.MustCompile(`(?m)^seedkit: error: .`)

// everyFile returns the mode of each file below $WORK, and a hash of its content. It leaves out the
// content of a -shm, an index of the -wal that any reader may build.
func everyFile(ts *testscript.TestScript) map[string]string {
	files := map[string]string{}
	root := ts.Getenv("WORK")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		files[name] = info.Mode().String()
		if err != nil || !info.Mode().IsRegular() || strings.HasSuffix(path, "-shm") {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrPermission) {
			return nil // the script made it unreadable
		}
		files[name] += fmt.Sprintf(" %x", sha256.Sum256(content))
		return err
	})
	ts.Check(err)
	return files
}
