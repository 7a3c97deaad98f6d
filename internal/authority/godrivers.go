package authority

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// GoDrivers is an installed copy of .ci/godrivers, a program that fills databases through drivers
// of database/sql.
type GoDrivers struct{ dir string }

// Drivers returns the module, or skips the test if what it needs is not installed.
func Drivers(tb testing.TB) *GoDrivers {
	tb.Helper()
	dir := installed(tb, "SEEDKIT_GODRIVERS", ".ci/install-godrivers")
	if files, _ := filepath.Glob(filepath.Join(dir, "modernc.go")); len(files) == 0 {
		tb.Fatalf("SEEDKIT_GODRIVERS is %s, which is not the module", dir)
	}
	return &GoDrivers{dir}
}

// Names lists the drivers.
func (*GoDrivers) Names() []string { return []string{"modernc", "mattn", "ncruces", "libsql"} }

// Fill makes a database in the folder dir with a driver, fills it, and returns its path.
func (g *GoDrivers) Fill(tb testing.TB, driver, dir string) (path string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "go", "run", "-tags", driver, ".", "schema.sql", dir)
	cmd.Dir = g.dir
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	out, err := stdout(cmd)
	if err != nil {
		tb.Fatal(fmt.Errorf("fill with the driver %s: %w", driver, err))
	}
	return string(bytes.TrimSpace(out))
}
