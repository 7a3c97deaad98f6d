package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seedkit/seedkit"

// root is the path from this package to the module's folder.
var root = filepath.Join("..", "..")

// A graph is the module's packages and everything that they depend on, without tests.
type graph struct {
	packages map[string]goPackage // by import path
}

// A goPackage is a package as `go list -json` describes it.
type goPackage struct {
	ImportPath, Name, Dir string
	Standard              bool
	Imports, CgoFiles     []string
}

// path is the package's path in the module.
func (p goPackage) path() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// files returns the paths of the package's Go files, tests included.
func (p goPackage) files() ([]string, error) { return filepath.Glob(filepath.Join(p.Dir, "*.go")) }

// nameOf returns the name of one of the package's files in the module.
func (p goPackage) nameOf(path string) string { return p.path() + "/" + filepath.Base(path) }

// own returns the module's packages in the order of their paths.
func (g graph) own() (own []goPackage) {
	for _, p := range g.packages {
		if strings.HasPrefix(p.ImportPath, module+"/") {
			own = append(own, p)
		}
	}
	slices.SortFunc(own, func(a, b goPackage) int {
		return strings.Compare(a.ImportPath, b.ImportPath)
	})
	return own
}

func readGraph(t *testing.T) graph {
	t.Helper()
	// Without this setting, and without a C compiler, go list omits files that need C.
	text, err := goList([]string{"CGO_ENABLED=1"}, "-deps",
		"-json=ImportPath,Name,Dir,Standard,Imports,CgoFiles", "./...")
	if err != nil {
		t.Fatal(err)
	}
	g := graph{packages: map[string]goPackage{}}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else if err != nil {
			t.Fatal(err)
		}
		g.packages[p.ImportPath] = p
	}
}

// goList runs `go list` in the module's folder.
func goList(env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	return text, nil
}

// longFiles lists the Go files of more than 400 lines.
func longFiles(g graph) (breaches []string) {
	const most = 400
	for _, p := range g.own() {
		paths, err := p.files()
		if err != nil {
			return []string{err.Error()}
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				return []string{err.Error()}
			}
			if lines := bytes.Count(text, []byte("\n")); lines > most {
				breaches = append(breaches, fmt.Sprintf("%s has %d lines", p.nameOf(path), lines))
			}
		}
	}
	return breaches
}
