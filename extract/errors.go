package extract

import (
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The errors of the seed.
type (
	// StatementError reports a statement of a script that cannot be part of a seed, or that SQLite
	// refuses. It gives the statement's position.
	StatementError = seed.StatementError
	// NoPlaceError reports that the schema lacks a table or a column that a script inserts into.
	NoPlaceError = seed.NoPlaceError
	// SyntaxError reports a script that ends inside a token or a statement.
	SyntaxError = sqltext.SyntaxError
)

// The errors of the seed that other errors wrap.
var (
	// ErrNotASeed reports a statement that does not insert rows by their values.
	ErrNotASeed = seed.ErrNotASeed
	// ErrNotWhole reports a script that breaks off, or that says that it failed.
	ErrNotWhole = seed.ErrNotWhole
	// ErrNoTables reports a script that makes no tables, while there is no schema for it.
	ErrNoTables = seed.ErrNoTables
)

// The errors of the patterns in [Options].
type (
	// PatternError reports a pattern that cannot be read.
	PatternError = pattern.SyntaxError
	// UnmatchedError reports a pattern that no table matches.
	UnmatchedError = pattern.UnmatchedError
)

// AmbiguousError reports a folder that may belong to several migration tools.
type AmbiguousError = migration.AmbiguousError

// The errors of a folder of migrations that other errors wrap.
var (
	// ErrNoMigrations reports a folder without migrations.
	ErrNoMigrations = migration.ErrNone
	// ErrName reports that the name of a new migration has neither a letter nor a digit.
	ErrName = migration.ErrName
	// ErrBlock reports marks of seedkit's block that do not pair up.
	ErrBlock = migration.ErrBlock
)
