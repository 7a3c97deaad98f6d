package rbac

import (
	"reflect"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/document"
)

// structure reads the fields of a struct from a mapping. A key is a field's name in lower case. The
// fields are structs, texts, lists of texts and maps from texts to texts, as those of [Layout].
func (r *reader) structure(n *document.Node, what string, into reflect.Value) {
	var known []string
	for field := range into.Type().Fields() {
		known = append(known, strings.ToLower(field.Name))
	}
	for _, f := range r.fields(n, what) {
		i := slices.Index(known, f.Key.Text)
		if i < 0 {
			r.unknown(f.Key, what, known)
			continue
		}
		r.value(f.Value, what+"."+f.Key.Text, into.Field(i))
	}
}

func (r *reader) value(n *document.Node, what string, into reflect.Value) {
	switch into.Kind() {
	case reflect.Struct:
		r.structure(n, what, into)
	case reflect.Slice:
		texts, _ := r.texts(n, what)
		for _, t := range texts {
			into.Set(reflect.Append(into, reflect.ValueOf(t.Text)))
		}
	case reflect.Map:
		for _, f := range r.fields(n, what) {
			if into.IsNil() {
				into.Set(reflect.MakeMap(into.Type()))
			}
			if r.text(f.Value, what+"."+f.Key.Text) {
				into.SetMapIndex(reflect.ValueOf(f.Key.Text), reflect.ValueOf(f.Value.Text))
			}
		}
	default:
		if r.text(n, what) {
			into.SetString(n.Text)
		}
	}
}
