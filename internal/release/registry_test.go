package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// A registry serves npm's tarballs from memory, as the registry of npm does.
type registry struct {
	url      string
	tarballs map[string][]byte // by name and file: @seedkit/linux-x64/-/seedkit-linux-x64-1.2.3.tgz
	packages map[string]any
}

// newRegistry serves the tarballs in the folder.
func newRegistry(t *testing.T, dir string) *registry {
	t.Helper()
	r := &registry{tarballs: map[string][]byte{}, packages: map[string]any{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	paths, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no tarballs in %s: %v", dir, err)
	}
	for _, p := range paths {
		data := read(t, p)
		manifest := manifestOf(t, data)
		name, version := manifest["name"].(string), manifest["version"].(string)
		place := path.Join(name, "-", filepath.Base(p))
		r.tarballs[place] = data
		sum := sha512.Sum512(data)
		manifest["dist"] = map[string]string{
			"tarball":   r.url + "/" + place,
			"integrity": "sha512-" + base64.StdEncoding.EncodeToString(sum[:]),
		}
		r.packages[name] = map[string]any{
			"name":      name,
			"dist-tags": map[string]string{"latest": version},
			"versions":  map[string]any{version: manifest},
		}
	}
	return r
}

func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	name, err := url.PathUnescape(strings.TrimPrefix(request.URL.EscapedPath(), "/"))
	if data, ok := r.tarballs[name]; ok && err == nil {
		_, _ = w.Write(data)
		return
	}
	if found, ok := r.packages[name]; ok && err == nil {
		_ = json.NewEncoder(w).Encode(found)
		return
	}
	http.NotFound(w, request)
}

// manifestOf returns the package.json of a tarball.
func manifestOf(t *testing.T, tarball []byte) map[string]any {
	t.Helper()
	text, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		t.Fatal(err)
	}
	for entries := tar.NewReader(text); ; {
		header, err := entries.Next()
		if err != nil {
			t.Fatalf("a tarball without package.json: %v", err)
		}
		if header.Name != "package/package.json" {
			continue
		}
		data, err := io.ReadAll(entries)
		if err != nil {
			t.Fatal(err)
		}
		manifest := map[string]any{}
		if err := json.Unmarshal(data, &manifest); err != nil {
			t.Fatal(err)
		}
		return manifest
	}
}

// A project is a folder in which npm installs packages from a registry.
type project struct {
	dir, home string
	registry  *registry
}

// newProject makes an empty project. Its registry has the tarballs of the folder.
func newProject(t *testing.T, tarballs string) project {
	t.Helper()
	find(t, "node")
	find(t, "npm")
	p := project{t.TempDir(), t.TempDir(), newRegistry(t, tarballs)}
	text := []byte(`{"name": "app", "version": "1.0.0", "private": true}`)
	if err := os.WriteFile(filepath.Join(p.dir, "package.json"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	return p
}

// command is a command in the project's folder, which finds no settings of the user.
func (p project) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "TMPDIR=" + p.home, "TERM=xterm",
		"npm_config_registry=" + p.registry.url,
		"npm_config_audit=false", "npm_config_fund=false", "npm_config_update_notifier=false",
	}
	return cmd
}

// run runs a command to its end, and returns what it prints and its exit code.
func (p project) run(t *testing.T, name string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := p.command(name, args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that succeeds.
func (p project) must(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, errs, code := p.run(t, name, args...)
	if code != 0 {
		t.Fatalf("%s %v: exit code %d\n%s%s", name, args, code, out, errs)
	}
	return out
}
