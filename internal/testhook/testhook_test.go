package testhook_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnlyTestsSetHooks fails if product code assigns to a variable of this package or takes the
// address of one.
func TestOnlyTestsSetHooks(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root:
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		return checkFile(t, path)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(node ast.Node) bool {
		var set []ast.Expr
		switch node := node.(type) {
		case *ast.AssignStmt:
			set = node.Lhs
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				set = []ast.Expr{node.X}
			}
		}
		for _, expr := range set {
			if isHook(expr) {
				t.Errorf("%s sets a test hook", files.Position(expr.Pos()))
			}
		}
		return true
	})
	return nil
}

func isHook(expr ast.Expr) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "testhook"
}
