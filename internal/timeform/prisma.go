package timeform

import (
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// OfPrisma returns the form in which the client of a Prisma project writes all times, also times
// that have a default in the database. The form is the one that most times in the project's
// database c have. name names that database in messages. If the rows do not show a form, the
// project that contains the folder dir decides.
func OfPrisma(c *sqlite.Conn, s *schema.Schema, name, dir string) (Form, error) {
	form, err := overall(c, s, name, SQL)
	if err != nil || form != (Form{}) {
		return form, err
	}
	return Prisma(dir).Whole, nil
}

// overall returns the form of most times in all columns that are declared to hold a day and a time
// of day. It returns the zero Form if there is no such form. Values of the ignored form do not
// count.
func overall(c *sqlite.Conn, s *schema.Schema, name string, ignored Form) (Form, error) {
	var all tally
	for _, t := range s.Tables {
		if migration.IsBookkeeping(t.Name, t.ColumnNames()) {
			continue
		}
		var columns []string
		for _, column := range t.Columns {
			if isDeclaredWhole(column.Type) {
				columns = append(columns, column.Name)
			}
		}
		tallies, err := Rows{c, t, name}.sample(columns)
		if err != nil {
			return Form{}, err
		}
		for _, found := range tallies {
			all.merge(found)
		}
	}
	form, _ := all.verdict(ignored)
	return form, nil
}
