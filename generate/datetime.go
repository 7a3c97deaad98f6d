package generate

import (
	"fmt"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Datetime is a format for timestamps, for which SQLite has no type.
type Datetime string

const (
	// Auto stores timestamps in the format of the rows that the schema's migrations insert. If
	// there are no such rows, Auto uses the format of the migration tool.
	Auto Datetime = "auto"
	// UnixMilli stores integers, the milliseconds since 1970, like Prisma's native engine.
	UnixMilli Datetime = "unix-ms"
	// Unix stores integers, the seconds since 1970.
	Unix Datetime = "unix"
	// ISO stores text such as 2025-01-01T00:00:00.000+00:00, like Prisma's driver adapters.
	ISO Datetime = "iso"
)

// Datetimes lists the formats, with Auto first.
var Datetimes = []Datetime{Auto, UnixMilli, Unix, ISO}

// datetimeNames lists the formats for a message.
func datetimeNames() string {
	var names []string
	for _, d := range Datetimes {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}

// form returns how the format stores a time.
func (d Datetime) form() timeform.Form {
	switch d {
	case UnixMilli:
		return timeform.UnixMilli
	case Unix:
		return timeform.Unix
	}
	return timeform.ISO
}

func (d Datetime) encode(t time.Time) sqlite.Value {
	v, _ := d.form().Format(t)
	return v
}

// decode returns the timestamp that a value represents. Auto decides by the size of an integer
// whether it counts seconds or milliseconds.
func (d Datetime) decode(v sqlite.Value) (t time.Time, ok bool) {
	if v.Kind() == sqlite.Integer && d != Auto && d != ISO {
		return d.form().Time(v.Int64()), true
	}
	t, form, ok := timeform.Parse(v)
	return t, ok && (v.Kind() == sqlite.Integer || form.HasZone())
}

// detectDatetime examines the timestamps in a database. It returns the most frequent format, and a
// column that uses it. Both are empty if there are no timestamps.
func detectDatetime(c *sqlite.Conn, s *schema.Schema) (Datetime, string, error) {
	counts, where := map[Datetime]int64{}, map[Datetime]string{}
	for _, table := range s.Tables {
		for _, column := range table.Columns {
			if !timeform.IsDeclared(column.Type) {
				continue
			}
			if err := countDatetimes(c, table.Name, column.Name, counts, where); err != nil {
				return "", "", err
			}
		}
	}
	var best Datetime
	for _, d := range Datetimes {
		if counts[d] > counts[best] {
			best = d
		}
	}
	return best, where[best], nil
}

// countDatetimes counts the formats in a column. It does not count text in the form of
// CURRENT_TIMESTAMP, because that comes from a default and not from the app.
func countDatetimes(
	c *sqlite.Conn, table, column string, counts map[Datetime]int64, where map[Datetime]string,
) error {
	sql := fmt.Sprintf(`SELECT CASE typeof(v)
			WHEN 'text' THEN iif(v LIKE '____-__-__T%%', 'iso', NULL)
			WHEN 'integer' THEN iif(abs(v) >= %d, 'unix-ms', 'unix')
		END AS format, count(*)
		FROM (SELECT %s AS v FROM %s) WHERE format IS NOT NULL GROUP BY format`, timeform.MilliFrom,
		quote(column), quote(table))
	for row, err := range c.Query(sql) {
		if err != nil {
			return fmt.Errorf("look at the datetimes of %s.%s: %w", table, column, err)
		}
		d := Datetime(row.Text(0))
		counts[d] += row.Int64(1)
		if where[d] == "" {
			where[d] = table + "." + column
		}
	}
	return nil
}
