package load

import (
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// mindsCompany reports whether it may make a difference to the rows' table if
// two of them are inserted by one statement: triggers, and some words of the
// table or of the INSERT, can tell; and a reference between its rows is only
// looked at behind both.
func mindsCompany(c *sqlite.Conn, rows *Rows) (bool, error) {
	if hasAny([]byte(rows.head), tellingWords) || sqltext.HasKeyword([]byte(rows.tail), "UPDATE") {
		return true, nil
	}
	const query = `SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_list(?1) WHERE "table" = ?1 COLLATE NOCASE)
		OR EXISTS (SELECT 1 FROM objects WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE),
		(SELECT group_concat(sql, char(10)) FROM objects WHERE type = 'table' AND name = ?1 COLLATE NOCASE)`
	const objects = "WITH objects AS (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema) "
	for row, err := range c.Query(objects+query, rows.Table) {
		if err != nil {
			return false, err
		}
		return row.Bool(0) || hasAny(row.View(1), tellingWords), nil
	}
	return false, nil
}

// tellingWords tell how many rows a statement has inserted, or undo what
// others did: FAIL keeps the rows before that which it is about, ROLLBACK none
// of the transaction's, and REPLACE, as an upsert does, takes away what a
// foreign key refers to, which the next row may bring back.
var tellingWords = []string{"CHANGES", "TOTAL_CHANGES", "FAIL", "ROLLBACK", "REPLACE"}

func hasAny(sql []byte, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return sqltext.HasKeyword(sql, word) })
}
