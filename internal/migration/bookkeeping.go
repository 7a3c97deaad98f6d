package migration

import "path"

// bookkeeping lists the tables in which tools keep their own record of a
// database, as patterns of path.Match. Rows of them are nobody's seed: put
// into another database, they would make it lie about itself.
var bookkeeping = []string{
	"_prisma_migrations",
	"goose_db_version",
	"schema_migrations", // dbmate, golang-migrate, Rails
	"ar_internal_metadata",
	"d1_migrations",
	"__drizzle_migrations",
	"django_migrations",
	"_cf_KV",
	"_cf_METADATA",
	"_litestream_*",
	"sqlite_*",
}

// IsBookkeeping reports whether a table holds a tool's own record, or
// SQLite's (sqlite_sequence, sqlite_stat1).
func IsBookkeeping(table string) bool {
	for _, pattern := range bookkeeping {
		if ok, _ := path.Match(pattern, table); ok {
			return true
		}
	}
	return false
}
