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

// root is the module's folder, seen from this package's.
var root = filepath.Join("..", "..")

// A house is the module's packages and all that they depend on, tests aside.
type house struct {
	packages map[string]goPackage // by import path
}

// A goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath, Name, Dir string
	Standard              bool
	Imports, CgoFiles     []string
}

// room is the package's path in the module.
func (p goPackage) room() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// own returns the module's packages in the order of their paths.
func (h house) own() (own []goPackage) {
	for _, p := range h.packages {
		if strings.HasPrefix(p.ImportPath, module+"/") {
			own = append(own, p)
		}
	}
	slices.SortFunc(own, func(a, b goPackage) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return own
}

func readHouse(t *testing.T) house {
	t.Helper()
	// Where there is no C compiler go leaves files out that need one.
	text, err := goList([]string{"CGO_ENABLED=1"}, "-deps", "-json=ImportPath,Name,Dir,Standard,Imports,CgoFiles", "./...")
	if err != nil {
		t.Fatal(err)
	}
	h := house{packages: map[string]goPackage{}}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return h
		} else if err != nil {
			t.Fatal(err)
		}
		h.packages[p.ImportPath] = p
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

// whyLong has the reason why a file may be longer than the others.
var whyLong = map[string]string{
	"apply/restore_test.go": "what restore promises, a test each",
}

// longFiles lists the Go files of more lines than one can keep in mind.
func longFiles(h house) (breaches []string) {
	const most = 400
	for _, p := range h.own() {
		paths, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			return []string{err.Error()}
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				return []string{err.Error()}
			}
			name := p.room() + "/" + filepath.Base(path)
			if lines := bytes.Count(text, []byte("\n")); lines > most && whyLong[name] == "" {
				breaches = append(breaches, fmt.Sprintf("%s has %d lines", name, lines))
			}
		}
	}
	return breaches
}
