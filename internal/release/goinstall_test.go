package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

// TestGoInstall installs seedkit with go install from a module proxy that has the tag. The other
// modules come from the machine's cache.
func TestGoInstall(t *testing.T) {
	t.Parallel()
	clone, proxy := filepath.Dir(released(t)), t.TempDir()
	const path, version = "github.com/seedkit/seedkit", "v1.2.3"
	dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	err := modzip.CreateFromVCS(&packed, module.Version{Path: path, Version: version},
		clone, version, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": []byte(`{"Version": "` + version + `"}`),
		version + ".mod":  read(t, clone, "go.mod"),
		version + ".zip":  packed.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	isLight(t, packed.Bytes())

	cache := strings.TrimSpace(command(t, "", "go", "env", "GOMODCACHE"))
	modules, bin := t.TempDir(), t.TempDir()
	install := exec.Command("go", "install", path+"/cmd/seedkit@"+version)
	install.Dir = t.TempDir()
	install.Env = append(os.Environ(), "GOPROXY=file://"+filepath.ToSlash(proxy)+",file://"+
		filepath.ToSlash(filepath.Join(cache, "cache", "download"))+",off", "GOSUMDB=off",
		"GOMODCACHE="+modules, "GOBIN="+bin, "GOFLAGS=-modcacherw -trimpath", "CGO_ENABLED=0")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("go install: %v\n%s", err, out)
	}
	got := command(t, bin, filepath.Join(bin, host(t).program()), "version")
	want := fmt.Sprintf("seedkit %s (%s, ", version, runtime.Version())
	if !strings.HasPrefix(got, want) {
		t.Errorf("the program says %q, want %q", got, want)
	}
}

// isLight checks that a module that requires seedkit does not get the command that builds releases.
func isLight(t *testing.T, packed []byte) {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files.File {
		if strings.Contains(f.Name, "internal/release/") {
			t.Errorf("the module has %s", f.Name)
		}
	}
}
