package goprogram

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImports(t *testing.T) {
	const main = "package main\n\nimport \"example.com/gen\"\n"
	tests := []struct {
		name  string
		files map[string]string
		want  bool
		err   string
	}{
		{"no files", nil, false, ""},
		{"a program", map[string]string{"a.go": main}, true, ""},
		{"a file of several", map[string]string{"a.go": "package main", "b.go": main}, true, ""},
		{"a renamed import", map[string]string{
			"a.go": "package main\nimport g \"example.com/gen\"",
		}, true, ""},
		{"another program", map[string]string{"a.go": "package main"}, false, ""},
		{"a library", map[string]string{
			"a.go": "package a\nimport \"example.com/gen\"",
		}, false, ""},
		{"a test alone", map[string]string{"a.go": "package main", "a_test.go": main}, false, ""},
		{"a file for nothing", map[string]string{
			"a.go": "//go:build ignore\n\n" + main,
		}, false, ""},
		{"a mistake after the imports", map[string]string{"a.go": main + "func {"}, true, ""},
		{"a program and a library", map[string]string{
			"a.go": "package main", "b.go": "package b",
		}, false, ""},
		{"a program of a file in a folder with a library", map[string]string{
			"a.go": "package a", "b.go": "//go:build ignore\n" + main,
		}, false, ""},
		{"files that are not Go", map[string]string{"a.go": "package"}, false,
			"a.go:1:8: a name of the package is missing"},
		{"text", map[string]string{"a.go": "import \"example.com/gen\""}, false,
			"a.go:1:1: the file does not begin with a package"},
		{"a file for this system", map[string]string{
			"a.go": "// A comment.\n\n//go:build go1.20 && !ignore\n\n" + main,
		}, true, ""},
		{"several imports", map[string]string{
			"a.go": "package main; import (\n\"os\" // \"\n\n . `example.com/gen`\n)",
		}, true, ""},
		{"a string after the imports", map[string]string{
			"a.go": "package main\nimport \"os\"\nvar x = \"example.com/gen\"",
		}, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Imports(dir, "example.com/gen")
			if got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
			if tt.err == "" && err != nil || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %q", err, tt.err)
			}
		})
	}
	if got, err := Imports(filepath.Join(t.TempDir(), "missing"), "x"); got || err != nil {
		t.Errorf("a missing folder: got %t, %v", got, err)
	}
}
