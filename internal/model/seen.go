package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// readSeen finds the values of columns whose rows show that they hold one of a few, such as a
// status. The first database that has rows of a table counts. The rows of another database than the
// model's may be personal data, so of these only columns count whose names say that they hold one
// of a few.
func (m *Model) readSeen(databases []Database) error {
	for _, t := range m.Tables {
		for _, d := range databases {
			seen, err := t.readSeen(d)
			if err != nil {
				return fmt.Errorf("look at the values of %s: %w", t.Name, err)
			}
			if seen {
				break
			}
		}
	}
	return nil
}

// readSeen reads the values that a database has. It reports whether the database has rows of the
// table.
func (t *Table) readSeen(d Database) (rows bool, err error) {
	there := d.Schema.Table(t.Name)
	if there == nil {
		return false, nil
	}
	var columns []*Column
	var names []string
	for _, c := range t.Columns {
		if _, ok := there.Column(c.Name); ok && c.repeats() && (d.Name == "" || c.isFew()) {
			columns, names = append(columns, c), append(names, sqltext.QuoteIdent(c.Name))
		}
	}
	if len(columns) == 0 {
		return false, nil
	}
	const most = 1000
	values := make([][]sqlite.Value, len(columns))
	sql := fmt.Sprintf("SELECT %s FROM %s LIMIT %d", strings.Join(names, ", "),
		sqltext.QuoteIdent(t.Name), most)
	for row, err := range d.Conn.Query(sql) {
		if err != nil {
			return false, err
		}
		for i := range columns {
			values[i] = append(values[i], row.Value(i))
		}
		rows = true
	}
	for i, c := range columns {
		c.Seen = fewOf(values[i], c)
	}
	return rows, nil
}

// repeats reports whether rows may have the same value in a column, and the schema does not tell
// which values.
func (c *Column) repeats() bool {
	return c.Key == nil && !c.Unique && !c.Primary && !c.Datetime && c.JSON == "" &&
		len(c.Choices) == 0 && !schema.IsSecret(c.Name) &&
		(c.Kind == sqlite.Text || c.Kind == sqlite.Integer)
}

// fewOf returns the different values that are not NULL, in order, or none if they are not few: most
// of them occur several times, or the column's name says that it holds one of a few.
func fewOf(values []sqlite.Value, c *Column) []sqlite.Value {
	const most, longest, times = 12, 40, 3
	n := 0
	byKey := map[string]sqlite.Value{}
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		if len(v.Data()) > longest || v.Kind() != c.Kind {
			return nil
		}
		n++
		byKey[string(v.AppendKey(nil))] = v
		if len(byKey) > most {
			return nil
		}
	}
	if n < times*len(byKey) && !c.isFew() {
		return nil
	}
	var keys []string
	for key := range byKey {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var few []sqlite.Value
	for _, key := range keys {
		few = append(few, byKey[key])
	}
	return few
}

// isFew reports whether a column's name says that it holds one of a few values.
func (c *Column) isFew() bool {
	words := schema.Words(c.Name)
	return len(words) > 0 && slices.Contains(fewWords, words[len(words)-1])
}

// fewWords are the last words in the names of columns that hold one of a few values.
var fewWords = []string{
	"category", "currency", "kind", "lang", "language", "level", "locale", "method", "mode",
	"priority", "provider", "role", "severity", "stage", "state", "status", "tier", "type", "unit",
	"visibility",
}
