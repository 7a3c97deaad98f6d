// Package docs runs the examples in README.md and in the pages beside it.
package docs

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	update  = flag.Bool("update", false, "write the output of the examples into the pages")
	seedkit = flag.String("seedkit", "", "run the seedkit of this folder, and build none")
)

// TestExamples runs the commands in the console blocks of each page, in order and in one shell, in
// the folder of the page's app. That is the folder of the page's name in testdata/apps, or else an
// app made from the Epic Stack. Afterwards the tool of the app, if it is installed, must like what
// the commands have made. A command must print the text below it. In that
// text "…" matches anything within a line, and a line of "…" matches any lines. "echo $?" must
// follow a command with another exit code than 0.
func TestExamples(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	bin := buildCommand(t)
	app := newApp(t)
	for _, path := range pagePaths(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			p := readPage(t, path)
			if len(p.steps) == 0 {
				return
			}
			dir := t.TempDir()
			if own := ownApp(path); own != "" {
				copyApp(t, dir, own)
			} else {
				copyApp(t, dir, app)
			}
			p.run(t, dir, bin)
			if *update {
				p.update(t)
			} else {
				p.check(t)
			}
			if examine := examinations[filepath.Base(path)]; examine != nil {
				t.Run("tool", func(t *testing.T) { examine(t, dir) })
			}
		})
	}
}

func pagePaths(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(pages, filepath.Join("..", "README.md"))
}

// buildCommand builds seedkit, unless a flag names one, and returns the folder that it is in.
func buildCommand(t *testing.T) string {
	t.Helper()
	if *seedkit != "" {
		return *seedkit
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "./cmd/seedkit")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, out)
	}
	return bin
}

// TestGoExamples tests that example_test.go, which go test runs, has the Go code of the pages, but
// for the files that TestExamples writes.
func TestGoExamples(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pagePaths(t) {
		for _, block := range goBlock.FindAllStringSubmatch(readText(t, path), -1) {
			if !wholeFile.MatchString(block[0]) && !strings.Contains(string(source), block[1]) {
				t.Errorf("%s: this is no part of example_test.go:\n%s", path, block[1])
			}
		}
	}
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// TestLinks tests that the files exist to which the pages link.
func TestLinks(t *testing.T) {
	for _, path := range pagePaths(t) {
		for _, link := range relativeLink.FindAllStringSubmatch(readText(t, path), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), link[1])); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

var relativeLink = regexp.MustCompile(`\]\(([^):#]+)[^):]*\)`)

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
