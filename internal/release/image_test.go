//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// openImages opens the index of the images in a release.
func openImages(t *testing.T, dist string) (v1.ImageIndex, v1.IndexManifest) {
	t.Helper()
	dir := t.TempDir()
	command(t, dir, find(t, "tar"), "-xf", filepath.Join(dist, "seedkit_1.2.3_image.tar"))
	entry, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(entry); err != nil {
		t.Fatal(err)
	}
	top, err := entry.IndexManifest()
	if err != nil || len(top.Manifests) != 1 {
		t.Fatalf("index.json has %v, %v", top, err)
	}
	all, err := entry.ImageIndex(top.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	images, err := all.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	return all, *images
}

func TestImageHasEveryLinux(t *testing.T) {
	r, dist := pretendedRelease(t), t.TempDir()
	if err := r.writeImage(dist, pretended()); err != nil {
		t.Fatal(err)
	}
	_, images := openImages(t, dist)
	var got []string
	for _, m := range images.Manifests {
		got = append(got, m.Platform.String())
	}
	want := []string{"linux/amd64", "linux/arm64", "linux/arm/v7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("platforms (-want +got):\n%s", diff)
	}
}

// TestImageRuns runs the program of the image with the files of the image alone.
func TestImageRuns(t *testing.T) {
	t.Parallel()
	all, images := openImages(t, released(t))
	image, err := all.Image(images.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"/seedkit"}, config.Config.Entrypoint); diff != "" {
		t.Errorf("entry point (-want +got):\n%s", diff)
	}
	layers, err := image.Layers()
	if err != nil || len(layers) != 1 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	text, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	dir := t.TempDir()
	unpack := exec.Command(find(t, "tar"), "-xpf", "-")
	unpack.Dir, unpack.Stdin = dir, text
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	runAlone(t, dir)
}

// runAlone makes a seed and applies it, with the folder as the root of the file system.
func runAlone(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can change the root of the file system")
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o777); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args []string
		want string
	}{
		{[]string{"version"}, "seedkit "},
		{[]string{"gen", "-o", "seed.db"}, "made seed.db"},
		{[]string{"gen", "-o", "production.db", "--set", "reference"}, "made production.db"},
		{[]string{"apply", "seed.db", "--to", "production.db", "--allow-sample", "--yes"},
			"read them back"},
	}
	for _, step := range steps {
		cmd := exec.Command("/seedkit", step.args...)
		cmd.Dir = "/data"
		cmd.Env = []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: dir}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), step.want) {
			t.Fatalf("seedkit %v: %v\n%s", step.args, err, out)
		}
	}
}

// TestDockerfile runs the build step of the Dockerfile, for want of Docker, and its result with the
// files that the Dockerfile copies.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	text := string(read(t, root, "Dockerfile"))
	_, build, found := strings.Cut(text, "\nRUN ")
	build, rest, ended := strings.Cut(build, "\n\nFROM scratch\nCOPY --from=build /out /\n")
	if !found || !ended || !strings.Contains(rest, `ENTRYPOINT ["/seedkit"]`) {
		t.Fatalf("the Dockerfile has other steps:\n%s", text)
	}
	dir := t.TempDir()
	shell := exec.Command("sh", "-ec", strings.ReplaceAll(build, "/out", dir))
	shell.Dir = root
	shell.Env = append(os.Environ(), "GOFLAGS=-mod=readonly",
		"TARGETOS=linux", "TARGETARCH="+host(t).arch)
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", build, err, out)
	}
	runAlone(t, dir)
}
