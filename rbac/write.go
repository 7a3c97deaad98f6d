package rbac

import (
	"bytes"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Write writes the policy as the YAML from which [Parse] reads the same policy, except that lists
// and maps without items become nil. It writes nothing if [Policy.Validate] finds a mistake.
func (p Policy) Write(w io.Writer) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var out yamlWriter
	out.list(0, "actions", words(p.Actions))
	out.list(0, "entities", words(p.Entities))
	out.list(0, "accesses", words(p.Accesses))
	if len(p.Roles) == 0 {
		out.line(0, "roles: {}")
	} else {
		out.line(0, "roles:")
	}
	for _, r := range p.Roles {
		out.role(r)
	}
	out.list(0, "keep", quotedAll(p.Keep))
	out.structure(0, "layout", reflect.ValueOf(p.Layout))
	_, err := w.Write(out.Bytes())
	return err
}

// A yamlWriter writes block mappings.
type yamlWriter struct{ bytes.Buffer }

func (w *yamlWriter) line(level int, text string) {
	w.WriteString(strings.Repeat("  ", level) + text + "\n")
}

func (w *yamlWriter) role(r Role) {
	if r.Description == "" && len(r.Formerly) == 0 && len(r.Grants) == 0 {
		w.line(1, plainWord(r.Name)+": {}")
		return
	}
	w.line(1, plainWord(r.Name)+":")
	if r.Description != "" {
		w.line(2, "description: "+prose(r.Description))
	}
	w.list(2, "formerly", words(r.Formerly))
	w.list(2, "grants", quotedAll(r.Grants))
}

// list writes a list, in one line if it fits, and nothing if it is empty.
func (w *yamlWriter) list(level int, key string, items []string) {
	const width = 100
	if len(items) == 0 {
		return
	}
	line := key + ": [" + strings.Join(items, ", ") + "]"
	if 2*level+utf8.RuneCountInString(line) <= width {
		w.line(level, line)
		return
	}
	w.line(level, key+":")
	for _, item := range items {
		w.line(level+1, "- "+item)
	}
}

// structure writes the fields of a struct that are not empty. See [reader.structure].
func (w *yamlWriter) structure(level int, key string, v reflect.Value) {
	var fields yamlWriter
	for field, value := range v.Fields() {
		key := strings.ToLower(field.Name)
		switch value.Kind() {
		case reflect.Struct:
			fields.structure(level+1, key, value)
		case reflect.Slice:
			fields.list(level+1, key, words(value.Interface().([]string)))
		case reflect.Map:
			fields.texts(level+1, key, value.Interface().(map[string]string))
		default:
			if text := value.String(); text != "" {
				fields.line(level+1, key+": "+plainWord(text))
			}
		}
	}
	if fields.Len() > 0 {
		w.line(level, key+":")
		w.Write(fields.Bytes())
	}
}

func (w *yamlWriter) texts(level int, key string, texts map[string]string) {
	if len(texts) > 0 {
		w.line(level, key+":")
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		w.line(level+1, plainWord(name)+": "+plainWord(texts[name]))
	}
}

var (
	plainWords = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	plainProse = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.,;()/'-]*( [A-Za-z0-9_.,;()/'-]+)*$`)
	// reserved words of YAML 1.1 and 1.2 are no texts without quotes.
	reserved = regexp.MustCompile(`(?i)^(null|true|false|yes|no|on|off|y|n)$`)
)

// plainWord writes a name without quotes if it is a simple word.
func plainWord(text string) string { return unless(plainWords, text) }

// prose writes a text without quotes if it has only words and simple marks.
func prose(text string) string { return unless(plainProse, text) }

func unless(plain *regexp.Regexp, text string) string {
	if plain.MatchString(text) && !reserved.MatchString(text) {
		return text
	}
	return quoted(text)
}

// quoted writes a text in double quotes. Every escape that Go has for valid UTF-8 is one of YAML,
// too, with the same meaning.
func quoted(text string) string { return strconv.Quote(text) }

func words(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, plainWord(t))
	}
	return out
}

func quotedAll[T ~string](texts []T) (out []string) {
	for _, t := range texts {
		out = append(out, quoted(string(t)))
	}
	return out
}
