package migration

import (
	"path"
	"slices"
	"strings"
)

// record describes a table in which a tool records facts about a database. The table's rows must
// not be part of a seed: in another database they would be untrue.
type record struct {
	tool string
	// table is the table's name as a pattern of path.Match, which matches in any case of letters.
	table string
	// columns lists all columns of the table in any order. A name that an app may also use is the
	// tool's table only with these columns. "" stands for any columns.
	columns string
	source  string // The place where the tool makes the table.
}

// flyway4 lists the columns of Flyway's table up to version 4.
const flyway4 = "installed_rank version description type script checksum " +
	"installed_by installed_on execution_time success"

// records lists the tables that tools keep. The first record that matches a table counts.
var records = []record{
	{"SQLite", "sqlite_*", "", "https://sqlite.org/fileformat2.html#intschema"},

	{"Prisma", "_prisma_migrations", "",
		"prisma/prisma-engines: " +
			"schema-engine/connectors/sql-schema-connector/src/sql_migration_persistence.rs"},
	{"goose", "goose_db_version", "", "pressly/goose: internal/dialects/sqlite3.go"},
	{"Drizzle", "__drizzle_migrations", "",
		"drizzle-team/drizzle-orm: drizzle-orm/src/sqlite-core/dialect.ts"},
	{"Wrangler", "d1_migrations", "",
		"cloudflare/workers-sdk: packages/wrangler/src/d1/migrations/helpers.ts"},
	{"Cloudflare", "_cf_*", "",
		"https://developers.cloudflare.com/d1/best-practices/import-export-data/"},
	{"Litestream", "_litestream_*", "", "benbjohnson/litestream: db.go"},

	{"golang-migrate", "schema_migrations", "version dirty",
		"golang-migrate/migrate: database/sqlite/sqlite.go"},
	{"Ecto", "schema_migrations", "version inserted_at",
		"elixir-ecto/ecto_sql: lib/ecto/migration/schema_migration.ex"},
	{"Sequel", "schema_migrations", "filename",
		"jeremyevans/sequel: lib/sequel/extensions/migration.rb"},
	{"dbmate or Rails", "schema_migrations", "version",
		"amacneil/dbmate: pkg/driver/sqlite/sqlite.go; rails/rails: " +
			"activerecord/lib/active_record/schema_migration.rb"},
	{"a migration tool", "schema_migrations", "", "the name is no app's"},
	{"Rails", "ar_internal_metadata", "",
		"rails/rails: activerecord/lib/active_record/internal_metadata.rb"},
	{"Sequel", "schema_info", "version", "jeremyevans/sequel: lib/sequel/extensions/migration.rb"},
	{"Django", "django_migrations", "", "django/django: django/db/migrations/recorder.py"},

	{"Laravel", "migrations", "id migration batch",
		"laravel/framework: src/Illuminate/Database/Migrations/DatabaseMigrationRepository.php"},
	{"TypeORM", "migrations", "id timestamp name",
		"typeorm/typeorm: src/migration/MigrationExecutor.ts"},
	{"gormigrate", "migrations", "id", "go-gormigrate/gormigrate: gormigrate.go"},
	{"db-migrate", "migrations", "id name run_on", "db-migrate/db-migrate-base: index.js"},
	{"node-sqlite", "migrations", "id name up down", "kriasoft/node-sqlite: src/utils/migrate.ts"},
	{"CodeIgniter", "migrations", "id version class group namespace time batch",
		"codeigniter4/CodeIgniter4: system/Database/MigrationRunner.php"},
	{"TypeORM", "typeorm_metadata", "",
		"typeorm/typeorm: src/schema-builder/RdbmsSchemaBuilder.ts"},

	{"PocketBase", "_migrations", "file applied",
		"pocketbase/pocketbase: core/migrations_runner.go"},
	{"EF Core", "__EFMigrationsHistory", "",
		"dotnet/efcore: src/EFCore.Relational/Migrations/HistoryRepository.cs"},
	{"EF Core", "__EFMigrationsLock", "",
		"dotnet/efcore: src/EFCore.Sqlite.Core/Migrations/Internal/SqliteHistoryRepository.cs"},
	{"FluentMigrator", "VersionInfo", "Version AppliedOn Description",
		"fluentmigrator/fluentmigrator: " +
			"src/FluentMigrator.Runner.Core/VersionTableInfo/DefaultVersionTableMetaData.cs"},
	{"DbUp", "SchemaVersions", "SchemaVersionID ScriptName Applied",
		"DbUp/DbUp: src/dbup-sqlite/SQLiteTableJournal.cs"},

	{"diesel", "__diesel_schema_migrations", "", "diesel-rs/diesel: diesel/src/migration/mod.rs"},
	{"sqlx", "_sqlx_migrations", "", "launchbadge/sqlx: sqlx-sqlite/src/migrate.rs"},
	{"SeaORM", "seaql_migrations", "", "SeaQL/sea-orm: sea-orm-migration/src/seaql_migrations.rs"},
	{"refinery", "refinery_schema_history", "",
		"rust-db/refinery: refinery_core/src/traits/mod.rs"},

	{"knex", "knex_migrations", "", "knex/knex: lib/migrations/migrate/table-creator.js"},
	{"knex", "knex_migrations_lock", "", "knex/knex: lib/migrations/migrate/table-creator.js"},
	{"AdonisJS", "adonis_schema", "", "adonisjs/lucid: src/migration/runner.ts"},
	{"AdonisJS", "adonis_schema_versions", "", "adonisjs/lucid: src/migration/runner.ts"},
	{"Sequelize", "SequelizeMeta", "", "sequelize/umzug: src/storage/sequelize.ts"},
	{"Sequelize", "SequelizeData", "", "sequelize/cli: src/helpers/umzug-helper.js"},
	{"kysely", "kysely_migration", "", "kysely-org/kysely: src/migration/migrator.ts"},
	{"kysely", "kysely_migration_lock", "", "kysely-org/kysely: src/migration/migrator.ts"},
	{"MikroORM", "mikro_orm_migrations", "",
		"mikro-orm/mikro-orm: packages/migrations/src/MigrationStorage.ts"},
	{"Payload", "payload_migrations", "",
		"payloadcms/payload: packages/payload/src/database/migrations/migrationsCollection.ts"},
	{"Strapi", "strapi_migrations", "",
		"strapi/strapi: packages/core/database/src/migrations/users.ts"},
	{"Strapi", "strapi_migrations_internal", "",
		"strapi/strapi: packages/core/database/src/migrations/internal.ts"},

	{"alembic", "alembic_version", "", "sqlalchemy/alembic: alembic/runtime/migration.py"},
	{"yoyo", "_yoyo_*", "", "https://ollycope.com/software/yoyo/latest/"},
	{"yoyo", "yoyo_lock", "", "https://ollycope.com/software/yoyo/latest/"},
	{"peewee-migrate", "migratehistory", "id name migrated_at",
		"klen/peewee_migrate: peewee_migrate/models.py"},
	{"Aerich", "aerich", "id version app content", "tortoise/aerich: aerich/models.py"},
	{"sqlite-utils", "_counts", "table count", "simonw/sqlite-utils: sqlite_utils/db.py"},
	{"sqlite-migrate", "_sqlite_migrations", "",
		"simonw/sqlite-migrate: sqlite_migrate/__init__.py"},

	{"Flyway", "flyway_schema_history", "",
		"flyway/flyway: " +
			"flyway-core/src/main/java/org/flywaydb/core/internal/database/sqlite/" +
			"SQLiteDatabase.java"},
	{"Flyway", "schema_version",
		flyway4,
		"flyway/flyway, until 4"},
	{"Flyway", "schema_version",
		"version_rank " + flyway4,
		"flyway/flyway, until 3"},
	{"Liquibase", "DATABASECHANGELOG", "",
		"https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html"},
	{"Liquibase", "DATABASECHANGELOGLOCK", "",
		"https://docs.liquibase.com/concepts/tracking-tables/databasechangeloglock-table.html"},

	{"pop", "schema_migration", "version", "gobuffalo/pop: schema_migrations.go"},
	{"Atlas", "atlas_schema_revisions", "",
		"ariga/atlas: cmd/atlas/internal/migrate/ent/schema/revision.go"},
	{"Bun", "bun_migrations", "", "uptrace/bun: migrate/migrator.go"},
	{"Bun", "bun_migration_locks", "", "uptrace/bun: migrate/migrator.go"},
	{"sql-migrate", "gorp_migrations", "", "rubenv/sql-migrate: migrate.go"},
	{"memos", "migration_history", "version created_ts",
		"usememos/memos: store/db/sqlite/migration/prod/LATEST__SCHEMA.sql"},
	{"Grafana", "migration_log", "id migration_id sql success error timestamp",
		"grafana/grafana: pkg/services/sqlstore/migrations/migrations.go"},

	{"Phinx", "phinxlog", "", "cakephp/phinx: src/Phinx/Db/Adapter/PdoAdapter.php"},
	{"CakePHP", "*_phinxlog", "version migration_name start_time end_time breakpoint",
		"cakephp/migrations: src/Util/UtilTrait.php"},
	{"Doctrine", "doctrine_migration_versions", "",
		"doctrine/migrations: " +
			"lib/Doctrine/Migrations/Metadata/Storage/TableMetadataStorageConfiguration.php"},
	{"Doctrine", "migration_versions", "version executed_at", "doctrine/migrations: UPGRADE.md"},
	{"Doctrine", "migration_versions", "version", "doctrine/migrations: UPGRADE.md"},

	{"libSQL", "libsql_vector_meta_shadow", "",
		"tursodatabase/libsql: libsql-sqlite3/src/vectorIndex.c"},
	{"libSQL", "*_shadow", "index_key data",
		"tursodatabase/libsql: libsql-sqlite3/src/vectordiskann.c"},
	{"GRDB", "grdb_migrations", "", "groue/GRDB.swift: GRDB/Migration/DatabaseMigrator.swift"},
	{"Room", "room_master_table", "",
		"androidx/androidx: room/room-common/src/main/java/androidx/room/RoomMasterTable.kt"},
	{"Android", "android_metadata", "locale",
		"aosp-mirror/platform_frameworks_base: " +
			"core/java/android/database/sqlite/SQLiteConnection.java"},
}

// Keeper returns the tool that keeps a table with that name and those columns, or SQLite for one of
// SQLite's own tables (sqlite_sequence, sqlite_stat1). It returns "" for a table of the app.
func Keeper(table string, columns []string) string {
	for _, r := range records {
		if r.matches(table, columns) {
			return r.tool
		}
	}
	return ""
}

// IsBookkeeping reports whether [Keeper] knows a tool that keeps the table.
func IsBookkeeping(table string, columns []string) bool { return Keeper(table, columns) != "" }

func (r record) matches(table string, columns []string) bool {
	named, _ := path.Match(strings.ToLower(r.table), strings.ToLower(table))
	if !named || r.columns == "" {
		return named
	}
	return slices.Equal(sorted(strings.Fields(r.columns)), sorted(columns))
}

// sorted returns the names in lower case and sorted.
func sorted(names []string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = strings.ToLower(name)
	}
	slices.Sort(names)
	return names
}
