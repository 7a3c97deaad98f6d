package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// table is a table of the schema, prepared for the generation of its rows.
type table struct {
	*schema.Table
	columns []*column // the columns to insert, in order
	byName  map[string]int
	keys    []*foreignKey
	checks  []check
	created int // the column with the time of a row's creation; -1 if there is none
	ids     idShape

	referred bool            // a foreign key refers to the table
	rows     []*row          // the rows that fixtures declare
	baseline int             // the number of rows that the schema's scripts inserted
	adopted  map[string]*row // the fixtures that adopt such rows, by [rowKey]
	chosen   bool            // a fixture leaves a reference to the table open
	others   []*row          // if chosen, the rows of the baseline that no fixture adopts
}

// column is a column to insert.
type column struct {
	schema.Column
	index    int
	hash     uint64         // the hash of the name
	kind     sqlite.Kind    // the storage class that the type prefers
	datetime bool           // the column holds timestamps
	id       bool           // the column alone is the primary key
	texts    []string       // the texts in CHECK constraints of the column
	numbers  []float64      // the numbers in CHECK constraints of the column
	def      *columnDefault // nil if there is none
	key      *foreignKey    // determines the value, if the fixture does not; nil if there is none
}

// foreignKey is a foreign key of the schema whose parent table exists.
type foreignKey struct {
	hash          uint64
	columns       []int
	parent        *table
	parentColumns []int
}

// readTables prepares the tables that the schema's scripts have created.
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
			Column: c, index: len(t.columns), hash: chance.Hash(c.Name), kind: affinity(c.Type),
			datetime: timeform.IsDeclared(c.Type),
			id:       slices.Equal(s.PrimaryKey, []string{c.Name}),
		}
		if t.created < 0 && column.datetime &&
			strings.HasPrefix(strings.ToLower(c.Name), "created") {
			t.created = column.index
		}
		t.byName[c.Name] = column.index
		t.columns = append(t.columns, column)
	}
	return t
}

// table returns the table with the given name, in any case, or nil.
func (e *engine) table(name string) *table {
	if s := e.schema.Table(name); s != nil {
		return e.byName[s.Name]
	}
	return nil
}

// find returns the index of the column with the given name, in any case. It does not find generated
// columns.
func (t *table) find(name string) (int, bool) {
	if i, ok := t.byName[name]; ok {
		return i, true
	}
	c, _ := t.Column(name)
	i, ok := t.byName[c.Name]
	return i, ok
}

// indexes returns the indexes of columns, or nil if one of them is generated or missing.
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

// resolveKeys gives every column the foreign key that determines its value. If there are several,
// that is the longest, because its choice satisfies the others too.
func (e *engine) resolveKeys(t *table) {
	for _, s := range t.ForeignKeys {
		parent := e.table(s.Parent)
		if parent == nil {
			continue
		}
		fk := &foreignKey{
			hash: chance.Hash(s.Columns...), columns: t.indexes(s.Columns), parent: parent,
			parentColumns: parent.indexes(s.ParentColumns),
		}
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

// affinity returns the storage class that a declared type prefers. NUMERIC counts as INTEGER,
// except for types that other databases store as text.
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
