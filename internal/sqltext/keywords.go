package sqltext

import "strings"

// keywords are the keywords of SQLite 3.53 as sqlite3_keyword_check reports them
// (https://www.sqlite.org/lang_keywords.html).
var keywords = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(`
ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH
AUTOINCREMENT BEFORE BEGIN BETWEEN BY CASCADE CASE CAST CHECK COLLATE COLUMN
COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME
CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH
DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS
EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB
GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER
INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT
MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON
OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY
RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE
RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP
TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE
USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT
`) {
		words[word] = true
	}
	return words
}()

// HasName reports whether a statement contains a name, bare or quoted, in any case of ASCII
// letters. A string counts as a name.
func HasName(sql []byte, name string) bool {
	for c := cursorAt(sql, 0); c.kind != TokEOF; {
		if met, ok := c.name(); !ok {
			c.next()
		} else if strings.EqualFold(met, name) {
			return true
		}
	}
	return false
}

// HasKeyword reports whether a statement contains a keyword, which the caller gives in upper case,
// or a bare name that looks like the keyword.
func HasKeyword(sql []byte, keyword string) bool {
	for len(sql) > 0 {
		kind, n := NextToken(sql)
		if kind == TokWord && isWord(sql[:n], keyword) {
			return true
		}
		sql = sql[n:]
	}
	return false
}
