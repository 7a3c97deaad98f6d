package rbac

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/internal/timeform"
)

// sqlColumns are the columns of an INSERT, with an expression each.
type sqlColumns []struct{ name, value string }

func (c sqlColumns) names() string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = sqltext.QuoteIdent(c[i].name)
	}
	return strings.Join(names, ", ")
}

func (c sqlColumns) values() string {
	values := make([]string, len(c))
	for i := range c {
		values[i] = c[i].value
	}
	return strings.Join(values, ", ")
}

// columns returns the columns of an INSERT into a table. given has expressions, by column. The
// others have the values of the one row that was made for it, which from and where find. Columns
// without a value, and those that SQLite fills in as well, are left out.
func (w *sqlWriter) columns(
	table string, given map[string]string, from, where string,
) (out sqlColumns, err error) {
	t := w.rows.schema.Table(table)
	row, err := w.madeRow(t, from, where)
	if err != nil {
		return nil, err
	}
	for i, name := range t.Stored() {
		c, _ := t.Column(name)
		value, ok := given[name]
		switch {
		case ok:
		case name == t.RowidAlias, row[i].IsNull(), w.refersElsewhere(t, name):
			continue
		case c.Default != "" && !timeform.IsDeclared(c.Type) &&
			!slices.Contains(t.PrimaryKey, name):
			continue
		case slices.Equal(t.PrimaryKey, []string{name}):
			value = freeID(t, row[i])
		default:
			value = string(portable.Append(nil, row[i]))
		}
		out = append(out, struct{ name, value string }{name, value})
	}
	return out, nil
}

// madeRow returns the row that was made for an INSERT.
func (w *sqlWriter) madeRow(t *schema.Table, from, where string) ([]sqlite.Value, error) {
	alias := map[string]string{
		w.layout.Roles.Table: "r", w.layout.Permissions.Table: "p", w.layout.Grants.Table: "g",
		w.layout.Permissions.Entities.Table: "e",
	}[t.Name]
	names := make([]string, len(t.Stored()))
	for i, name := range t.Stored() {
		names[i] = alias + "." + sqltext.QuoteIdent(name)
	}
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(names, ", "), from, where)
	for row, err := range w.made.Query(sql) {
		if err != nil {
			return nil, fmt.Errorf("read the new row of %s: %w", t.Name, err)
		}
		return row.Values(), nil
	}
	return nil, fmt.Errorf("the new row of %s is not there: %s", t.Name, where)
}

// refersElsewhere reports whether a column refers to a row that no policy has, such as the user who
// made a role.
func (w *sqlWriter) refersElsewhere(t *schema.Table, column string) bool {
	own := w.rows.tables()
	return slices.ContainsFunc(t.ForeignKeys, func(fk schema.ForeignKey) bool {
		return slices.Contains(fk.Columns, column) &&
			!slices.Contains(own, w.rows.schema.Table(fk.Parent))
	})
}

// freeID returns an expression for the id of a new row: id, or, if another row has it, an id of the
// same shape. A database has the id if its role has been renamed by hand, for example.
func freeID(t *schema.Table, id sqlite.Value) string {
	table, column := sqltext.QuoteIdent(t.Name), sqltext.QuoteIdent(t.PrimaryKey[0])
	text := string(portable.Append(nil, id))
	other := fmt.Sprintf("(SELECT max(%s) + 1 FROM %s)", column, table)
	switch id.Kind() {
	case sqlite.Text:
		other = randomLike(id.Data())
	case sqlite.Blob:
		other = fmt.Sprintf("randomblob(%d)", len(id.Data()))
	}
	return fmt.Sprintf("CASE WHEN EXISTS (SELECT 1 FROM %s WHERE %s = %s) THEN %s ELSE %s END",
		table, column, text, other, text)
}

// randomLike returns an expression for a random text of the shape of id. It keeps the first letter
// of each run of letters and digits, which tells the version of a UUID, and what is between the
// runs. The rest is hexadecimal, as all common ids may be. It is longer than a short id.
func randomLike(id string) string {
	const enough = 16
	var terms []string
	kept, random := "", 0
	for rest := id; rest != ""; {
		n := strings.IndexFunc(rest, func(r rune) bool { return !isAlphanumeric(r) })
		if n < 0 {
			n = len(rest)
		}
		if n == 0 {
			kept, rest = kept+rest[:1], rest[1:]
			continue
		}
		run := rest[:n]
		kept, rest = kept+run[:1], rest[n:]
		if len(run) > 1 {
			hex := fmt.Sprintf("substr(hex(randomblob(%d)), 1, %d)", len(run)/2, len(run)-1)
			if run != strings.ToUpper(run) {
				hex = "lower(" + hex + ")"
			}
			terms, kept = append(terms, sqlText(kept), hex), ""
			random += len(run) - 1
		}
	}
	if kept != "" {
		terms = append(terms, sqlText(kept))
	}
	if random < enough {
		terms = append(terms, "lower(hex(randomblob(8)))")
	}
	return strings.Join(terms, " || ")
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// permissionParts returns the expressions for the parts of a permission in a query of
// [Layout.fromPermissions].
func (l Layout) permissionParts() []string {
	p := l.permissions()
	parts := []string{p.column(l.Permissions.Action)}
	if l.parts() > 1 {
		parts = append(parts, p.column(l.Permissions.Entity))
	}
	if l.parts() > 2 {
		parts = append(parts, p.column(l.Permissions.Access))
	}
	if e := l.entities(); e.table != "" {
		var names []string
		for _, name := range l.Permissions.Entities.Names {
			names = append(names, e.column(name))
		}
		parts[1] = strings.Join(names, " || '.' || ")
	}
	return parts
}

// fromPermissions returns the table of permissions, joined with that of the entities.
func (l Layout) fromPermissions() string {
	p, e := l.permissions(), l.entities()
	if e.table == "" {
		return p.String()
	}
	return fmt.Sprintf("%s JOIN %s ON %s = %s", p, e, e.column(l.Permissions.Entities.ID),
		p.column(l.Permissions.Entity))
}

// isPermission returns the condition that parts are those of the permission.
func isPermission(parts []string, p Permission) string {
	names := []string{p.Action, p.Entity, p.Access}
	var out []string
	for i, part := range parts {
		out = append(out, part+" = "+sqlText(names[i]))
	}
	return strings.Join(out, " AND ")
}

// isOneOf returns the condition that parts are those of one of the permissions.
func isOneOf(parts []string, permissions []Permission) string {
	rows := make([]string, len(permissions))
	for i, p := range permissions {
		names := []string{p.Action, p.Entity, p.Access}[:len(parts)]
		for n, name := range names {
			names[n] = sqlText(name)
		}
		rows[i] = "(" + strings.Join(names, ", ") + ")"
	}
	return fmt.Sprintf("(%s) IN (VALUES %s)", strings.Join(parts, ", "), strings.Join(rows, ", "))
}
