package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"
)

// host is the platform of this machine.
func host(t *testing.T) platform {
	t.Helper()
	for _, p := range platforms {
		if p.String() == runtime.GOOS+"/"+runtime.GOARCH {
			return p
		}
	}
	t.Skipf("no release is built for %s/%s", runtime.GOOS, runtime.GOARCH)
	return platform{}
}

// temp is removed after the tests.
var temp string

func TestMain(m *testing.M) {
	var err error
	if temp, err = os.MkdirTemp("", "seedkit-release-*"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(temp)
	os.Exit(code)
}

// released returns the folder of a release of the last commit, as version 1.2.3, for this machine.
func released(t *testing.T) string {
	t.Helper()
	host(t)
	dist, err := releaseOnce()
	if err != nil {
		t.Fatal(err)
	}
	return dist
}

var releaseOnce = sync.OnceValues(func() (string, error) {
	return releaseClone(filepath.Join(temp, "one"))
})

// releaseClone clones the repository to the folder, gives the commit a tag, and makes the release
// of the tag.
func releaseClone(dir string) (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	if _, err := git(root, "clone", "--quiet", "--no-tags", root, dir); err != nil {
		return "", err
	}
	if _, err := git(dir, "-c", "tag.gpgSign=false", "tag", "v1.2.3"); err != nil {
		return "", err
	}
	r, err := newRelease(dir, "")
	if err != nil {
		return "", err
	}
	only, err := choosePlatforms(runtime.GOOS + "/" + runtime.GOARCH)
	if err != nil {
		return "", err
	}
	dist := filepath.Join(dir, "dist")
	return dist, r.write(dist, only)
}

func TestTwoReleasesHaveTheSameBytes(t *testing.T) {
	t.Parallel()
	first := released(t)
	second, err := releaseClone(filepath.Join(temp, "elsewhere", "two"))
	if err != nil {
		t.Fatal(err)
	}
	names := filesOf(t, first)
	if diff := cmp.Diff(names, filesOf(t, second)); diff != "" {
		t.Fatalf("the files of two releases differ:\n%s", diff)
	}
	for _, name := range names {
		one, two := read(t, first, name), read(t, second, name)
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs between two releases", name)
		}
		if bytes.Contains(one, []byte(temp)) {
			t.Errorf("%s has the path of the folder in which it was built", name)
		}
	}
}

func filesOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func read(t *testing.T, elements ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// command runs a program in a folder, and returns its standard output.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, &stderr)
	}
	return string(out)
}

// find returns the path of a tool, or skips the test.
func find(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Skipf("no %s on this machine", tool)
	}
	return path
}

// pretended returns programs for all platforms that are no programs.
func pretended() (built []program) {
	for _, p := range platforms {
		script := "#!/bin/sh\necho " + p.node + "\n"
		built = append(built, program{platform: p, data: []byte(script)})
	}
	return built
}

func pretendedRelease(t *testing.T) release {
	t.Helper()
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	return release{root: root, version: "1.2.3", time: time.Unix(1_700_000_000, 0).UTC()}
}

func TestNames(t *testing.T) {
	r, built, dist := pretendedRelease(t), pretended(), t.TempDir()
	for i, p := range built {
		built[i].path = filepath.Join(t.TempDir(), p.program())
		if err := os.WriteFile(built[i].path, p.data, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dist, "npm"), 0o777); err != nil {
		t.Fatal(err)
	}
	steps := []func(string, []program) error{
		r.writeArchives, r.writePackages, r.writeNPM, r.writeImage, writeSums,
	}
	for _, step := range steps {
		if err := step(dist, built); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"SHA256SUMS",
		"npm/seedkit-1.2.3.tgz",
		"npm/seedkit-darwin-arm64-1.2.3.tgz",
		"npm/seedkit-darwin-x64-1.2.3.tgz",
		"npm/seedkit-linux-arm-1.2.3.tgz",
		"npm/seedkit-linux-arm64-1.2.3.tgz",
		"npm/seedkit-linux-x64-1.2.3.tgz",
		"npm/seedkit-win32-arm64-1.2.3.tgz",
		"npm/seedkit-win32-x64-1.2.3.tgz",
		"seedkit_1.2.3_darwin_amd64.tar.gz",
		"seedkit_1.2.3_darwin_arm64.tar.gz",
		"seedkit_1.2.3_image.tar",
		"seedkit_1.2.3_linux_amd64.deb",
		"seedkit_1.2.3_linux_amd64.rpm",
		"seedkit_1.2.3_linux_amd64.tar.gz",
		"seedkit_1.2.3_linux_arm64.deb",
		"seedkit_1.2.3_linux_arm64.rpm",
		"seedkit_1.2.3_linux_arm64.tar.gz",
		"seedkit_1.2.3_linux_armv7.deb",
		"seedkit_1.2.3_linux_armv7.rpm",
		"seedkit_1.2.3_linux_armv7.tar.gz",
		"seedkit_1.2.3_windows_amd64.zip",
		"seedkit_1.2.3_windows_arm64.zip",
	}
	if diff := cmp.Diff(want, filesOf(t, dist)); diff != "" {
		t.Errorf("the files of a release (-want +got):\n%s", diff)
	}
}

func TestSums(t *testing.T) {
	dist := released(t)
	find(t, "sha256sum")
	got := strings.Count(command(t, dist, "sha256sum", "--check", "SHA256SUMS"), ": OK\n")
	if want := len(filesOf(t, dist)) - 1; got != want {
		t.Errorf("SHA256SUMS has %d files, want %d", got, want)
	}
}

func TestArchive(t *testing.T) {
	p := host(t)
	if p.os == "windows" {
		t.Skip("the archive is no tar file")
	}
	dist, dir := released(t), t.TempDir()
	find(t, "tar")
	command(t, dir, "tar", "-xzf", filepath.Join(dist, "seedkit_1.2.3_"+p.name()+".tar.gz"))
	want := []string{"LICENSE", "README.md", "seedkit"}
	if diff := cmp.Diff(want, filesOf(t, dir)); diff != "" {
		t.Errorf("the archive (-want +got):\n%s", diff)
	}
	got := command(t, dir, "./seedkit", "version")
	if !strings.HasPrefix(got, "seedkit v1.2.3 (") {
		t.Errorf("the program says %q", got)
	}
	commit, err := git(filepath.Dir(dist), "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Seedkit string
		Report  struct {
			Commit          string
			Changed, Static bool
		}
	}
	text := command(t, dir, "./seedkit", "version", "--json")
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	report := answer.Report
	if answer.Seedkit != "v1.2.3" || report.Commit != commit || report.Changed || !report.Static {
		t.Errorf("version --json, of the commit %s: %s", commit, text)
	}
}

// TestSize holds what docs/install.md says of the program's size.
func TestSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seedkit")
	extractProgram(t, released(t), path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	const most = 17_000_000
	if info.Size() > most {
		t.Errorf("the program has %d bytes, want at most %d", info.Size(), most)
	}
}

func TestBill(t *testing.T) {
	dist := released(t)
	var bill cyclonedx.BOM
	text := read(t, dist, "seedkit_1.2.3_"+host(t).name()+".cdx.json")
	decoder := cyclonedx.NewBOMDecoder(bytes.NewReader(text), cyclonedx.BOMFileFormatJSON)
	if err := decoder.Decode(&bill); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range *bill.Components {
		got = append(got, c.Name+" "+c.Version)
	}
	path := filepath.Join(t.TempDir(), "seedkit")
	extractProgram(t, dist, path)
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"std " + strings.TrimPrefix(info.GoVersion, "go")}
	for _, m := range info.Deps {
		want = append(want, m.Path+" "+m.Version)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the modules (-want +got):\n%s", diff)
	}
	isSQLite := func(s string) bool { return strings.HasPrefix(s, "modernc.org/sqlite ") }
	if !slices.ContainsFunc(got, isSQLite) {
		t.Errorf("the bill lacks SQLite: %v", got)
	}
}

// extractProgram writes the program of the release's archive to the path.
func extractProgram(t *testing.T, dist, path string) {
	t.Helper()
	name := filepath.Join(dist, "seedkit_1.2.3_"+host(t).name()+".tar.gz")
	data := command(t, dist, find(t, "tar"), "-xzOf", name, "seedkit")
	if err := os.WriteFile(path, []byte(data), 0o777); err != nil {
		t.Fatal(err)
	}
}

func TestPackages(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("packages are for Linux")
	}
	p := host(t)
	path := filepath.Join(released(t), "seedkit_1.2.3_"+p.name())
	want := []string{
		"/usr/bin/seedkit", "/usr/share/doc/seedkit/README.md", "/usr/share/doc/seedkit/copyright",
	}
	t.Run("deb", func(t *testing.T) {
		find(t, "dpkg-deb")
		fields := command(t, "", "dpkg-deb", "--show", "--showformat=${Version} ${Architecture}",
			path+".deb")
		if fields != "1.2.3-1 "+p.arch {
			t.Errorf("version and architecture are %q", fields)
		}
		dir := t.TempDir()
		command(t, dir, "dpkg-deb", "--extract", path+".deb", ".")
		got := filesOf(t, dir)
		for i := range got {
			got[i] = "/" + got[i]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the package (-want +got):\n%s", diff)
		}
		version := command(t, dir, "./usr/bin/seedkit", "version")
		if !strings.HasPrefix(version, "seedkit v1.2.3 (") {
			t.Errorf("the program says %q", version)
		}
	})
	t.Run("rpm", func(t *testing.T) {
		find(t, "rpm")
		command(t, "", "rpm", "--checksig", "--nosignature", path+".rpm")
		fields := command(t, "", "rpm", "--query", "--package", "--queryformat",
			`%{VERSION}-%{RELEASE} %{BUILDHOST}`, path+".rpm")
		if fields != "1.2.3-1 seedkit" {
			t.Errorf("version and host are %q", fields)
		}
		got := strings.Fields(command(t, "", "rpm", "--query", "--list", "--package", path+".rpm"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the package (-want +got):\n%s", diff)
		}
	})
}
