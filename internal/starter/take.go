package starter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// mostReference is the greatest number of rows of a table for the set reference.
const mostReference = 300

// A taker takes rows that are there.
type taker struct {
	reference map[*model.Table]bool // the tables of the set reference
	rows      map[*model.Table][]*row
	done      map[*model.Table]bool
	found     map[reference]*row
	names     map[*model.Table]map[string]bool // in lower case
	secrets   map[string]bool                  // the columns whose values are left out
	without   map[Source]bool                  // the rows that are left out
	sources   map[string]Source                // of the rows that are taken, by path
}

// A row is a row that is there.
type row struct {
	name   string
	source Source
	values []value // by column
}

// A value is a value of a row. Not every column has one.
type value struct {
	sqlite.Value
	given  bool
	parent *row // the row to which the column alone refers, if that is taken
}

// A reference is what a foreign key says: the values of the parent's columns.
type reference struct {
	table   *model.Table
	columns string
	key     string
}

func newTaker() *taker {
	return &taker{
		reference: map[*model.Table]bool{}, rows: map[*model.Table][]*row{},
		done: map[*model.Table]bool{}, found: map[reference]*row{},
		names: map[*model.Table]map[string]bool{}, secrets: map[string]bool{},
		without: map[Source]bool{}, sources: map[string]Source{},
	}
}

// takeReference takes the rows that the schema's scripts insert, as far as a key identifies them:
// the rest is in the scripts.
func (t *taker) takeReference(scripts *sqlite.Conn, tables []*model.Table) error {
	for _, table := range tables {
		t.done[table] = true
		if !t.reference[table] || isPure(table) {
			continue
		}
		if err := t.take(scripts, table, table.Schema, mostReference); err != nil {
			return err
		}
		for _, r := range t.rows[table] {
			r.keepKey(table)
		}
	}
	return nil
}

// keepKey drops the values of a row that do not identify it. The primary key identifies a row only
// if no other key does.
func (r *row) keepKey(table *model.Table) {
	var key []int
	for _, u := range table.Uniques {
		_, whole := keyOf(r, u.Columns)
		primary := table.Columns[u.Columns[0]].Primary
		if whole && u.Within == "" && (key == nil || !primary) {
			key = u.Columns
			if !primary {
				break
			}
		}
	}
	for i := range r.values {
		r.values[i].given = r.values[i].given && (key == nil || slices.Contains(key, i))
	}
}

// takeFrom takes rows of a database: all rows for the set reference, and at most limit sample rows
// of a table. It takes no row without the rows to which that row refers.
func (t *taker) takeFrom(
	ctx context.Context, path string, tables []*model.Table, limit int,
) error {
	c, there, err := openFrom(ctx, path)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, table := range tables {
		most := limit
		if t.reference[table] {
			most = mostReference
		}
		if stored := there.Table(table.Name); stored != nil {
			if err := t.take(c, table, stored, most); err != nil {
				return fmt.Errorf("%s: read table %s: %w", path, table.Name, err)
			}
		}
		t.done[table] = true
	}
	return c.Close()
}

// take takes at most limit rows, in the order of the table's key.
func (t *taker) take(
	c *sqlite.Conn, table *model.Table, stored *schema.Table, limit int,
) error {
	var columns []int
	var names []string
	for _, column := range table.Columns {
		if _, ok := stored.Column(column.Name); !ok {
			continue
		}
		if isSecret(column) {
			continue
		}
		columns, names = append(columns, column.Index), append(names, quote(column.Name))
	}
	if len(columns) == 0 {
		return nil
	}
	order := ""
	for i, name := range stored.Key() {
		order += [...]string{" ORDER BY ", ", "}[min(i, 1)] + quote(name)
	}
	query := "SELECT " + strings.Join(names, ", ") + " FROM " + quote(table.Name) + order
	source := Source{Table: table.Name}
	var waiting []*row
	for stmt, err := range c.Query(query) {
		source.N++
		if err != nil {
			return err
		}
		if len(t.rows[table]) == limit {
			break
		}
		r := &row{source: source, values: make([]value, len(table.Columns))}
		for at, i := range columns {
			r.values[i] = value{Value: stmt.Value(at), given: true}
		}
		switch {
		case t.without[source] || !isText(r):
		case t.resolve(table, r):
			t.add(table, r)
		case len(waiting) < limit:
			waiting = append(waiting, r)
		}
	}
	t.addWaiting(table, waiting, limit)
	return nil
}

// addWaiting adds rows that refer to rows of their own table that came later.
func (t *taker) addWaiting(table *model.Table, waiting []*row, limit int) {
	for found := true; found; {
		found = false
		var rest []*row
		for _, r := range waiting {
			if len(t.rows[table]) < limit && t.resolve(table, r) {
				t.add(table, r)
				found = true
			} else {
				rest = append(rest, r)
			}
		}
		waiting = rest
	}
}

// isSecret reports whether a file must not have the values of a column. A key is no secret, because
// other rows refer to it.
func isSecret(c *model.Column) bool {
	return schema.IsSecret(c.Name) && c.Key == nil && !c.Primary
}

// isText reports whether the texts of a row are in UTF-8, so that a file can have them.
func isText(r *row) bool {
	return !slices.ContainsFunc(r.values, func(v value) bool {
		return v.given && v.Kind() == sqlite.Text && !utf8.ValidString(v.Data())
	})
}

// resolve finds the rows to which a row refers. It reports whether they are taken. If their table
// comes later, because tables refer to each other, a reference that may be NULL becomes NULL.
func (t *taker) resolve(table *model.Table, r *row) bool {
	for _, fk := range table.Keys {
		key, whole := keyOf(r, fk.Columns)
		if !whole {
			continue
		}
		parent := t.found[reference{fk.Parent, fmt.Sprint(fk.ParentColumns), key}]
		if own, _ := keyOf(r, fk.ParentColumns); fk.Parent == table && own == key {
			parent = r
		}
		switch {
		case parent != nil && len(fk.Columns) == 1:
			r.values[fk.Columns[0]].parent = parent
		case parent != nil:
		case fk.Inferred:
			return false
		case !t.done[fk.Parent] && fk.Parent != table && mayBeNull(table, fk):
			for _, i := range fk.Columns {
				r.values[i] = value{Value: sqlite.Value{}, given: true}
			}
		default:
			return false
		}
	}
	return true
}

func mayBeNull(table *model.Table, fk *model.ForeignKey) bool {
	return !slices.ContainsFunc(fk.Columns, func(i int) bool {
		return table.Columns[i].NotNull || table.Columns[i].Primary
	})
}

// keyOf returns the values of columns as a key of a map. whole is false if one of them is NULL.
func keyOf(r *row, columns []int) (key string, whole bool) {
	var text []byte
	for _, i := range columns {
		if !r.values[i].given || r.values[i].IsNull() {
			return "", false
		}
		text = r.values[i].AppendKey(text)
	}
	return string(text), true
}

// add names a row, and makes it known to the rows that refer to it.
func (t *taker) add(table *model.Table, r *row) {
	r.name = t.nameOf(table, r)
	t.sources[table.Name+"/"+r.name] = r.source
	t.rows[table] = append(t.rows[table], r)
	for _, column := range table.Columns {
		if isSecret(column) {
			t.secrets[table.Name+"."+column.Name] = true
		}
	}
	for _, u := range table.Uniques {
		if key, whole := keyOf(r, u.Columns); whole && u.Within == "" {
			t.found[reference{table, fmt.Sprint(u.Columns), key}] = r
		}
	}
}

// naming lists the columns that name a row, the best first.
var naming = []string{
	"username", "handle", "login", "email", "slug", "key", "code", "name", "title", "label",
}

// nameOf returns a name for a row that no other row of the table has.
func (t *taker) nameOf(table *model.Table, r *row) string {
	name := slug(textOf(r, columnFor(table)))
	if name == "" {
		for _, u := range table.Uniques {
			if words := textOf(r, u.Columns); len(u.Columns) > 1 && words != "" {
				name = slug(words)
				break
			}
		}
	}
	name = cmp.Or(name, fmt.Sprintf("%s%d", slug(table.Name), len(t.rows[table])+1))
	names := t.names[table]
	if names == nil {
		names = map[string]bool{}
		t.names[table] = names
	}
	free := name
	for n := 2; names[strings.ToLower(free)]; n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	names[strings.ToLower(free)] = true
	return free
}

// columnFor returns the column that names the rows of a table.
func columnFor(table *model.Table) []int {
	for _, unique := range []bool{true, false} {
		for _, name := range naming {
			i, ok := table.Find(name)
			if ok && table.Columns[i].Key == nil && (table.Columns[i].Unique || !unique) {
				return []int{i}
			}
		}
	}
	return nil
}

// textOf returns the texts in columns with colons between them, or "" if one of them is no text.
func textOf(r *row, columns []int) string {
	var texts []string
	for _, i := range columns {
		if v := r.values[i]; !v.given || v.Kind() != sqlite.Text || v.parent != nil {
			return ""
		}
		texts = append(texts, r.values[i].Data())
	}
	return strings.Join(texts, ":")
}

// slug returns a text as a name without spaces, or "" if letters that are not ASCII would be lost.
// Of an address it is the part before the @.
func slug(text string) string {
	const most = 30
	text, _, _ = strings.Cut(strings.ToLower(text), "@")
	var out []rune
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '_', c == '.', c == ':':
			out = append(out, c)
		case c >= utf8.RuneSelf:
			return ""
		case len(out) == 0 || out[len(out)-1] == '-':
		case len(out) > most:
			return string(out)
		default:
			out = append(out, '-')
		}
	}
	if len(out) > 2*most { // a text without spaces
		return ""
	}
	return strings.Trim(string(out), "-.:")
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
