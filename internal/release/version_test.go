package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false",
			"commit", "--quiet", "--allow-empty", "-m", "one"},
	} {
		if _, err := git(dir, args...); err != nil {
			t.Fatal(err)
		}
	}
	const snapshot = `^0\.0\.0-snapshot\.g[0-9a-f]{12}`
	check := func(title, given, want string) {
		t.Helper()
		r, err := newRelease(dir, given)
		if err != nil || !regexp.MustCompile(want).MatchString(r.version) {
			t.Errorf("%s: got %q, %v, want %s", title, r.version, err, want)
		}
		if !semantic.MatchString(r.version) {
			t.Errorf("%s: %s is not a version of npm", title, r.version)
		}
	}
	tag := func(name string) {
		t.Helper()
		if _, err := git(dir, "-c", "tag.gpgSign=false", "tag", name); err != nil {
			t.Fatal(err)
		}
	}
	check("no tag", "", snapshot+`$`)
	check("a given version", "v1.0.0-rc.1", `^1\.0\.0-rc\.1$`)
	tag("deployed")
	tag("v01.2.3")
	check("no tag of a version", "", snapshot+`$`)
	tag("v1.9.0")
	tag("v1.10.0")
	check("two tags", "", `^1\.10\.0$`)
	if err := os.WriteFile(filepath.Join(dir, "new"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	check("a changed file", "", snapshot+`\.changed$`)
	for _, bad := range []string{"1.2", "01.2.3", "1.2.3+meta", "latest", "1.2.3-01"} {
		if _, err := newRelease(dir, bad); err == nil {
			t.Errorf("%q is taken for a version", bad)
		}
	}
}

func TestRefusals(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "precious"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		title               string
		version, dist, list string
		args                []string
		want                string
	}{
		{"a folder with files", "1.2.3", full, "", nil, "no empty folder"},
		{"an unknown platform", "1.2.3", full, "linux/amd64,plan9/amd64", nil, `"plan9/amd64"`},
		{"a bad version", "one", t.TempDir(), "", nil, `"one"`},
		{"an argument", "", t.TempDir(), "", []string{"1.2.3"}, "unexpected argument"},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			err := run(tt.version, tt.dist, tt.list, tt.args)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %s", err, tt.want)
			}
		})
	}
}
