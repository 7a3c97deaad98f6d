package extract

import (
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The errors of the seed.
type (
	// StatementError is a statement of a script that a seed is not made of, or
	// that SQLite refuses, and its place.
	StatementError = seed.StatementError
	// NoPlaceError reports a script's table or column that the schema lacks.
	NoPlaceError = seed.NoPlaceError
	// SyntaxError reports a script that ends inside a token or a statement.
	SyntaxError = sqltext.SyntaxError
)

// The errors of the seed, as causes.
var (
	// ErrNotASeed reports a statement that does not insert rows by their values.
	ErrNotASeed = seed.ErrNotASeed
	// ErrNotWhole reports a script that broke off, or says that it failed.
	ErrNotWhole = seed.ErrNotWhole
	// ErrNoTables reports a script whose tables nothing describes.
	ErrNoTables = seed.ErrNoTables
)

// The errors of the patterns in [Options].
type (
	// PatternError reports a pattern that cannot be read.
	PatternError = pattern.SyntaxError
	// UnmatchedError reports a pattern that no table matches.
	UnmatchedError = pattern.UnmatchedError
)

// AmbiguousError reports a folder that shows the marks of several migration
// tools.
type AmbiguousError = migration.AmbiguousError

// The errors of a folder of migrations, as causes.
var (
	// ErrNoMigrations reports a folder without migrations.
	ErrNoMigrations = migration.ErrNone
	// ErrName reports a name for a new migration without a letter or a digit.
	ErrName = migration.ErrName
	// ErrBlock reports marks of seedkit's block that do not pair up.
	ErrBlock = migration.ErrBlock
)
