package schema

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// PutVirtualTable returns the script that puts a virtual table into a schema without its module, as
// a dump does. It leaves PRAGMA writable_schema off.
func PutVirtualTable(name, sql string) string {
	quote := func(text string) string {
		return string(sqltext.AppendPortableText(nil, []byte(text)))
	}
	return fmt.Sprintf(`PRAGMA writable_schema = ON;`+
		`INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) `+
		`VALUES('table', %s, %[1]s, 0, %s);`+
		`PRAGMA writable_schema = RESET;`, quote(name), quote(sql))
}

// withoutForeign returns a script of the app's schema in a form that the built-in SQLite can run,
// with the same lines. It puts virtual tables of missing modules into the schema, and notes
// libSQL's indexes as missing.
func withoutForeign(c *sqlite.Conn, text string) (string, error) {
	upper := strings.ToUpper(text)
	if !strings.Contains(upper, "VIRTUAL") && !strings.Contains(upper, "LIBSQL_VECTOR_IDX") {
		return text, nil
	}
	var out strings.Builder
	for s, err := range sqltext.Statements(strings.NewReader(text), "") {
		if err != nil {
			return text, nil // SQLite reports the place
		}
		out.Write(s.Lead)
		if err := writeStatement(&out, c, s); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

func writeStatement(out *strings.Builder, c *sqlite.Conn, s sqltext.Statement) error {
	_, name := s.Name()
	sql := string(bytes.TrimSuffix(s.Text, []byte(";")))
	lines := strings.Repeat("\n", strings.Count(sql, "\n"))
	if s.Kind() == sqltext.KindCreateIndex && sqltext.HasKeyword(s.Text, "LIBSQL_VECTOR_IDX") {
		c.NoteMissing(sqlite.MissingObject{Name: name, SQL: sql})
		out.WriteString(lines)
		return nil
	}
	if module := s.Module(); module != "" {
		known, err := hasModule(c, module)
		if err != nil {
			return err
		}
		if !known {
			out.WriteString(PutVirtualTable(name, strings.ReplaceAll(sql, "\n", " ")) + lines)
			return nil
		}
	}
	out.Write(s.Text)
	return nil
}

// dropForeign drops the triggers that cannot run, and notes them as missing.
func dropForeign(c *sqlite.Conn) error {
	foreign, err := ReadForeign(c)
	if err != nil {
		return err
	}
	for _, name := range foreign.Triggers {
		if err := c.Exec("DROP TRIGGER " + sqltext.QuoteIdent(name)); err != nil {
			return err
		}
		c.NoteMissing(sqlite.MissingObject{Name: name, SQL: "CREATE TRIGGER"})
	}
	return nil
}
