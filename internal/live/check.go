package live

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// ForeignKeyViolation counts the rows of a table that refer to no row of a
// parent.
type ForeignKeyViolation struct {
	Table  string `json:"table"`
	Parent string `json:"parent,omitempty"`
	Rows   int64  `json:"rows,omitempty"`
	// Problem says why SQLite cannot check the table at all. For example, the parent has no unique
	// index over the columns that the table refers to.
	Problem string `json:"problem,omitempty"`
}

func (v ForeignKeyViolation) String() string {
	if v.Problem != "" {
		return v.Problem
	}
	noun := "rows"
	if v.Rows == 1 {
		noun = "row"
	}
	return fmt.Sprintf("%d %s of %s without a row of %s", v.Rows, noun, v.Table, v.Parent)
}

// DanglingText lists violations for a message.
func DanglingText(violations []ForeignKeyViolation) string {
	if len(violations) == 0 {
		return "none"
	}
	texts := make([]string, len(violations))
	for i, v := range violations {
		texts[i] = v.String()
	}
	return strings.Join(texts, "; ")
}

// ForeignKeyViolations runs PRAGMA foreign_key_check for one table after the other: a check of the
// whole database ends at the first table that SQLite cannot check.
func ForeignKeyViolations(c *sqlite.Conn) ([]ForeignKeyViolation, error) {
	return violations(c, func(*sqlite.Conn, string) (bool, error) { return false, nil })
}

// violations checks the tables that have foreign keys, unless holds reports that no reference of a
// table dangles.
func violations(
	c *sqlite.Conn, holds func(c *sqlite.Conn, table string) (bool, error),
) ([]ForeignKeyViolation, error) {
	const children = `SELECT name FROM sqlite_schema t
		WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name))
		ORDER BY name`
	var all []ForeignKeyViolation
	for row, err := range c.Query(children) {
		if err != nil {
			return nil, fmt.Errorf("list foreign keys: %w", err)
		}
		table := row.Text(0)
		if ok, err := holds(c, table); err != nil {
			return nil, fmt.Errorf("check the foreign keys of table %s: %w", table, err)
		} else if ok {
			continue
		}
		found, err := tableViolations(c, table)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func tableViolations(c *sqlite.Conn, table string) ([]ForeignKeyViolation, error) {
	const check = `SELECT parent, count(*) FROM pragma_foreign_key_check(?)
		GROUP BY parent ORDER BY parent`
	var found []ForeignKeyViolation
	for row, err := range c.Query(check, table) {
		if sqlite.Is(err, sqlite.Generic) {
			return []ForeignKeyViolation{{Table: table, Problem: err.Error()}}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("check the foreign keys of table %s: %w", table, err)
		}
		violation := ForeignKeyViolation{Table: table, Parent: row.Text(0), Rows: row.Int64(1)}
		found = append(found, violation)
	}
	return found, nil
}
