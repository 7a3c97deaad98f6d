//go:build linux

package main

import (
	"path/filepath"
	"testing"
)

// TestReadme runs the examples of the README with seedkit from the archive and from npm.
func TestReadme(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	extractProgram(t, released(t), filepath.Join(dir, "seedkit"))
	project := releasedProject(t)
	clone := filepath.Dir(released(t))
	for title, bin := range map[string]string{
		"archive": dir,
		"npm":     filepath.Join(project.dir, "node_modules", ".bin"),
	} {
		t.Run(title, func(t *testing.T) {
			command(t, clone, "go", "test", "-count=1", "./docs", "-run", "TestExamples/README.md",
				"-seedkit", bin)
		})
	}
}
