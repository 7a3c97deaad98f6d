//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestInstallPage runs the commands that docs/install.md has for a clone, without a network. The
// seedkit of Go and that of the npm app must then run.
func TestInstallPage(t *testing.T) {
	t.Parallel()
	find(t, "npm")
	if runtime.GOARCH != "amd64" {
		t.Skip("the page shows the commands for linux/amd64")
	}
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	page := string(read(t, root, "docs", "install.md"))
	_, today, _ := strings.Cut(page, "\n## From a clone, today\n")
	today, _, found := strings.Cut(today, "\n## After the first release\n")
	blocks := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(today, -1)
	if !found || len(blocks) != 2 {
		t.Fatalf("docs/install.md has %d blocks of commands for a clone, want 2", len(blocks))
	}
	parent, bin, home := t.TempDir(), t.TempDir(), t.TempDir()
	clone, app := filepath.Join(parent, "seedkit"), filepath.Join(parent, "app")
	if _, err := git(root, "clone", "--quiet", "--no-tags", root, clone); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(app, 0o777); err != nil {
		t.Fatal(err)
	}
	text := []byte(`{"name": "app", "private": true}`)
	if err := os.WriteFile(filepath.Join(app, "package.json"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks {
		shell := exec.Command("sh", "-exc", block[1])
		shell.Dir = clone
		shell.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOPROXY=off", "GOBIN="+bin,
			"npm_config_offline=true", "npm_config_cache="+home, "npm_config_audit=false")
		if out, err := shell.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	commit, err := git(clone, "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		filepath.Join(bin, "seedkit"), filepath.Join(app, "node_modules", ".bin", "seedkit"),
	} {
		if got := command(t, app, path, "version", "--json"); !strings.Contains(got, commit) {
			t.Errorf("%s does not name the commit %s: %s", path, commit, got)
		}
	}
}
