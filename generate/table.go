package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// table is a table of the schema, prepared for the generation of its rows.
type table struct {
	*schema.Table
	columns []*column // that are inserted, in order
	byName  map[string]int
	keys    []*foreignKey
	checks  []check
	created int // the column that says when a row was created; -1 if there is none
	ids     idShape

	referred bool            // some foreign key refers to it
	rows     []*row          // that fixtures declare
	baseline int             // how many rows the schema's scripts inserted,
	adopted  map[string]*row // the fixtures that stand for some, by [rowKey]
	chosen   bool            // some reference is left open; then
	others   []*row          // are the rest of the baseline
}

// column is a column that rows are inserted with.
type column struct {
	schema.Column
	index    int
	hash     uint64         // of its name
	kind     sqlite.Kind    // that its type prefers
	datetime bool           // it holds points in time
	id       bool           // it is the primary key, alone
	texts    []string       // that CHECK constraints mention beside it,
	numbers  []float64      // and numbers
	def      *columnDefault // nil if none is declared
	key      *foreignKey    // that decides the value, if the fixture does not; nil if none
}

// foreignKey is a foreign key of the schema whose parent is there.
type foreignKey struct {
	hash          uint64
	columns       []int
	parent        *table
	parentColumns []int
}

// readTables prepares the tables that the schema's scripts have made.
func (e *engine) readTables() (err error) {
	if e.schema, err = schema.Read(e.c); err != nil {
		return err
	}
	for _, s := range e.schema.Tables {
		t := newTable(s)
		e.tables = append(e.tables, t)
		e.byName[t.Name] = t
	}
	for _, t := range e.tables {
		e.resolveKeys(t)
		if err := e.readDefaults(t); err != nil {
			return fmt.Errorf("read the defaults of %s: %w", t.Name, err)
		}
		if err := e.readChecks(t); err != nil {
			return err
		}
		n, err := e.c.Int64("SELECT count(*) FROM " + quote(t.Name))
		if err != nil {
			return fmt.Errorf("count the rows of %s: %w", t.Name, err)
		}
		t.baseline = int(n)
	}
	return e.detectIDs()
}

func newTable(s *schema.Table) *table {
	t := &table{Table: s, byName: map[string]int{}, created: -1, adopted: map[string]*row{}}
	for _, c := range s.Columns {
		if c.Generated {
			continue
		}
		column := &column{
			Column: c, index: len(t.columns), hash: entropy(c.Name), kind: affinity(c.Type), datetime: timeform.IsDeclared(c.Type),
			id: slices.Equal(s.PrimaryKey, []string{c.Name}),
		}
		if t.created < 0 && column.datetime && strings.HasPrefix(strings.ToLower(c.Name), "created") {
			t.created = column.index
		}
		t.byName[c.Name] = column.index
		t.columns = append(t.columns, column)
	}
	return t
}

// table returns the table of that name, in any case; nil if there is none.
func (e *engine) table(name string) *table {
	if s := e.schema.Table(name); s != nil {
		return e.byName[s.Name]
	}
	return nil
}

// find returns the index of the column of that name, in any case. It does not
// find generated columns.
func (t *table) find(name string) (int, bool) {
	if i, ok := t.byName[name]; ok {
		return i, true
	}
	c, _ := t.Column(name)
	i, ok := t.byName[c.Name]
	return i, ok
}

// indexes returns the indexes of columns; nil if one of them is generated or
// not there.
func (t *table) indexes(names []string) []int {
	var out []int
	for _, name := range names {
		i, ok := t.find(name)
		if !ok {
			return nil
		}
		out = append(out, i)
	}
	return out
}

// resolveKeys gives each column the foreign key that decides its value: of
// several the longest, since what that one chooses suits the others too.
func (e *engine) resolveKeys(t *table) {
	for _, s := range t.ForeignKeys {
		parent := e.table(s.Parent)
		if parent == nil {
			continue
		}
		fk := &foreignKey{hash: entropy(s.Columns...), columns: t.indexes(s.Columns), parent: parent, parentColumns: parent.indexes(s.ParentColumns)}
		if fk.columns == nil || len(fk.columns) != len(fk.parentColumns) {
			continue
		}
		parent.referred = true
		t.keys = append(t.keys, fk)
		for _, i := range fk.columns {
			if c := t.columns[i]; c.key == nil || len(c.key.columns) < len(fk.columns) {
				c.key = fk
			}
		}
	}
}

// affinity returns the storage class that a declared type prefers. NUMERIC
// counts as INTEGER, but for types that name what other databases keep as text.
func affinity(declared string) sqlite.Kind {
	switch schema.AffinityOf(declared) {
	case schema.IntegerAffinity:
		return sqlite.Integer
	case schema.TextAffinity:
		return sqlite.Text
	case schema.RealAffinity:
		return sqlite.Real
	case schema.NoAffinity:
		if declared != "" {
			return sqlite.Blob
		}
		return sqlite.Text
	}
	declared = strings.ToUpper(declared)
	has := func(name string) bool { return strings.Contains(declared, name) }
	if declared == "ANY" || has("STRING") || has("UUID") || has("JSON") || has("ENUM") {
		return sqlite.Text
	}
	return sqlite.Integer
}
