package sqlite

import (
	"bytes"
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// StandInForCollations lets SQL use collations that only the app's SQLite has. They compare as
// BINARY does. An index that the app's SQLite has made with such a collation has another order, so
// no query may use it for a lookup.
func (c *Conn) StandInForCollations() error {
	return c.check(lib.Xsqlite3_collation_needed(c.tls, c.db, 0, cFunction(addCollation)))
}

// StandInForFunctions lets SQL use functions that only the app's SQLite has. They return NULL.
func (c *Conn) StandInForFunctions() { c.functions = map[string]bool{} }

// StandIns returns the collations and functions that SQL has used and that have stand-ins.
func (c *Conn) StandIns() (used []Missing, err error) {
	const collations = `SELECT name FROM pragma_collation_list
		WHERE name NOT IN ('BINARY', 'NOCASE', 'RTRIM') ORDER BY name`
	for row, err := range c.Query(collations) {
		if err != nil {
			return nil, err
		}
		used = append(used, Missing{"collation", row.Text(0)})
	}
	const functions = `SELECT DISTINCT name FROM pragma_function_list
		WHERE NOT builtin ORDER BY name`
	for row, err := range c.Query(functions) {
		if err != nil {
			return nil, err
		}
		if name := row.Text(0); c.functions[name] {
			used = append(used, Missing{"function", name})
		}
	}
	return used, nil
}

// standInFor creates the function that a statement lacks according to err. It reports whether the
// caller should try the statement again.
func (c *Conn) standInFor(err error) bool {
	missing, ok := MissingOf(err)
	name := strings.ToLower(missing.Name) // as pragma_function_list has the name
	if !ok || c.functions == nil || missing.What != "function" || c.functions[name] {
		return false
	}
	const flags = lib.SQLITE_UTF8 | lib.SQLITE_INNOCUOUS | lib.SQLITE_DETERMINISTIC
	rc := lib.Xsqlite3_create_function_v2(c.tls, c.db,
		c.scratch.put(c.tls, name+"\x00"), -1, flags, 0, cFunction(sqlNull), 0, 0, 0)
	c.functions[name] = rc == lib.SQLITE_OK
	return rc == lib.SQLITE_OK
}

// sqlNull is an SQL function that returns NULL, because it sets no result.
func sqlNull(*libc.TLS, uintptr, int32, uintptr) {}

// addCollation creates a collation that SQLite lacks. SQLite calls it
// (https://sqlite.org/c3ref/collation_needed.html).
func addCollation(tls *libc.TLS, _, db uintptr, _ int32, name uintptr) {
	lib.Xsqlite3_create_collation_v2(tls, db, name, lib.SQLITE_UTF8, 0, cFunction(compareBytes), 0)
}

// compareBytes is the collation BINARY.
func compareBytes(_ *libc.TLS, _ uintptr, n1 int32, p1 uintptr, n2 int32, p2 uintptr) int32 {
	return int32(bytes.Compare(libc.GoBytes(p1, int(n1)), libc.GoBytes(p2, int(n2))))
}

// String returns what is missing in words: "function slug".
func (m Missing) String() string { return fmt.Sprintf("%s %s", m.What, m.Name) }
