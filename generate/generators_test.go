package generate

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestGeneratorsAreTheMethodsOfFake checks that every generator is a method of Fake with as many
// parameters, and that every method but Cell and Parent is a generator.
func TestGeneratorsAreTheMethodsOfFake(t *testing.T) {
	fake := reflect.TypeFor[*Fake]()
	var methods, names []string
	for method := range fake.Methods() {
		if method.Name != "Cell" && method.Name != "Parent" {
			methods = append(methods, method.Name)
		}
	}
	for _, g := range generators {
		name := strings.ToUpper(g.name[:1]) + g.name[1:]
		if name == "Uuid" {
			name = "UUID"
		}
		names = append(names, name)
		method, ok := fake.MethodByName(name)
		if ok && method.Type.NumIn()-1 != len(g.params) {
			t.Errorf("%s has %d parameters, and Fake.%s has %d", g.usage(), len(g.params), name,
				method.Type.NumIn()-1)
		}
		if g.doc == "" || strings.HasSuffix(g.doc, ".") || len(g.usage()+g.doc) > 110 {
			t.Errorf("%s: %q is no line that describes it", g.usage(), g.doc)
		}
	}
	slices.Sort(methods)
	slices.Sort(names)
	if !slices.Equal(methods, names) {
		t.Errorf("methods of Fake:\n%v\ngenerators:\n%v", methods, names)
	}
}
