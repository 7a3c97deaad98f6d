package rbac

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A source is a table in a query, by a short name.
type source struct{ table, alias string }

func (s source) String() string { return sqltext.QuoteIdent(s.table) + " AS " + s.alias }

// column returns the column's name in the query.
func (s source) column(name string) string { return s.alias + "." + sqltext.QuoteIdent(name) }

// A query is the text of a statement and the values of its parameters.
type query struct {
	text strings.Builder
	args []any
}

func (q *query) add(parts ...string) {
	for _, part := range parts {
		q.text.WriteString(part)
	}
}

// asText compares a column's value as text, byte by byte, whatever its type, affinity and collation
// are: a number is its digits, and web is another guard than WEB. The operator is = or IS NOT.
func asText(column, operator, value string) string {
	return fmt.Sprintf("CAST(%s AS TEXT) %s %s COLLATE BINARY", column, operator, value)
}

// where adds the condition that columns have values, after an AND. See [asText].
func (q *query) where(s source, values map[string]string) {
	for _, column := range slices.Sorted(maps.Keys(values)) {
		q.add(" AND ", asText(s.column(column), "=", "?"))
		q.args = append(q.args, values[column])
	}
}

// rows runs the query.
func (q *query) rows(c *sqlite.Conn) func(func(*sqlite.Stmt, error) bool) {
	return c.Query(q.text.String(), q.args...)
}

// idText returns an id as text. Different ids of one table have different texts, except for a text
// that looks like a number or a blob.
func idText(v sqlite.Value) string {
	switch v.Kind() {
	case sqlite.Integer:
		return strconv.FormatInt(v.Int64(), 10)
	case sqlite.Real:
		return strconv.FormatFloat(v.Float64(), 'g', -1, 64)
	case sqlite.Blob:
		return "x'" + hex.EncodeToString(v.View()) + "'"
	}
	return v.Data()
}

// nameOf returns a name as text. ok is false if the stored value is not text in UTF-8, so that no
// policy can say the name. NULL is the empty text, and a number its digits.
func nameOf(v sqlite.Value) (name string, ok bool) {
	if v.Kind() != sqlite.Text {
		return idText(v), false
	}
	return v.Data(), utf8.ValidString(v.Data())
}

// key returns a value as a key of a map.
func key(v sqlite.Value) string { return string(v.AppendKey(nil)) }
