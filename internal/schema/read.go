package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Read asks SQLite for the schema of the connection's main database
// (https://sqlite.org/pragma.html: table_list, table_xinfo, index_list, index_xinfo,
// foreign_key_list).
func Read(c *sqlite.Conn) (*Schema, error) {
	foreign, err := ReadForeign(c)
	if err != nil {
		return nil, err
	}
	s := &Schema{byName: map[string]*Table{}}
	const tables = `SELECT l.name, l.wr, s.sql
		FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
		WHERE l.schema = 'main' AND l.type = 'table' AND s.type = 'table'
		AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY s.rowid`
	for row, err := range c.Query(tables) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		if foreign.isShadow(row.Text(0)) {
			continue
		}
		t := &Table{
			Name: row.Text(0), WithoutRowid: row.Bool(1),
			Autoincrement: sqltext.HasKeyword(row.View(2), "AUTOINCREMENT"),
		}
		s.Tables = append(s.Tables, t)
		s.byName[fold(t.Name)] = t
	}
	for _, t := range s.Tables {
		if err := t.read(c); err != nil {
			return nil, fmt.Errorf("read the schema of table %s: %w", t.Name, err)
		}
	}
	s.resolveParents()
	return s, nil
}

func (t *Table) read(c *sqlite.Conn) error {
	for _, read := range []func(*sqlite.Conn) error{
		t.readColumns, t.readUniques, t.readForeignKeys, t.readTriggers,
	} {
		if err := read(c); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) readColumns(c *sqlite.Conn) error {
	const columns = `SELECT name, type, "notnull", coalesce(dflt_value, ''), pk, hidden
		FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid`
	keyed := map[int]string{}
	for row, err := range c.Query(columns, t.Name) {
		if err != nil {
			return err
		}
		name, pk := row.Text(0), int(row.Int64(4))
		if pk > 0 {
			keyed[pk] = name
		}
		t.Columns = append(t.Columns, Column{
			Name:      name,
			Type:      row.Text(1),
			NotNull:   row.Bool(2),
			Default:   row.Text(3),
			Generated: row.Int64(5) > 1,
		})
	}
	for i := 1; keyed[i] != ""; i++ {
		t.PrimaryKey = append(t.PrimaryKey, keyed[i])
	}
	return nil
}

// readUniques lists the unique indexes, with the primary key first. A primary key without an index
// is an alias of the rowid.
func (t *Table) readUniques(c *sqlite.Conn) error {
	indexed := false
	const indexes = `SELECT name, origin FROM pragma_index_list(?)
		WHERE "unique" AND NOT partial ORDER BY origin <> 'pk', seq DESC`
	for row, err := range c.Query(indexes, t.Name) {
		if err != nil {
			return err
		}
		indexed = indexed || row.Text(1) == "pk"
		u := Unique{Index: row.Text(0)}
		ok, err := u.readColumns(c)
		if err != nil {
			return err
		}
		if ok {
			t.Uniques = append(t.Uniques, u)
		}
	}
	if len(t.PrimaryKey) == 1 && !indexed {
		t.RowidAlias = t.PrimaryKey[0]
		t.Uniques = slices.Insert(t.Uniques, 0,
			Unique{Columns: t.PrimaryKey, Collations: []string{"BINARY"}})
	}
	return nil
}

// readColumns returns false for an index over an expression.
func (u *Unique) readColumns(c *sqlite.Conn) (bool, error) {
	const columns = "SELECT cid, name, coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno"
	for row, err := range c.Query(columns, u.Index) {
		if err != nil {
			return false, err
		}
		if row.Int64(0) < 0 {
			return false, nil
		}
		u.Columns = append(u.Columns, row.Text(1))
		u.Collations = append(u.Collations, row.Text(2))
	}
	return true, nil
}

func (t *Table) readForeignKeys(c *sqlite.Conn) error {
	const keys = `SELECT id, "table", "from", coalesce("to", '')
		FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq`
	last := int64(-1)
	for row, err := range c.Query(keys, t.Name) {
		if err != nil {
			return err
		}
		if id := row.Int64(0); id != last {
			t.ForeignKeys = append(t.ForeignKeys, ForeignKey{Parent: row.Text(1)})
			last = id
		}
		fk := &t.ForeignKeys[len(t.ForeignKeys)-1]
		fk.Columns = append(fk.Columns, row.Text(2))
		if to := row.Text(3); to != "" {
			fk.ParentColumns = append(fk.ParentColumns, to)
		}
	}
	return nil
}

func (t *Table) readTriggers(c *sqlite.Conn) error {
	const triggers = "SELECT name, sql FROM sqlite_schema " +
		"WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY rowid"
	for row, err := range c.Query(triggers, t.Name) {
		if err != nil {
			return err
		}
		t.Triggers = append(t.Triggers,
			Trigger{Name: row.Text(0), Event: triggerEvent(row.View(1))})
	}
	return nil
}

// triggerEvent reads the event of a CREATE TRIGGER. It is the first INSERT, DELETE or UPDATE,
// because a name must be quoted to be one of these keywords
// (https://sqlite.org/lang_keywords.html).
func triggerEvent(sql []byte) string {
	for len(sql) > 0 {
		kind, n := sqltext.NextToken(sql)
		word := strings.ToUpper(string(sql[:n]))
		if kind == sqltext.TokWord &&
			slices.Contains([]string{"INSERT", "DELETE", "UPDATE"}, word) {
			return word
		}
		sql = sql[n:]
	}
	return ""
}

// resolveParents spells the parent's name as the parent's CREATE TABLE does, and fills in the
// parent's primary key if the reference names no column.
func (s *Schema) resolveParents() {
	for _, t := range s.Tables {
		for i := range t.ForeignKeys {
			fk := &t.ForeignKeys[i]
			parent := s.Table(fk.Parent)
			if parent == nil {
				continue
			}
			fk.Parent = parent.Name
			if len(fk.ParentColumns) == 0 {
				fk.ParentColumns = parent.PrimaryKey
			}
		}
	}
}
