package rbac

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// A reference is a column of a table.
type reference struct{ table, column string }

// changeIDs changes the ids of a table, and what refers to them: the given columns, and those of
// foreign keys.
func changeIDs(c *sqlite.Conn, s *schema.Schema, of reference, from []reference) error {
	if of.table == "" {
		return nil
	}
	for _, t := range s.Tables {
		for _, fk := range t.ForeignKeys {
			if s.Table(fk.Parent) != s.Table(of.table) ||
				!slices.Equal(fk.ParentColumns, []string{of.column}) {
				continue
			}
			if r := (reference{t.Name, fk.Columns[0]}); !slices.Contains(from, r) {
				from = append(from, r)
			}
		}
	}
	from = append(from, of)
	ids, err := idsOf(c, of)
	if err != nil {
		return err
	}
	taken := map[sqlite.Value]bool{}
	for _, id := range ids {
		taken[id] = true
	}
	for _, id := range ids {
		other := otherID(id, taken)
		for _, r := range from {
			if r.table == "" {
				continue
			}
			column := sqltext.QuoteIdent(r.column)
			sql := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?",
				sqltext.QuoteIdent(r.table), column, column)
			if err := c.Exec(sql, other, id); err != nil {
				return fmt.Errorf("change an id of %s: %w", of.table, err)
			}
		}
	}
	return nil
}

func idsOf(c *sqlite.Conn, of reference) (ids []sqlite.Value, err error) {
	sql := fmt.Sprintf("SELECT %s FROM %s",
		sqltext.QuoteIdent(of.column), sqltext.QuoteIdent(of.table))
	for row, err := range c.Query(sql) {
		if err != nil {
			return nil, fmt.Errorf("read the ids of %s: %w", of.table, err)
		}
		ids = append(ids, row.Value(0))
	}
	return ids, nil
}

// otherID returns an id of the same shape that is not taken, and takes it.
func otherID(id sqlite.Value, taken map[sqlite.Value]bool) sqlite.Value {
	for other := id; ; {
		switch id.Kind() {
		case sqlite.Integer:
			other = sqlite.Int(other.Int64() + 1000)
		default:
			text := []byte(other.Data())
			changed := false
			for i, b := range text {
				if '0' <= b && b <= '9' {
					text[i], changed = '0'+(b-'0'+7)%10, true
				}
			}
			if !changed || taken[sqlite.String(string(text))] && string(text) == id.Data() {
				text = append(text, '7')
			}
			other = sqlite.String(string(text))
			if id.Kind() == sqlite.Blob {
				other = sqlite.Bytes(text)
			}
		}
		if !taken[other] {
			taken[other] = true
			return other
		}
	}
}
