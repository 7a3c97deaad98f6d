package starter

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var (
	plain = regexp.MustCompile(`^[A-Za-z_](?:[A-Za-z0-9_ .,@/:+-]*[A-Za-z0-9_.])?$`)
	// reserved are texts that readers of YAML take for something else.
	reserved = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n)$|: | #`)
	simple   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// scalar returns a text as YAML. The escapes of Go's quotes are those of YAML's
// (https://yaml.org/spec/1.2.2/#57-escaped-characters).
func scalar(text string) string {
	if plain.MatchString(text) && !reserved.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

// keyOfName returns the name of a table or a column as a key of YAML. A dollar at the beginning
// would be a directive. Within braces, the YAML library ends a key at the first colon.
func keyOfName(name string) string {
	if strings.HasPrefix(name, "$") {
		name = "$" + name
	}
	if strings.Contains(name, ":") {
		return strconv.Quote(name)
	}
	return scalar(name)
}

// counted returns the name of a table with a number of rows, as a key of YAML.
func counted(table, number string) string {
	key := keyOfName(table)
	if text, ok := strings.CutSuffix(key, `"`); ok {
		return text + number + `"`
	}
	return key + number
}

// literal returns a stored value as a file of fixtures has it.
func literal(v value, c *model.Column) string {
	switch v.Kind() {
	case sqlite.Null:
		return "null"
	case sqlite.Integer:
		n := v.Int64()
		if strings.HasPrefix(strings.ToUpper(c.Type), "BOOL") && (n == 0 || n == 1) {
			return strconv.FormatBool(n == 1)
		}
		return strconv.FormatInt(n, 10)
	case sqlite.Real:
		return real(v.Float64())
	case sqlite.Blob:
		return "!!binary " + strconv.Quote(base64.StdEncoding.EncodeToString(v.View()))
	}
	return scalar(strings.ReplaceAll(v.Data(), "$", "$$"))
}

func real(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// ref returns a reference to a row by its name.
func ref(name string) string {
	if simple.MatchString(name) {
		return fmt.Sprintf("$ref(%s)", name)
	}
	return fmt.Sprintf("\"$ref('%s')\"", name)
}
