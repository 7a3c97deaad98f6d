package extract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The reasons why rows remain after a migration is reversed.
const (
	noKey    = "without a key, a row is not told from another with the same values"
	nullKey  = "a key with a NULL in it finds no row"
	inTheWay = "; while these rows are there, those that they refer to cannot be deleted"
	notOurs  = "a row that was there before is not told from one that was inserted"
)

// deletes writes the statements that delete the rows of one table by key.
type deletes struct {
	run   *run
	out   output
	table *schema.Table
	at    []int  // The positions of the key's columns in a row; nil if there is no key.
	head  string // The beginning of a DELETE, up to its first key.
	keys  int    // The number of keys in text.
	text  []byte // A DELETE without its end.
}

// writeDeletes writes the statements that delete the inserted rows, children first. It returns the
// rows that remain.
func (r *run) writeDeletes(out output) (kept []LeftOut, err error) {
	for _, t := range slices.Backward(r.tables) {
		d := deletes{run: r, out: out, table: t}
		if err := d.chooseKey(); err != nil {
			return nil, err
		}
		rows, why, err := d.write()
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		if rows > 0 {
			if why != notOurs && r.refersToOthers(t) {
				why += inTheWay
			}
			kept = append(kept, LeftOut{Table: t.Name, Rows: rows, Why: why})
		}
	}
	return kept, out.Close()
}

// refersToOthers reports whether rows of a table may refer to deleted rows.
func (r *run) refersToOthers(t *schema.Table) bool {
	for _, fk := range t.ForeignKeys {
		isParent := func(t *schema.Table) bool { return t.Name == fk.Parent }
		if slices.ContainsFunc(r.tables, isParent) {
			return true
		}
	}
	return false
}

// chooseKey chooses the table's first key that cannot hold NULL, or else its first key.
func (d *deletes) chooseKey() error {
	var key schema.Unique
	for _, u := range d.table.Uniques {
		at, ok := schema.Positions(d.table.Stored(), u.Columns)
		if !ok {
			continue // A part of the key is generated.
		}
		nullable := slices.ContainsFunc(u.Columns, func(name string) bool {
			c, _ := d.table.Column(name)
			return !c.NotNull && name != d.table.RowidAlias
		})
		if d.at == nil || !nullable {
			key, d.at = u, at
		}
		if !nullable {
			break
		}
	}
	collates, err := d.run.seed.Conn.Int64(`SELECT count(*) FROM sqlite_schema
		WHERE tbl_name = ? COLLATE NOCASE AND sql LIKE '%collate%'`, d.table.Name)
	if err != nil {
		return fmt.Errorf("read the schema of table %s: %w", d.table.Name, err)
	}
	where := keyColumns(key, collates > 0)
	if len(d.at) > 1 {
		where = "(" + where + ") IN (VALUES "
	} else {
		where += " IN ("
	}
	d.head = fmt.Sprintf("DELETE FROM %s WHERE %s", sqltext.QuoteIdent(d.table.Name), where)
	return nil
}

// keyColumns lists the columns of a key. collates says that an object of the table names a
// collating sequence, so that the key may compare text in another way than its columns do. Then
// keyColumns gives every column the key's collating sequence, so that the DELETE finds no other
// row.
func keyColumns(key schema.Unique, collates bool) string {
	if !collates {
		return sqltext.QuoteIdents(key.Columns)
	}
	var columns []string
	for i, name := range key.Columns {
		columns = append(columns,
			sqltext.QuoteIdent(name)+" COLLATE "+sqltext.QuoteIdent(key.Collations[i]))
	}
	return strings.Join(columns, ", ")
}

// write writes the statements. It returns the number of rows that no statement deletes, and a
// reason.
func (d *deletes) write() (kept int64, why string, err error) {
	var ignored int64
	for row, err := range d.run.rows(d.table, &ignored) {
		if err != nil {
			return 0, "", err
		}
		switch {
		case d.run.opts.OnConflict == Skip, d.run.opts.OnConflict == Update:
			kept, why = kept+1, notOurs
		case d.at == nil:
			kept, why = kept+1, noKey
		case slices.ContainsFunc(d.at, func(i int) bool { return row[i].IsNull() }):
			kept, why = kept+1, nullKey
		default:
			if err := d.add(row); err != nil {
				return 0, "", err
			}
		}
	}
	return kept, why, d.flush()
}

// add adds the key of a row to a statement.
func (d *deletes) add(row []sqlite.Value) (err error) {
	const mostKeys = 100       // The greatest number of keys that share a statement.
	const mostBytes = 64 << 10 // A statement that is longer gets no further key.
	if d.keys == mostKeys || len(d.text) > mostBytes {
		if err := d.flush(); err != nil {
			return err
		}
	}
	separator := ", "
	if d.keys == 0 {
		d.text, separator = append(d.text[:0], d.head...), ""
	}
	d.text = append(d.text, separator...)
	if len(d.at) > 1 {
		d.text = append(d.text, '(')
	}
	for n, i := range d.at {
		if n > 0 {
			d.text = append(d.text, ", "...)
		}
		if d.text, err = d.run.appendCell(d.text, d.table, row, i); err != nil {
			return err
		}
	}
	if len(d.at) > 1 {
		d.text = append(d.text, ')')
	}
	d.keys++
	return nil
}

func (d *deletes) flush() error {
	if d.keys == 0 {
		return nil
	}
	d.keys = 0
	d.text = append(d.text, ");\n"...)
	return d.out.Statement(d.text)
}
