// Package goprogram finds the Go program in a folder, builds it, and runs it in place of this
// process.
package goprogram

import (
	"errors"
	"go/build"
	"os"
	"slices"
)

// Imports reports whether the folder dir has a program, a package main, that imports a package
// itself. Files that a build on this machine leaves out do not count. A path that is no folder has
// no program.
func Imports(dir, imported string) (bool, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return false, nil
	}
	p, err := build.ImportDir(dir, 0)
	_, none := errors.AsType[*build.NoGoError](err)
	_, several := errors.AsType[*build.MultiplePackageError](err)
	switch {
	case p.Name == "main" && slices.Contains(p.Imports, imported):
		return true, nil // the go command says what else is wrong
	case none, several, err == nil:
		return false, nil
	}
	return false, err // with the file and the line
}
