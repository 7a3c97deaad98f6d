package dump

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// warn writes the line that the shell writes before a script that changes sqlite_schema.
func (d *dumper) warn() error {
	if d.opts.SchemaOnly {
		return nil
	}
	virtual, err := d.hasVirtualTables()
	if err != nil {
		return fmt.Errorf("look for virtual tables: %w", err)
	}
	if virtual {
		d.out.line("/* WARNING: Script requires that SQLITE_DBCONFIG_DEFENSIVE be disabled */")
	}
	return nil
}

// define writes the text that must precede a table's rows, and reports whether rows must follow.
func (d *dumper) define(t table) (rows bool, err error) {
	switch {
	case t.name == sequenceTable:
		return true, d.emptySequences()
	case d.opts.DataOnly:
	case t.isStat():
		d.out.line("ANALYZE sqlite_schema;")
	case t.isVirtual() && !d.opts.SchemaOnly:
		d.insertVirtualTable(t)
		return false, nil
	default:
		d.createTable(t.sql)
	}
	return true, nil
}

// emptySequences removes the rows that the script's INSERTs add to sqlite_sequence. An empty
// sqlite_sequence needs no such statement, and it may not exist when the script runs.
func (d *dumper) emptySequences() error {
	rows, err := d.conn.Int64("SELECT count(*) FROM " + sequenceTable)
	if err != nil || rows == 0 {
		return err
	}
	d.writeSchema()
	d.out.line("CREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq);")
	d.out.line("DELETE FROM sqlite_sequence;")
	return nil
}

// createTable writes the definition of a table. The shell writes IF NOT EXISTS for shadow tables,
// whose names modules quote, because they may exist already.
func (d *dumper) createTable(sql string) {
	sql = d.closeComment(sql)
	rest, ok := strings.CutPrefix(sql, "CREATE TABLE ")
	if ok && rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		d.out.line("CREATE TABLE IF NOT EXISTS ", rest, ";")
		return
	}
	d.out.line(sql, ";")
}

// closeComment ends a comment that sql leaves open. An open comment would hide the semicolon that
// follows.
func (d *dumper) closeComment(sql string) string {
	if !strings.Contains(sql, "/*") && !strings.Contains(sql, "--") {
		return sql
	}
	for _, end := range []string{"", "*/", "\n"} {
		if d.conn.Complete(sql + end + ";") {
			return sql + end
		}
	}
	return sql
}

// insertVirtualTable inserts a virtual table's definition into sqlite_schema. CREATE VIRTUAL TABLE
// would create and fill the shadow tables.
func (d *dumper) insertVirtualTable(t table) {
	d.writeSchema()
	name, sql := literal(t.name), literal(t.sql)
	d.out.line("INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table',",
		name, ",", name, ",0,", sql, ");")
}

func literal(text string) string { return string(sqltext.AppendText(nil, []byte(text))) }

// writeSchema makes sqlite_schema writable for the rest of the script.
func (d *dumper) writeSchema() {
	if !d.schemaWritable {
		d.out.line("PRAGMA writable_schema=ON;")
		d.schemaWritable = true
	}
}

// others writes views, triggers and indexes.
func (d *dumper) others() error {
	query := "SELECT sql FROM sqlite_schema AS o WHERE " + d.selected.where +
		" AND sql NOT NULL AND type IN ('index','trigger','view') ORDER BY type COLLATE NOCASE DESC"
	for row, err := range d.conn.Query(query, d.selected.args...) {
		if err != nil {
			return err
		}
		sql := cText(row, 0)
		if strings.Contains(sql, "--") {
			sql += "\n" // ends a comment
		}
		d.out.line(sql, ";")
	}
	return nil
}
