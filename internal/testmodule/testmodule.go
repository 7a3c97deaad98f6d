// Package testmodule makes Go modules that import this checkout of seedkit, without a network.
package testmodule

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const seedkit = "github.com/seedkit/seedkit"

// Make makes the folder dir a module that requires seedkit and what seedkit requires. The caller's
// working directory must be in the checkout.
func Make(dir, name string) error {
	mod, err := goEnv("GOMOD")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(mod[0])
	if err != nil {
		return err
	}
	own := "module " + seedkit + "\n"
	_, requirements, ok := strings.Cut(string(text), own)
	if !ok {
		return fmt.Errorf("%s is not the module of seedkit", mod[0])
	}
	root := filepath.Dir(mod[0])
	lines := fmt.Sprintf("module %s\n\nrequire %s v0.0.0\n\nreplace %[2]s => %q\n%s",
		name, seedkit, root, requirements)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(lines), 0o666); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o666)
}

// Environment returns settings with which the go command uses the machine's caches, whatever HOME
// is, and neither the network nor settings of the user.
func Environment() ([]string, error) {
	cached := []string{"GOCACHE", "GOMODCACHE"}
	values, err := goEnv(cached...)
	if err != nil {
		return nil, err
	}
	settings := []string{"GOENV=off", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GOWORK="}
	for i, name := range cached {
		settings = append(settings, name+"="+values[i])
	}
	return settings, nil
}

// goEnv returns settings of the go command.
func goEnv(names ...string) ([]string, error) {
	cmd := exec.Command("go", append([]string{"env"}, names...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	values := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if err != nil || len(values) != len(names) {
		return nil, fmt.Errorf("go env: %w\n%s", err, &stderr)
	}
	return values, nil
}
