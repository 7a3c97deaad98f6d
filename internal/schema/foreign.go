package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Foreign lists the objects of a database that only the app's SQLite can run. The rest of the
// database can be read without them.
type Foreign struct {
	Virtual  []VirtualTable         // tables of modules that are not built in
	Shadows  []Shadow               // tables with the content of these tables and indexes
	Indexes  []string               // libSQL's vector indexes
	Unmade   []sqlite.MissingObject // other indexes and triggers that a script could not create
	Triggers []string               // triggers that mention a foreign table and cannot run
}

// VirtualTable is a virtual table with the module that it needs.
type VirtualTable struct{ Name, Module string }

// Shadow is a table that belongs to a virtual table or an index.
type Shadow struct{ Name, Of string }

// ReadForeign finds the objects of the connection's main database that the built-in SQLite cannot
// run. It recognizes shadow tables by their names, because the module that knows them is missing.
func ReadForeign(c *sqlite.Conn) (*Foreign, error) {
	f := &Foreign{}
	const objects = `SELECT type, name, sql FROM sqlite_schema
		WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'
		OR type = 'index' AND sql LIKE '%libsql_vector_idx%' ORDER BY rowid`
	for row, err := range c.Query(objects) {
		if err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		if row.Text(0) == "index" {
			f.addIndex(row.Text(1), row.View(2))
		} else if err := f.addTable(c, row.Text(1), row.View(2)); err != nil {
			return nil, err
		}
	}
	for _, o := range c.MissingObjects() {
		f.addIndex(o.Name, []byte(o.SQL))
		if !slices.Contains(f.Indexes, o.Name) {
			f.Unmade = append(f.Unmade, o)
		}
	}
	if f.isEmpty() {
		return f, nil
	}
	if err := f.readShadows(c); err != nil {
		return nil, err
	}
	return f, f.readTriggers(c)
}

func (f *Foreign) isEmpty() bool { return len(f.Virtual)+len(f.Indexes) == 0 }

// addIndex adds an index if it is a vector index of libSQL
// (https://docs.turso.tech/features/ai-and-embeddings).
func (f *Foreign) addIndex(name string, sql []byte) {
	if sqltext.HasKeyword(sql, "LIBSQL_VECTOR_IDX") {
		f.Indexes = append(f.Indexes, name)
	}
}

func (f *Foreign) addTable(c *sqlite.Conn, name string, sql []byte) error {
	module := sqltext.Statement{Text: sql}.Module()
	known, err := hasModule(c, module)
	if err == nil && !known {
		f.Virtual = append(f.Virtual, VirtualTable{name, module})
	}
	return err
}

func hasModule(c *sqlite.Conn, name string) (bool, error) {
	const modules = "SELECT EXISTS (SELECT 1 FROM pragma_module_list WHERE name = ? COLLATE NOCASE)"
	n, err := c.Int64(modules, name)
	return n != 0, err
}

func (f *Foreign) readShadows(c *sqlite.Conn) error {
	const tables = `SELECT name FROM sqlite_schema
		WHERE type = 'table' AND rootpage > 0 ORDER BY rowid`
	for row, err := range c.Query(tables) {
		if err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		if of := f.ownerOf(row.Text(0)); of != "" {
			f.Shadows = append(f.Shadows, Shadow{row.Text(0), of})
		}
	}
	return nil
}

// ownerOf returns the virtual table or the index that a table belongs to by its name. It returns ""
// for a table of the app.
func (f *Foreign) ownerOf(table string) string {
	for _, v := range f.Virtual {
		if sqlite.IsShadow(v.Module, v.Name, table) {
			return v.Name
		}
	}
	for _, index := range f.Indexes {
		if fold(table) == fold(index)+"_shadow" || fold(table) == "libsql_vector_meta_shadow" {
			return index
		}
	}
	return ""
}

func (f *Foreign) readTriggers(c *sqlite.Conn) error {
	const triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
	for row, err := range c.Query(triggers) {
		if err != nil {
			return fmt.Errorf("read the schema: %w", err)
		}
		if f.mentioned(row.View(1)) {
			f.Triggers = append(f.Triggers, row.Text(0))
		}
	}
	return nil
}

// mentioned reports whether a statement names a foreign table.
func (f *Foreign) mentioned(sql []byte) bool {
	virtual := func(v VirtualTable) bool { return sqltext.HasName(sql, v.Name) }
	shadow := func(s Shadow) bool { return sqltext.HasName(sql, s.Name) }
	return slices.ContainsFunc(f.Virtual, virtual) || slices.ContainsFunc(f.Shadows, shadow)
}

// Lacking names the indexes and triggers that the script of [Statements] leaves out.
func (f *Foreign) Lacking() (names []string) {
	for _, index := range f.Indexes {
		names = append(names, "index "+index)
	}
	for _, o := range f.Unmade {
		what := "index "
		if (sqltext.Statement{Text: []byte(o.SQL)}).Kind() == sqltext.KindCreateTrigger {
			what = "trigger "
		}
		names = append(names, what+o.Name)
	}
	for _, trigger := range f.Triggers {
		names = append(names, "trigger "+trigger)
	}
	return names
}

// isShadow reports whether a table is a shadow table.
func (f *Foreign) isShadow(table string) bool {
	return slices.ContainsFunc(f.Shadows, func(s Shadow) bool {
		return strings.EqualFold(s.Name, table)
	})
}

// has reports whether an object of the given table is foreign.
func (f *Foreign) has(name, table string) bool {
	return f.isShadow(table) ||
		slices.Contains(f.Indexes, name) || slices.Contains(f.Triggers, name) ||
		slices.ContainsFunc(f.Virtual, func(v VirtualTable) bool { return v.Name == table })
}
