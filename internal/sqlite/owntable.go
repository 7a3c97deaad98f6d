package sqlite

import "strings"

// ownTables holds the columns of the tables that SQLite keeps for itself in a database
// (https://sqlite.org/fileformat2.html#intschema).
var ownTables = map[string]string{
	"sqlite_sequence": "name,seq",
	"sqlite_stat1":    "tbl,idx,stat",
	"sqlite_stat4":    "tbl,idx,neq,nlt,ndlt,sample",
}

// IsOwnName reports whether SQLite reserves a name for its own tables.
func IsOwnName(name string) bool {
	const prefix = "sqlite_"
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// OwnTable returns the script that creates one of SQLite's own tables if the database lacks it.
// SQLite refuses a CREATE TABLE alone. The script leaves PRAGMA writable_schema off. OwnTable
// returns "" for a table that cannot be created in this way.
func OwnTable(name string) string {
	name = strings.ToLower(name)
	columns, ok := ownTables[name]
	if !ok {
		return ""
	}
	create := "CREATE TABLE IF NOT EXISTS " + name + "(" + columns + ");"
	return "PRAGMA writable_schema = ON;" + create + "PRAGMA writable_schema = OFF;"
}
