// Package goprogram finds the Go program in a folder, builds it, and runs it in place of this
// process.
package goprogram

import (
	"fmt"
	"go/build/constraint"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Imports reports whether the folder dir has a program, a package main, that imports a package
// itself. Files that a //go:build line leaves out do not count. A path that is no folder has no
// program. Imports reads no more of a file than the imports: go/build, which could read all, would
// make seedkit larger and slower to start.
func Imports(dir, imported string) (bool, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return false, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, entry := range entries {
		name := entry.Name()
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || entry.IsDir() {
			continue
		}
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return false, err
		}
		h, err := readHead(path, text)
		if err != nil {
			return false, err
		}
		if h.name == "main" && h.isBuilt && slices.Contains(h.imports, imported) {
			return true, nil // the go command says what is wrong
		}
	}
	return false, nil
}

// A head is what a Go file says before its declarations.
type head struct {
	name    string // of the package
	isBuilt bool   // on this machine, as far as //go:build lines say
	imports []string
}

func readHead(path string, text []byte) (head, error) {
	files := token.NewFileSet()
	file := files.AddFile(path, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, func(token.Position, string) {}, scanner.ScanComments)
	h := head{isBuilt: true}
	for inImports := false; ; {
		at, kind, word := s.Scan()
		switch {
		case kind == token.COMMENT && h.name == "" && constraint.IsGoBuild(word):
			expression, err := constraint.Parse(word)
			h.isBuilt = h.isBuilt && (err != nil || expression.Eval(isSatisfied))
		case kind == token.PACKAGE && h.name == "":
			at, kind, word = s.Scan()
			if kind != token.IDENT {
				return h, fmt.Errorf("%s: a name of the package is missing", files.Position(at))
			}
			h.name = word
		case h.name == "" && kind != token.COMMENT:
			return h, fmt.Errorf("%s: the file does not begin with a package", files.Position(at))
		case kind == token.IMPORT:
			inImports = true
		case kind == token.STRING && inImports:
			if imported, err := strconv.Unquote(word); err == nil {
				h.imports = append(h.imports, imported)
			}
		case kind == token.EOF, isDeclaration(kind):
			return h, nil
		}
	}
}

func isDeclaration(kind token.Token) bool {
	return slices.Contains([]token.Token{token.CONST, token.FUNC, token.TYPE, token.VAR}, kind)
}

// isSatisfied reports whether a build on this machine has the tag.
func isSatisfied(tag string) bool {
	isUnix := runtime.GOOS != "windows" && runtime.GOOS != "plan9" && runtime.GOOS != "js"
	return tag == runtime.GOOS || tag == runtime.GOARCH || tag == "gc" || tag == "unix" && isUnix ||
		strings.HasPrefix(tag, "go1.")
}
