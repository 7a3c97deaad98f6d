package rbac

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// structure reads the fields of a struct from a mapping. A key is a field's name in lower case. The
// fields are structs, texts, lists of texts and maps from texts to texts, as those of [Layout].
func (r *reader) structure(n ast.Node, what string, into reflect.Value) {
	var known []string
	for field := range into.Type().Fields() {
		known = append(known, strings.ToLower(field.Name))
	}
	for _, f := range r.fields(n, what) {
		i := slices.Index(known, f.key.text)
		if i < 0 {
			r.unknown(f.key, what, known)
			continue
		}
		r.value(f.value, what+"."+f.key.text, into.Field(i))
	}
}

func (r *reader) value(n ast.Node, what string, into reflect.Value) {
	switch into.Kind() {
	case reflect.Struct:
		r.structure(n, what, into)
	case reflect.Slice:
		texts, _ := r.texts(n, what)
		for _, t := range texts {
			into.Set(reflect.Append(into, reflect.ValueOf(t.text)))
		}
	case reflect.Map:
		for _, f := range r.fields(n, what) {
			if into.IsNil() {
				into.Set(reflect.MakeMap(into.Type()))
			}
			if text, ok := r.text(f.value, what+"."+f.key.text); ok {
				into.SetMapIndex(reflect.ValueOf(f.key.text), reflect.ValueOf(text.text))
			}
		}
	default:
		text, _ := r.text(n, what)
		into.SetString(text.text)
	}
}
