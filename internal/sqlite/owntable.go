package sqlite

import "strings"

// ownTables are tables that SQLite keeps for itself in a database
// (https://sqlite.org/fileformat2.html#intschema), and what they are like.
var ownTables = map[string]string{
	"sqlite_sequence": "name,seq",
	"sqlite_stat1":    "tbl,idx,stat",
	"sqlite_stat4":    "tbl,idx,neq,nlt,ndlt,sample",
}

// IsOwnName reports whether a name is one that SQLite reserves for tables of
// its own.
func IsOwnName(name string) bool {
	const prefix = "sqlite_"
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// OwnTable returns the script that makes one of SQLite's own tables where it is
// not there yet: a CREATE TABLE alone SQLite refuses. It leaves
// PRAGMA writable_schema off. It is "" for a table that cannot be made like
// that.
func OwnTable(name string) string {
	name = strings.ToLower(name)
	columns, ok := ownTables[name]
	if !ok {
		return ""
	}
	create := "CREATE TABLE IF NOT EXISTS " + name + "(" + columns + ");"
	return "PRAGMA writable_schema = ON;" + create + "PRAGMA writable_schema = OFF;"
}
