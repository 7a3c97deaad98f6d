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

// libraries are the rooms that other modules may import.
var libraries = []string{"generate", "dump", "extract", "backup", "apply", "fixtures/*"}

// foreignTypes lists what the libraries export of types that are neither the standard library's, nor
// their own, nor of a library that they may import.
func foreignTypes(h house) (breaches []string) {
	exports, err := readExports()
	if err != nil {
		return []string{err.Error()}
	}
	imports := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range h.own() {
		if !isLibrary(p.room()) {
			continue
		}
		library, err := imports.Import(p.ImportPath)
		if err != nil {
			return []string{err.Error()}
		}
		api := &api{house: h, of: library}
		for _, name := range library.Scope().Names() {
			api.object(name, library.Scope().Lookup(name))
		}
		breaches = append(breaches, api.breaches...)
	}
	return breaches
}

// readExports returns the files in which the compiler says what packages export, by import path.
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

func isLibrary(room string) bool {
	return slices.ContainsFunc(libraries, func(pattern string) bool { return matches(pattern, room) })
}

// An api walks what a package exports.
type api struct {
	house    house
	of       *types.Package
	breaches []string
}

// object looks at one exported name: what a caller sees of it without knowing the source.
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

// mentions notes each type in t, as the type of the exported name, that callers have no business
// with.
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
	if from == nil || from.Path() == a.of.Path() || a.house.packages[from.Path()].Standard {
		return
	}
	if room := strings.TrimPrefix(from.Path(), module+"/"); !isLibrary(room) && !a.hasAlias(t) {
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
