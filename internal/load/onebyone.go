package load

import (
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// oneByOne reports whether each row needs a statement of its own: a trigger or changes() can tell
// how many rows a statement inserts. The same holds for rows that refer to their own table, because
// SQLite checks such references only at the end of a statement.
func oneByOne(c *sqlite.Conn, rows *Rows) (bool, error) {
	if hasAny([]byte(rows.head), tellingWords) || sqltext.HasKeyword([]byte(rows.tail), "UPDATE") {
		return true, nil
	}
	const query = `WITH objects AS
			(SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema)
		SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_list(?1) WHERE "table" = ?1 COLLATE NOCASE)
		OR EXISTS (SELECT 1 FROM objects WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE),
		(SELECT group_concat(sql, char(10)) FROM objects
			WHERE type = 'table' AND name = ?1 COLLATE NOCASE)`
	for row, err := range c.Query(query, rows.Table) {
		if err != nil {
			return false, err
		}
		return row.Bool(0) || hasAny(row.View(1), tellingWords), nil
	}
	return false, nil
}

// tellingWords either tell how many rows a statement inserts or undo the work of other rows. FAIL
// keeps the rows before the refused one. ROLLBACK keeps no row of the transaction. REPLACE, like an
// upsert, can delete what a foreign key refers to, and the next row may bring that back.
var tellingWords = []string{"CHANGES", "TOTAL_CHANGES", "FAIL", "ROLLBACK", "REPLACE"}

func hasAny(sql []byte, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return sqltext.HasKeyword(sql, word)
	})
}
