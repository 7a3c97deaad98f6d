package main

import (
	"errors"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/project"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// hints say what the user can do about an error, in the order in which they
// are tried. Each begins in lower case and ends without a full stop, like an
// error.
var hints = []struct {
	about func(error) bool
	text  string
}{
	{because(generate.ErrNotOurs), "--out names another file; --force overwrites this one"},
	{because(project.ErrTooMany), "run seedkit in the app's folder, or name what it should take"},
	{is[*unfitError], "fixtures for the tables of your own app are a Go program, see docs/fixtures.md; --schema names another schema"},
	{because(apply.ErrSample), "seedkit gen --set reference makes a seed without them; --allow-sample applies them all the same"},
	{is[*apply.TriggersError], "--allow-triggers lets them fire"},
	{canSkip, "--dry-run lists them; --on-conflict skip leaves these rows of the seed out"},
	{is[*apply.ConflictsError], "--dry-run lists them; give these rows of the seed keys that are free, or the target's values"},
	{is[*apply.StrangersError], "give the seed's row a key that is free in the target, or make the rows refer to the row that the target has"},
	{is[*seed.LookupError], "deploy the migration that inserts the row, or insert it before in the script"},
	{is[*seed.NoPlaceError], "deploy the migrations that make it, or correct the name"},
	{is[*apply.SchemaError], "deploy the migrations that make it, or generate the seed with --schema from those that are deployed"},
	{is[*apply.ReplicaError], "run seedkit on the primary, with --to the database in LiteFS's mount"},
	{is[*apply.LiteFSFolderError], "--backup-dir names a folder for the backup"},
	{is[*apply.DamagedError], "a damaged database is neither backed up nor written to; to restore one, move it and its -wal and -journal files away first"},
	{because(backup.ErrIncomplete), "the manifest of a backup is the file of its name with .json after it: copy both; --allow-unverified takes a sound copy that has none"},
	{because(errNoChoice), "give one of them in place of the folder"},
	{is[*extract.AppliedError], "--new NAME --dir MIGRATIONS puts the rows into a new migration, which will run"},
	{because(errOutOfDate), "the same command without --check brings it up to date"},
	{isNotRun, "if the app's SQLite runs this, --baseline FILE takes the tables from a script or a database that has them as the app does"},
	{because(extract.ErrOwnReference), "add the row that is referred to, or take the reference away; PRAGMA foreign_key_check lists all such rows of a database"},
	{because(extract.ErrTriggerRow), "--on-conflict skip keeps the row that the trigger has inserted"},
	{is[*extract.ProofError], "nothing was written; what the error names must be put right in the seed or in the migrations"},
	{is[*extract.KeyError], "--exclude leaves the table out"},
	{is[*extract.ConflictError], "the seed must have these rows as the migrations do; seedkit gen --schema takes them over"},
	{because(sqltext.ErrCompressed), "decompress it first; seedkit reads a script from standard input, too: gunzip -c FILE.gz | seedkit extract -"},
	{because(sqltext.ErrUTF16), "convert it first: iconv -f UTF-16 -t UTF-8 FILE"},
	{because(sqltext.ErrDatabase), "a database is read from a file; write it to one, and give its path"},
	{because(seed.ErrNotWhole), "sqlite3 keeps nothing of a transaction that does not end; write the script again, and see that what writes it ends with exit code 0"},
	{lacksInSeed, "load the script into a database with the app's SQLite, and give that: its tables are read without what is missing here"},
	{because(seed.ErrNoTables), "--schema names a schema, a database or a folder of migrations that has them"},
	{because(seed.ErrNotASeed), "a seed consists of INSERTs of values, and of what makes the tables they go into; load the script into a database and give that"},
	{because(migration.ErrNone), "give the folder that holds the migrations, such as prisma/migrations; for the first migration of all, --format names the tool"},
	{is[*migration.AmbiguousError], "--format names the tool"},
	{because(migration.ErrBlock), "remove the lines that begin with " + migration.BlockBegin + " and " + migration.BlockEnd + ", or make pairs of them"},
	{because(apply.ErrReadOnly), "run seedkit as the user whom the file belongs to"},
	{code(sqlite.Busy), "another process holds the lock; try again when it is done"},
	{code(sqlite.NotADB), "the file may be encrypted, or not a database at all"},
}

// hint returns what the user can do about err, "" where there is nothing to
// add.
func hint(err error) string {
	if usage, ok := errors.AsType[*usageError](err); ok {
		return usage.hint
	}
	for _, h := range hints {
		if h.about(err) {
			return h.text
		}
	}
	return ""
}

// isNotRun tells the error that a migration cannot be run here.
func isNotRun(err error) bool {
	baseline, ok := errors.AsType[*extract.BaselineError](err)
	return ok && baseline.NotRun
}

// lacksInSeed tells the error that a seed's script needs what is not built in.
func lacksInSeed(err error) bool {
	at, ok := errors.AsType[*seed.StatementError](err)
	if ok {
		_, ok = sqlite.MissingOf(at.Err)
	}
	return ok
}

// canSkip tells conflicts of which leaving the rows out gets rid.
func canSkip(err error) bool {
	conflicts, ok := errors.AsType[*apply.ConflictsError](err)
	return ok && conflicts.CanSkip
}

func because(cause error) func(error) bool {
	return func(err error) bool { return errors.Is(err, cause) }
}

func code(c sqlite.Code) func(error) bool {
	return func(err error) bool { return sqlite.Is(err, c) }
}
