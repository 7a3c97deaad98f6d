package generate

import (
	"context"
	hexadecimal "encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// copyInto copies the schema and all rows of the open database into the scratch database, whose
// triggers do not fire. The rows keep their rowids.
func (d *openDatabase) copyInto(ctx context.Context, s *scratch) (err error) {
	script, err := d.schema(ctx)
	if err != nil {
		return fmt.Errorf("read the schema of the open database: %w", err)
	}
	const name = "the open database"
	if err := s.apply(schema.Source{
		Format: migration.SQL, Scripts: []schema.Script{{Name: name, SQL: script}}, IsSchema: true,
	}); err != nil {
		return fmt.Errorf("apply the schema: %w", err)
	}
	if err := s.c.EnableTriggers(false); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.c.EnableTriggers(true)) }()
	if err := s.c.ExecScript("PRAGMA ignore_check_constraints = ON; BEGIN"); err != nil {
		return err
	}
	defer s.c.Rollback()
	tables, err := tablesOf(s.c)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := d.copyRows(ctx, s.c, t); err != nil {
			return fmt.Errorf("read the rows of %s in the open database: %w", t.name, err)
		}
	}
	return s.c.ExecScript("COMMIT; PRAGMA ignore_check_constraints = OFF")
}

// schema returns the script that makes the objects of the database. A virtual table gets no new
// content: its tables are copied like all others.
func (d *openDatabase) schema(ctx context.Context) (string, error) {
	const objects = `SELECT type, name, coalesce(rootpage, 0), sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		ORDER BY type <> 'table', type <> 'index', rowid`
	rows, err := d.conn.QueryContext(ctx, objects)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var script strings.Builder
	for rows.Next() {
		var kind, name, text string
		var root int64
		if err := rows.Scan(&kind, &name, &root, &text); err != nil {
			return "", err
		}
		if kind == "table" && root == 0 {
			text = schema.PutVirtualTable(name, text)
		}
		fmt.Fprintf(&script, "%s\n;\n", text)
	}
	return script.String(), rows.Err()
}

// copied is a table whose rows are copied.
type copied struct {
	name    string
	columns []string // ready for SQL; the rowid first, if the table has one
}

// sequence is the table of the last ids of AUTOINCREMENT (https://sqlite.org/autoinc.html).
const sequence = "sqlite_sequence"

// tablesOf lists the tables with rows of their own, sqlite_sequence last. It must not ask a virtual
// table for its columns, because the tables of its content are empty yet.
func tablesOf(c *sqlite.Conn) (tables []copied, err error) {
	const names = `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0
		AND (name NOT LIKE 'sqlite\_%' ESCAPE '\' OR name = 'sqlite_sequence')
		ORDER BY name = 'sqlite_sequence', rowid`
	for row, err := range c.Query(names) {
		if err != nil {
			return nil, err
		}
		t := copied{name: row.Text(0)}
		of := schema.Table{Name: t.name}
		const columns = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid"
		for column, err := range c.Query(columns, t.name) {
			if err != nil {
				return nil, err
			}
			of.Columns = append(of.Columns, schema.Column{Name: column.Text(0)})
			t.columns = append(t.columns, quote(column.Text(0)))
		}
		if id := of.RowidName(); id != "" && canRead(c, t.name, id) {
			t.columns = append([]string{id}, t.columns...)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// canRead reports whether a table has the column, which may be the rowid.
func canRead(c *sqlite.Conn, table, column string) bool {
	s, err := c.PrepareOne("SELECT " + column + " FROM " + quote(table))
	s.Close()
	return err == nil
}

func (d *openDatabase) copyRows(ctx context.Context, c *sqlite.Conn, t copied) error {
	read := make([]string, len(t.columns))
	for i, column := range t.columns {
		read[i] = portable(column)
	}
	rows, err := d.conn.QueryContext(ctx,
		"SELECT "+strings.Join(read, ", ")+" FROM "+quote(t.name))
	if err != nil {
		return err
	}
	defer rows.Close()
	if t.name == sequence { // the rows of the other tables have filled it
		if err := c.Exec("DELETE FROM " + sequence); err != nil {
			return err
		}
	}
	insert, err := c.PrepareOne("INSERT INTO " + quote(t.name) +
		" (" + strings.Join(t.columns, ", ") + ") VALUES " + parameters(len(t.columns), 1))
	if err != nil {
		return err
	}
	defer insert.Close()
	values, places := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range places {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, v := range values {
			if values[i], err = fromPortable(v); err != nil {
				return fmt.Errorf("column %s: %w", t.columns[i], err)
			}
		}
		if err := insert.Exec(values...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// portable returns an expression whose value every driver returns as it is. Drivers make a time or
// a bool of a column by its declared type, and an expression has none. Some make a time of any text
// that looks like one, which no text with a letter before it does.
func portable(column string) string {
	return fmt.Sprintf("CASE typeof(%s) WHEN 'text' THEN 't' || %[1]s "+
		"WHEN 'blob' THEN 'b' || hex(%[1]s) ELSE %[1]s END", column)
}

// fromPortable returns the column's value, where v is what a driver has made of [portable].
func fromPortable(v any) (sqlite.Value, error) {
	text, isText := v.(string)
	if raw, ok := v.([]byte); ok {
		text, isText = string(raw), true
	}
	switch {
	case isText && strings.HasPrefix(text, "t"):
		return sqlite.String(text[1:]), nil
	case isText && strings.HasPrefix(text, "b"):
		blob, err := hexadecimal.DecodeString(text[1:])
		return sqlite.Bytes(blob), err
	case isText:
		return sqlite.Value{}, fmt.Errorf("the driver returns the text %q", text)
	}
	return sqlite.ValueOf(v)
}
