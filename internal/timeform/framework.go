package timeform

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
)

// Framework is a library through which an app writes its times. The zero Framework means that none
// is known.
type Framework struct {
	Name  string
	Why   string // why its forms count, in a few words
	Whole Form   // for columns that can store both text and integers, or text
	// Integer is the form in columns for integers. The zero Form means that there is no rule.
	Integer Form
	// Clock is the form in columns of the type TIME. The zero Form means [Clock].
	Clock Form
	// Day is the form in columns of the type DATE. The zero Form means [Date].
	Day Form
	// Ignored is the form that only defaults write, and never the app. The zero Form means that
	// there is none.
	Ignored Form
}

// spaced returns the form YYYY-MM-DD HH:MM:SS with a fraction of the given digits, which varies or
// not, and a zone.
func spaced(digits int, varies bool, zone string) Form {
	return Form{kind: datetime, sep: ' ', digits: digits, varies: varies, zone: zone}
}

// micros is text such as 2025-01-01 00:00:00.123456, or without a fraction if that is zero.
var micros = spaced(6, true, "")

// known is a framework with its marks in a schema.
type known struct {
	Framework
	keeper string // the tool of [migration.Keeper] that keeps one of the tables
	tables string // the names of tables of which the framework makes one or more
}

// frameworks lists the frameworks whose form of times is known. The first that has a mark in the
// schema counts.
var frameworks = []known{
	{Framework{Name: "Rails", Whole: micros, Clock: micros}, "Rails",
		"active_storage_blobs action_text_rich_texts solid_queue_jobs solid_cache_entries " +
			"solid_cable_messages"},
	{Framework{Name: "Django", Whole: micros, Clock: Form{kind: clock, digits: 6, varies: true}},
		"Django", "django_content_type django_session auth_permission"},
	{Framework{Name: "Laravel", Whole: SQL, Integer: Unix}, "Laravel",
		"password_reset_tokens password_resets personal_access_tokens failed_jobs job_batches"},
	{Framework{Name: "Ghost", Whole: SQL, Integer: UnixMilli}, "", "posts_authors"},
	{Framework{Name: "Payload", Whole: ISOZ}, "Payload",
		"payload_locked_documents payload_preferences"},
	{Framework{Name: "Strapi", Whole: UnixMilli}, "Strapi", "strapi_core_store_settings"},
	{Framework{Name: "PocketBase", Whole: spaced(3, false, "Z")}, "PocketBase",
		"_collections _superusers _externalAuths _params"},
	{Framework{Name: "TypeORM", Whole: spaced(3, false, "")}, "TypeORM", ""},
	{Framework{Name: "Sequelize", Whole: spaced(3, false, " +00:00")}, "Sequelize", ""},
	{Framework{Name: "MikroORM", Whole: UnixMilli}, "MikroORM", ""},
	{Framework{Name: "knex", Whole: UnixMilli}, "knex", ""},
	{Framework{Name: "EF Core", Whole: spaced(7, true, "")}, "EF Core", ""},
	{Framework{Name: "SQLAlchemy", Whole: spaced(6, false, "")}, "alembic", ""},
	{Framework{Name: "Ecto", Whole: Form{kind: datetime, sep: 'T'}}, "Ecto", ""},
	{Framework{Name: "Diesel", Whole: micros}, "diesel", ""},
	{Framework{Name: "Doctrine", Whole: SQL}, "Doctrine", ""},
	{Framework{Name: "CakePHP", Whole: SQL}, "CakePHP", ""},
	{Framework{Name: "AdonisJS", Whole: SQL}, "AdonisJS", ""},
	{Framework{Name: "GORM", Whole: spaced(3, true, "+00:00")}, "gormigrate", ""},
	{Framework{Name: "Drizzle", Whole: ISOZ, Integer: Unix}, "Drizzle", ""},
}

// FrameworkOf returns the framework whose tables are among those of the schema, or the zero
// Framework. It does not know Prisma: see [IsPrisma].
func FrameworkOf(s *schema.Schema) Framework {
	keepers := map[string]bool{}
	for _, t := range s.Tables {
		keepers[migration.Keeper(t.Name, t.ColumnNames())] = true
	}
	for _, f := range frameworks {
		marked := slices.ContainsFunc(strings.Fields(f.tables), func(name string) bool {
			return s.Table(name) != nil
		})
		if marked || f.keeper != "" && keepers[f.keeper] {
			return f.explained()
		}
	}
	if isBetterAuth(s) {
		f := Framework{Name: "better-auth", Whole: ISOZ, Integer: Unix, Day: ISOZ, Ignored: SQL}
		return f.explained()
	}
	return Framework{}
}

// Drizzle returns how apps with Drizzle write times that have no default.
func Drizzle() Framework {
	i := slices.IndexFunc(frameworks, func(f known) bool { return f.Name == "Drizzle" })
	return frameworks[i].explained()
}

func (f Framework) explained() Framework {
	f.Why = "as " + f.Name + " writes them"
	return f
}

// isBetterAuth reports whether the schema has the tables that better-auth's own tool makes.
func isBetterAuth(s *schema.Schema) bool {
	account, verification := s.Table("account"), s.Table("verification")
	if account == nil || verification == nil {
		return false
	}
	provider, _ := account.Column("providerId")
	expires, _ := verification.Column("expiresAt")
	return provider.Name != "" && isDate(expires.Type)
}

// IsPrisma reports whether the schema has Prisma's own table, or an index with the name that Prisma
// gives to a unique key, such as User_email_key.
func IsPrisma(s *schema.Schema) bool {
	return s.Table("_prisma_migrations") != nil ||
		slices.ContainsFunc(s.Tables, func(t *schema.Table) bool {
			return slices.ContainsFunc(t.Uniques, func(u schema.Unique) bool {
				return u.Index == t.Name+"_"+strings.Join(u.Columns, "_")+"_key" ||
					u.Index == t.Name+"_AB_unique"
			})
		})
}

// Prisma returns how the client of the Prisma project that contains the folder dir writes times. It
// writes the defaults of the database, too.
func Prisma(dir string) Framework {
	if migration.PrismaAdapter(dir) {
		return Framework{
			Name: "Prisma", Why: "as Prisma's driver adapters write them", Whole: ISO, Ignored: SQL,
		}
	}
	return Framework{
		Name: "Prisma", Why: "as Prisma's engine writes them", Whole: UnixMilli, Ignored: SQL,
	}
}
