package layout

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
)

// libraries are the packages that other modules may import.
var libraries = []string{
	"gen", "generate", "dump", "extract", "backup", "apply", "rbac", "fixtures/*",
}

// foreignTypes lists exported names of the libraries with types that belong neither to the standard
// library nor to a library of this module.
func foreignTypes(g graph) (breaches []string) {
	exports, err := readExports()
	if err != nil {
		return []string{err.Error()}
	}
	imports := importer.ForCompiler(token.NewFileSet(), "gc",
		func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range g.own() {
		if !isLibrary(p.path()) {
			continue
		}
		library, err := imports.Import(p.ImportPath)
		if err != nil {
			return []string{err.Error()}
		}
		api := &api{graph: g, of: library}
		for _, name := range library.Scope().Names() {
			api.object(name, library.Scope().Lookup(name))
		}
		breaches = append(breaches, api.breaches...)
	}
	return breaches
}

// readExports returns the compiler's export files by import path.
func readExports() (map[string]string, error) {
	text, err := goList(nil, "-deps", "-export", "-f", "{{.ImportPath}} {{.Export}}", "./...")
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	return exports, nil
}

func isLibrary(path string) bool { return matchesAny(libraries, path) }

// An api walks through the exported names of a package.
type api struct {
	graph    graph
	of       *types.Package
	breaches []string
}

// object checks the types that one exported name shows to a caller.
func (a *api) object(name string, o types.Object) {
	if !o.Exported() {
		return
	}
	a.mentions(name, o.Type())
	declared, ok := o.Type().(*types.Named)
	if _, isType := o.(*types.TypeName); !isType || !ok || declared.Obj() != o {
		return
	}
	a.constraints(name, declared.TypeParams())
	a.mentions(name, declared.Underlying())
	for method := range declared.Methods() {
		a.object(name+"."+method.Name(), method)
	}
}

// mentions records the types in t, the type of the exported name, that an API must not mention.
func (a *api) mentions(name string, t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		a.mentions(name, types.Unalias(t))
	case *types.Named:
		a.named(name, t)
	case *types.Pointer:
		a.mentions(name, t.Elem())
	case *types.Slice:
		a.mentions(name, t.Elem())
	case *types.Array:
		a.mentions(name, t.Elem())
	case *types.Chan:
		a.mentions(name, t.Elem())
	case *types.Map:
		a.mentions(name, t.Key())
		a.mentions(name, t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			a.mentions(name, v.Type())
		}
	case *types.Signature:
		a.constraints(name, t.TypeParams())
		a.mentions(name, t.Params())
		a.mentions(name, t.Results())
	case *types.Struct:
		for field := range t.Fields() {
			a.object(name+"."+field.Name(), field)
		}
	case *types.Interface:
		for method := range t.Methods() {
			a.object(name+"."+method.Name(), method)
		}
	}
}

func (a *api) constraints(name string, params *types.TypeParamList) {
	for param := range params.TypeParams() {
		a.mentions(name, param.Constraint())
	}
}

func (a *api) named(name string, t *types.Named) {
	for argument := range t.TypeArgs().Types() {
		a.mentions(name, argument)
	}
	from := t.Obj().Pkg()
	if from == nil || from.Path() == a.of.Path() || a.graph.packages[from.Path()].Standard {
		return
	}
	if path := strings.TrimPrefix(from.Path(), module+"/"); !isLibrary(path) && !a.hasAlias(t) {
		a.breaches = append(a.breaches, fmt.Sprintf("%s.%s mentions %s", a.of.Name(), name, t))
	}
}

// hasAlias reports whether callers can name the type by an alias of the package.
func (a *api) hasAlias(t *types.Named) bool {
	scope := a.of.Scope()
	return slices.ContainsFunc(scope.Names(), func(name string) bool {
		o, ok := scope.Lookup(name).(*types.TypeName)
		return ok && o.Exported() && o.IsAlias() && types.Unalias(o.Type()) == t
	})
}
