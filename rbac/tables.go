package rbac

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// script makes the tables, without foreign keys and triggers, and inserts the stored rows but for
// the grants.
func (r *rows) script() (string, error) {
	var out strings.Builder
	if len(r.tables()) == 0 { // a seed needs a table
		return createTable(r.schema.Table(r.layout.Users.Table)), nil
	}
	for _, t := range r.tables() {
		out.WriteString(createTable(t))
		if t == r.schema.Table(r.layout.Grants.Table) {
			continue
		}
		sql := fmt.Sprintf("SELECT %s FROM %s", sqltext.QuoteIdents(t.Stored()),
			sqltext.QuoteIdent(t.Name))
		for row, err := range r.db.conn.Query(sql) {
			if err != nil {
				return "", fmt.Errorf("read table %s: %w", t.Name, err)
			}
			values := row.Values()
			r.rename(t, values)
			fmt.Fprintf(&out, "INSERT INTO %s (%s) VALUES (%s);\n", sqltext.QuoteIdent(t.Name),
				sqltext.QuoteIdents(t.Stored()), portable.AppendList(nil, values))
		}
	}
	return out.String(), nil
}

// rename gives a stored role its new name.
func (r *rows) rename(t *schema.Table, row []sqlite.Value) {
	l := r.layout.Roles
	if t != r.schema.Table(l.Table) {
		return
	}
	columns := append([]string{l.Name}, slices.Sorted(maps.Keys(l.Where))...)
	at, _ := schema.Positions(t.Stored(), columns)
	for i, column := range columns[1:] {
		if idText(row[at[i+1]]) != l.Where[column] {
			return
		}
	}
	if name, ok := r.renamed[row[at[0]].Data()]; ok {
		row[at[0]] = sqlite.String(name)
	}
}

// createTable returns a statement that makes a table with the columns, the defaults and the unique
// keys of t.
func createTable(t *schema.Table) string {
	var lines []string
	for _, c := range t.Columns {
		if c.Generated {
			continue
		}
		line := sqltext.QuoteIdent(c.Name) + " " + c.Type
		if c.Name == t.RowidAlias {
			line += " PRIMARY KEY"
		}
		if c.NotNull {
			line += " NOT NULL"
		}
		if c.Default != "" {
			line += " DEFAULT " + defaultText(c.Default)
		}
		lines = append(lines, line)
	}
	for _, u := range t.Uniques {
		kind := "UNIQUE"
		if slices.Equal(u.Columns, t.PrimaryKey) {
			kind = "PRIMARY KEY"
		}
		if u.Index == "" {
			continue
		}
		columns := make([]string, len(u.Columns))
		for i, name := range u.Columns {
			columns[i] = fmt.Sprintf("%s COLLATE %s",
				sqltext.QuoteIdent(name), sqltext.QuoteIdent(u.Collations[i]))
		}
		lines = append(lines, fmt.Sprintf("%s (%s)", kind, strings.Join(columns, ", ")))
	}
	return fmt.Sprintf("CREATE TABLE %s (%s);\n",
		sqltext.QuoteIdent(t.Name), strings.Join(lines, ", "))
}

// defaultText writes a default as SQLite reports it: an expression needs parentheses, and a word
// must have none, because it is a text.
func defaultText(text string) string {
	if kind, n := sqltext.NextToken([]byte(text)); n == len(text) && kind == sqltext.TokWord {
		return text
	}
	return "(" + text + ")"
}
