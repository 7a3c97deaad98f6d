package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// chooseDatetime returns the format of timestamps, and the reason for it in a few words.
func (o Options) chooseDatetime(
	c *sqlite.Conn, m *model.Model, format migration.Format,
) (chosen Datetime, why string, err error) {
	if o.Datetime != "" && o.Datetime != Auto {
		return o.Datetime, "as asked", nil
	}
	found, where, err := detectDatetime(c, m)
	switch {
	case err != nil:
		return "", "", err
	case found != "":
		return found, "as in " + where, nil
	case o.DatetimeDefault != "" && o.DatetimeDefault != Auto:
		return o.DatetimeDefault, "as the fixtures' app writes them", nil
	case format == migration.Prisma && migration.PrismaAdapter(o.SchemaPath):
		return ISO, "as Prisma's driver adapters write it", nil
	case format == migration.Prisma:
		return UnixMilli, "as Prisma's engine writes them", nil
	}
	return ISO, "because no row shows another form", nil
}

// detectDatetime examines the timestamps in a database. It returns the most frequent format, and a
// column that uses it. Both are empty if there are no timestamps.
func detectDatetime(c *sqlite.Conn, m *model.Model) (Datetime, string, error) {
	counts, where := map[Datetime]int64{}, map[Datetime]string{}
	for _, table := range m.Tables {
		for _, column := range table.Schema.Columns {
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
