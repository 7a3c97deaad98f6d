package migration_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/migration"
)

// TestKeeper checks each tool's tables as the tool makes them, with the columns in the tool's
// order, and tables of an app that only have the same name.
func TestKeeper(t *testing.T) {
	for _, tt := range keeperTests {
		columns := strings.Fields(tt.columns)
		if got := migration.Keeper(tt.table, columns); got != tt.want {
			t.Errorf("Keeper(%q, %q) = %q, want %q", tt.table, columns, got, tt.want)
		}
		if got := migration.IsBookkeeping(tt.table, columns); got != (tt.want != "") {
			t.Errorf("IsBookkeeping(%q, %q) = %v", tt.table, columns, got)
		}
	}
}

// TestEachKeeperIsTested checks that every record has a case.
func TestEachKeeperIsTested(t *testing.T) {
	for _, r := range migration.Records() {
		tested := slices.ContainsFunc(keeperTests, func(tt keeperTest) bool {
			named, _ := path.Match(r.Table, tt.table)
			return named && tt.want == r.Tool && (r.Columns == "" || tt.columns == r.Columns)
		})
		if !tested {
			t.Errorf("no case is about %s's table %s(%s)", r.Tool, r.Table, r.Columns)
		}
	}
}

type keeperTest struct{ table, columns, want string }

var keeperTests = []keeperTest{
	{"sqlite_sequence", "name seq", "SQLite"},
	{"sqlite_stat1", "tbl idx stat", "SQLite"},
	{"SQLITE_STAT4", "", "SQLite"},
	{"_prisma_migrations",
		"id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count",
		"Prisma"},
	{"goose_db_version", "id version_id is_applied tstamp", "goose"},
	{"__drizzle_migrations", "id hash created_at", "Drizzle"},
	{"__drizzle_migrations", "id hash created_at name applied_at", "Drizzle"},
	{"d1_migrations", "id name applied_at", "Wrangler"},
	{"_cf_KV", "key value", "Cloudflare"},
	{"_cf_METADATA", "key value", "Cloudflare"},
	{"_litestream_seq", "id seq", "Litestream"},
	{"_litestream_lock", "id", "Litestream"},
	{"schema_migrations", "version dirty", "golang-migrate"},
	{"schema_migrations", "version inserted_at", "Ecto"},
	{"schema_migrations", "filename", "Sequel"},
	{"schema_migrations", "version", "dbmate or Rails"},
	{"schema_migrations", "id name applied_at", "a migration tool"},
	{"ar_internal_metadata", "key value created_at updated_at", "Rails"},
	{"schema_info", "version", "Sequel"},
	{"django_migrations", "id app name applied", "Django"},
	{"migrations", "id migration batch", "Laravel"},
	{"migrations", "id timestamp name", "TypeORM"},
	{"migrations", "id", "gormigrate"},
	{"migrations", "id name run_on", "db-migrate"},
	{"migrations", "id name up down", "node-sqlite"},
	{"migrations", "id version class group namespace time batch", "CodeIgniter"},
	{"typeorm_metadata", "type database schema table name value", "TypeORM"},
	{"_migrations", "file applied", "PocketBase"},
	{"__EFMigrationsHistory", "MigrationId ProductVersion", "EF Core"},
	{"__EFMigrationsLock", "Id Timestamp", "EF Core"},
	{"VersionInfo", "Version AppliedOn Description", "FluentMigrator"},
	{"SchemaVersions", "SchemaVersionID ScriptName Applied", "DbUp"},
	{"__diesel_schema_migrations", "version run_on", "diesel"},
	{"_sqlx_migrations", "version description installed_on success checksum execution_time",
		"sqlx"},
	{"seaql_migrations", "version applied_at", "SeaORM"},
	{"refinery_schema_history", "version name applied_on checksum", "refinery"},
	{"knex_migrations", "id name batch migration_time", "knex"},
	{"knex_migrations_lock", "index is_locked", "knex"},
	{"adonis_schema", "id name batch migration_time", "AdonisJS"},
	{"adonis_schema_versions", "version", "AdonisJS"},
	{"SequelizeMeta", "name", "Sequelize"},
	{"SequelizeData", "name", "Sequelize"},
	{"kysely_migration", "name timestamp", "kysely"},
	{"kysely_migration_lock", "id is_locked", "kysely"},
	{"mikro_orm_migrations", "id name executed_at", "MikroORM"},
	{"payload_migrations", "id name batch updated_at created_at", "Payload"},
	{"strapi_migrations", "id name time", "Strapi"},
	{"strapi_migrations_internal", "id name time", "Strapi"},
	{"alembic_version", "version_num", "alembic"},
	{"_yoyo_migration", "migration_hash migration_id applied_at_utc", "yoyo"},
	{"yoyo_lock", "locked ctime pid", "yoyo"},
	{"migratehistory", "id name migrated_at", "peewee-migrate"},
	{"aerich", "id version app content", "Aerich"},
	{"_counts", "table count", "sqlite-utils"},
	{"_sqlite_migrations", "migration_set name applied_at", "sqlite-migrate"},
	{"flyway_schema_history",
		"installed_rank version description type script checksum installed_by installed_on " +
			"execution_time success", "Flyway"},
	{"schema_version", "installed_rank version description type script checksum installed_by " +
		"installed_on execution_time success", "Flyway"},
	{"schema_version", "version_rank installed_rank version description type script checksum " +
		"installed_by installed_on execution_time success", "Flyway"},
	{"DATABASECHANGELOG",
		"ID AUTHOR FILENAME DATEEXECUTED ORDEREXECUTED EXECTYPE MD5SUM DESCRIPTION COMMENTS TAG " +
			"LIQUIBASE CONTEXTS LABELS DEPLOYMENT_ID", "Liquibase"},
	{"databasechangelog", "id author", "Liquibase"},
	{"DATABASECHANGELOGLOCK", "ID LOCKED LOCKGRANTED LOCKEDBY", "Liquibase"},
	{"schema_migration", "version", "pop"},
	{"atlas_schema_revisions",
		"version description type applied total executed_at execution_time error error_stmt hash " +
			"partial_hashes operator_version", "Atlas"},
	{"bun_migrations", "id name group_id migrated_at", "Bun"},
	{"bun_migration_locks", "id table_name", "Bun"},
	{"gorp_migrations", "id applied_at", "sql-migrate"},
	{"migration_history", "version created_ts", "memos"},
	{"migration_log", "id migration_id sql success error timestamp", "Grafana"},
	{"phinxlog", "version migration_name start_time end_time breakpoint", "Phinx"},
	{"blog_phinxlog", "version migration_name start_time end_time breakpoint", "CakePHP"},
	{"doctrine_migration_versions", "version executed_at execution_time", "Doctrine"},
	{"migration_versions", "version executed_at", "Doctrine"},
	{"migration_versions", "version", "Doctrine"},
	{"libsql_vector_meta_shadow", "name metadata", "libSQL"},
	{"movies_idx_shadow", "index_key data", "libSQL"},
	{"grdb_migrations", "identifier", "GRDB"},
	{"room_master_table", "id identity_hash", "Room"},
	{"android_metadata", "locale", "Android"},

	{"MIGRATIONS", "Batch ID Migration", "Laravel"}, // neither case nor order matters
	{"migrations", "id bird from_place to_place", ""},
	{"migrations", "id migration batch note", ""},
	{"migrations", "", ""},
	{"_migrations", "id n", ""},
	{"schema_version", "version", ""},
	{"schema_migration", "id n", ""},
	{"schema_info", "id version", ""},
	{"migration_history", "id animal season", ""},
	{"migration_log", "id message", ""},
	{"migration_versions", "id version note", ""},
	{"VersionInfo", "id version", ""},
	{"drop_shadow", "id blur", ""},
	{"_counts", "id n", ""},
	{"User", "id email", ""},
	{"migrations_done", "id", ""},
	{"_RoleToUser", "A B", ""},
}
