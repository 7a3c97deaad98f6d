package layout

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// mixedImports lists the files whose imports are not in up to three groups with an empty line
// between them: the standard library, third parties, and this module.
func mixedImports(g graph) (breaches []string) {
	for _, p := range g.own() {
		paths, err := p.files()
		if err != nil {
			return []string{err.Error()}
		}
		for _, path := range paths {
			breach, err := firstMixed(path)
			if err != nil {
				return []string{err.Error()}
			}
			if breach != "" {
				breaches = append(breaches, p.nameOf(path)+breach)
			}
		}
	}
	return breaches
}

// firstMixed returns the line and the path of a file's first import that is in the wrong group, or
// "".
func firstMixed(path string) (string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return "", err
	}
	line := func(node ast.Node) int { return set.Position(node.Pos()).Line }
	var last *ast.ImportSpec
	for _, spec := range file.Imports {
		first := line(spec)
		if spec.Doc != nil {
			first = line(spec.Doc)
		}
		if last != nil {
			origin, before := originOf(spec), originOf(last)
			isApart := first > line(last)+1
			if origin < before || isApart != (origin > before) {
				return fmt.Sprintf(":%d: %s", line(spec), spec.Path.Value), nil
			}
		}
		last = spec
	}
	return "", nil
}

// originOf returns 0 for an import of the standard library, 1 for one of a third party, and 2 for
// one of this module.
func originOf(spec *ast.ImportSpec) int {
	imported, _ := strconv.Unquote(spec.Path.Value)
	host, _, _ := strings.Cut(imported, "/")
	switch {
	case imported == module || strings.HasPrefix(imported, module+"/"):
		return 2
	case strings.Contains(host, "."):
		return 1
	}
	return 0
}
