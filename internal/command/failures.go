package command

import (
	"context"
	"errors"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/goprogram"
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/project"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/rbac"
)

// A failure is a kind of error, with the exit code and the hint for it.
type failure struct {
	is   func(error) bool
	exit int
	hint string // "" if there is nothing to add
}

// failures is the table of all errors. The first failure that matches an error gives the exit code.
// The first one that matches and has a hint gives the hint. So what was committed precedes what
// interrupted it, and a cause precedes its effect. A hint begins in lower case and ends without a
// full stop, like an error. No hint consents or chooses a file.
var failures = []failure{
	{as[*usageError], exitUsage, ""},
	{because(generate.ErrUnknownSet), exitUsage, ""},
	{because(generate.ErrSchemaGiven), exitUsage, ""},
	{because(migration.ErrName), exitUsage, ""},
	{as[*pattern.SyntaxError], exitUsage, ""},
	{as[*pattern.UnmatchedError], exitUsage, ""},
	{as[*apply.PolicyError], exitUsage, ""},
	{because(apply.ErrNoSchema), exitFailed, "seedkit dump writes a script with the tables"},
	{because(apply.ErrAllTables), exitUsage, "without --table and --exclude, --create makes it"},
	{as[*rbac.PolicyError], exitFailed, ""},
	{as[*rbac.GrantError], exitFailed, ""},
	{as[*rbac.CheckError], exitUsage, ""},

	{because(backup.ErrCommitted), exitUnverified, ""},
	{as[*unreportedError], exitUnverified, ""},
	{as[*litefs.StandstillError], exitUnverified,
		"restart LiteFS before anything else writes; then seedkit verify BACKUP --against DB " +
			"tells whether DB is as the backup has it, and the same command again does what is " +
			"missing"},
	{as[*backup.UncertainError], exitUnverified,
		"see that the disk works; then seedkit verify BACKUP --against DB tells whether DB is as " +
			"the backup has it, and the same command again does what is missing"},
	{because(context.Canceled), exitInterrupted, ""},

	// A difference, a conflict or a mismatch.
	{because(errFindings), exitDiffers, ""},
	{because(errNotAllowed), exitDiffers, ""},
	{because(errRolesDiffer), exitDiffers, ""},
	{because(errOutOfDate), exitDiffers, "the same command without --check brings it up to date"},
	{because(backup.ErrMismatch), exitDiffers, ""},
	{as[*backup.MismatchError], exitDiffers, ""},
	{as[*apply.ConflictsError], exitDiffers,
		"give these rows of the seed keys that are free, or the target's values"},
	{as[*apply.StrangersError], exitDiffers,
		"give the seed's row a key that is free in the target, or make the rows refer to the row " +
			"that the target has"},
	{because(apply.ErrUpdatesChanged), exitDiffers,
		"the same command plans with the rows as they are now"},
	{as[*apply.MergedError], exitDiffers, ""},
	{as[*apply.UndeclaredError], exitRefused,
		"a migration that declares the foreign key lets the reference follow; --exclude leaves " +
			"the table out"},
	{as[*apply.CircularError], exitRefused, "--on-conflict TABLE=abort excepts a table"},
	{because(apply.ErrNoRow), exitDiffers, ""},
	{because(apply.ErrSeveralRows), exitDiffers, ""},
	{because(extract.ErrOwnReference), exitDiffers,
		"add the row that is referred to, or take the reference away; PRAGMA foreign_key_check " +
			"lists all such rows of a database"},
	{because(extract.ErrTriggerRow), exitDiffers,
		"--on-conflict skip keeps the row that the trigger has inserted"},
	{as[*extract.ConflictError], exitDiffers,
		"the seed must have these rows as the migrations do; seedkit gen --schema takes them over"},
	{because(rbac.ErrTwice), exitDiffers,
		"delete one of the rows, after what refers to it refers to the other"},
	{as[*rbac.ProofError], exitDiffers,
		"nothing was written; what the error names must be put right in the policy or in the " +
			"schema"},
	{as[*extract.ProofError], exitDiffers,
		"nothing was written; what the error names must be put right in the seed or in the " +
			"migrations"},

	// Nobody consented or chose.
	{because(errNoConsent), exitRefused, ""},
	{because(errDeclined), exitRefused, ""},
	{because(backup.ErrDeclined), exitRefused, ""},
	{because(errPolicyThere), exitRefused, "-o names another file"},
	{because(errFixturesThere), exitRefused, ""},
	{because(errNoChoice), exitRefused, "give one of them in place of the folder"},
	{because(generate.ErrNotOurs), exitRefused,
		"--out names another file; --force overwrites this one"},
	{because(apply.ErrSample), exitRefused,
		"seedkit gen --set reference makes a seed without them; --allow-sample applies them all " +
			"the same"},
	{as[*apply.ChangedError], exitRefused,
		"the same command again makes a plan for what is there now"},
	{because(backup.ErrReplaced), exitRefused,
		"the same command again makes a plan for what is there now"},
	{as[*apply.TriggersError], exitRefused, "--allow-triggers lets them fire"},
	{because(apply.ErrReachesFurther), exitRefused, ""},
	{as[*rbac.KeepError], exitRefused,
		"give a user the role that passes the checks; keep in the policy lists other checks"},
	{because(backup.ErrIncomplete), exitRefused,
		"the manifest of a backup is the file of its name with .json after it: copy both; " +
			"--allow-unverified takes a sound copy that has none"},

	{because(backup.ErrNoRun), exitRefused, "seedkit runs --to DB lists the runs"},
	{undoesRestore, exitRefused, "seedkit restore BACKUP --to DB takes the backup that it made"},
	{as[*apply.NotUndoneError], exitRefused, ""},

	// The target cannot take the seed, or cannot be written.
	{as[*seed.LookupError], exitRefused,
		"deploy the migration that inserts the row, or insert it before in the script"},
	{as[*seed.NoPlaceError], exitRefused,
		"deploy the migrations that make it, or correct the name"},
	{as[*apply.SchemaError], exitRefused,
		"deploy the migrations that the seed was made with, or make the seed with those that " +
			"are deployed"},
	{as[*backup.ReplicaError], exitRefused,
		"run seedkit on the primary, with --to the database in LiteFS's mount"},
	{as[*backup.LiteFSFolderError], exitRefused,
		"a folder outside of LiteFS's mount can have the file: backup takes it with --dir, apply " +
			"and restore with --backup-dir; the app or litefs import makes a new database in the " +
			"mount"},
	{as[*backup.LiteFSDataError], exitRefused, ""},
	{as[*backup.SmallerError], exitRefused, ""},
	{as[*backup.NoSpaceError], exitRefused, ""},
	{as[*backup.FaultsError], exitDiffers, "put the rows of the seed right"},
	{as[*backup.PageSizeError], exitRefused,
		"outside of WAL mode, PRAGMA page_size and then VACUUM give a database other pages"},
	{as[*backup.MissingError], exitRefused,
		"look for a misspelt name, or for a file system that is not mounted; apply and restore " +
			"make a new database with --create"},
	{as[*backup.LeftoverError], exitRefused,
		"choose another name, or move it away if no database needs it; with it, SQLite would " +
			"write pages of the other database into the new file"},
	{because(backup.ErrReadOnly), exitRefused, "run seedkit as the user whom the file belongs to"},
	{as[*extract.AppliedError], exitRefused,
		"--new NAME --dir MIGRATIONS puts the rows into a new migration, which will run"},
	{code(sqlite.ReadOnlyDB), exitRefused, ""},
	{code(sqlite.Busy), exitRefused, "another process holds the lock; try again when it is done"},
	{code(sqlite.NotADB), exitRefused, "the file may be encrypted, or not a database at all"},
	{because(sqlite.ErrEmpty), exitRefused, ""},
	{because(sqlite.ErrIsDirectory), exitRefused, ""},
	{because(sqlite.ErrNotRegular), exitRefused, ""},

	// The input cannot be used.
	{because(goprogram.ErrNoGo), exitFailed,
		"install Go; or build the program where Go is, with go build, and run it: its command " +
			"line is that of seedkit gen"},
	{because(goprogram.ErrNoModule), exitFailed,
		"in that folder, go mod init NAME makes a module, and " +
			"go get github.com/seedkit/seedkit/gen lets it import seedkit"},
	{as[*unfitError], exitFailed,
		"--rows '*=20' makes rows of any schema; fixtures for the tables of your own app are " +
			"YAML files in the folder seed, see docs/fixtures.md"},
	{refusedBySQLite, exitFailed,
		"--keep-going leaves these rows out, and those that refer to them"},
	{because(generate.ErrNoTables), exitFailed, ""}, // of other fixtures than the built-in ones
	{as[*generate.FixtureError], exitFailed, ""},
	{because(project.ErrTooMany), exitFailed,
		"run seedkit in the app's folder, or name what it should take"},
	{as[*backup.DamagedError], exitFailed,
		"a damaged database is neither backed up nor written to; to restore one, move it and its " +
			"-wal and -journal files away first"},
	{as[*backup.FormatError], exitFailed, ""},
	{because(backup.ErrBrokenLink), exitFailed, "copy the manifest itself, beside the backup"},
	{as[*backup.FolderError], exitFailed,
		"--dir of backup, and --backup-dir of the other verbs, name another folder for backups"},
	{as[*apply.EditError], exitFailed, ""},
	{as[*rbac.ColumnError], exitFailed,
		"layout in the policy names a column for a description or a label, and where gives " +
			"columns a value; a default in the schema does, too"},
	{as[*apply.ReferenceError], exitFailed, ""},
	{as[*apply.DanglingError], exitFailed, ""},
	{as[*apply.RefusedError], exitFailed, ""},
	{as[*apply.RowError], exitFailed, ""},
	{as[*apply.StoredError], exitFailed, ""},
	{isNotRun, exitFailed,
		"if the app's SQLite runs this, --baseline FILE takes the tables from a script or a " +
			"database that has them as the app does"},
	{as[*extract.BaselineError], exitFailed, ""},
	{as[*extract.KeyError], exitFailed, "--exclude leaves the table out"},
	{as[*extract.TooLongError], exitFailed, ""},
	{as[*dump.TooLongError], exitFailed, ""},
	{because(dump.ErrNothingLeft), exitFailed, ""},
	{as[*sqltext.SyntaxError], exitFailed, ""},
	{as[*seed.StatementError], exitFailed, ""},
	{because(sqltext.ErrCompressed), exitFailed,
		"decompress it first; seedkit reads a script from standard input, too: " +
			"gunzip -c FILE.gz | seedkit extract -"},
	{because(sqltext.ErrUTF16), exitFailed, "convert it first: iconv -f UTF-16 -t UTF-8 FILE"},
	{because(sqltext.ErrDatabase), exitFailed,
		"a database is read from a file; write it to one, and give its path"},
	{because(schema.ErrScriptChanged), exitFailed,
		"wait until the program that writes it has ended"},
	{because(seed.ErrNotWhole), exitFailed,
		"sqlite3 keeps nothing of a transaction that does not end; write the script again, and " +
			"see that what writes it ends with exit code 0"},
	{lacksInSeed, exitFailed,
		"load the script into a database with the app's SQLite, and give that: its tables are " +
			"read without what is missing here"},
	{because(seed.ErrNoTables), exitFailed,
		"--schema names a schema, a database or a folder of migrations that has them"},
	{because(seed.ErrNothing), exitFailed,
		"sqlite3 makes an empty file of a name that is misspelt, and a pipe is empty after a " +
			"command that failed"},
	{because(extract.ErrOtherBlock), exitRefused, "--new NAME makes a migration of its own"},
	{because(extract.ErrEmptied), exitRefused,
		"if the migration has to insert nothing, delete its block, from " + migration.BlockBegin +
			" to " + migration.BlockEnd},
	{because(rbac.ErrNoCode), exitFailed, "name the folder that has the app's code"},
	{as[*rbac.UserError], exitFailed, ""},
	{because(rbac.ErrNoUsers), exitFailed, ""},
	{as[*rbac.NoLayoutError], exitFailed, ""},
	{as[*rbac.AmbiguousLayoutError], exitFailed, ""},
	{as[*rbac.LayoutError], exitFailed, ""},
	{because(seed.ErrNotASeed), exitFailed,
		"a seed consists of INSERTs of values, and of what makes the tables they go into; load " +
			"the script into a database and give that"},
	{because(migration.ErrNone), exitFailed,
		"give the folder that holds the migrations, such as prisma/migrations; for the first " +
			"migration of all, extract takes the name of the tool with --format"},
	{as[*migration.AmbiguousError], exitFailed,
		"extract takes the name of the tool with --format; --schema takes a script or a " +
			"database, too"},
	{because(migration.ErrBlock), exitFailed,
		"remove the lines that begin with " + migration.BlockBegin + " and " + migration.BlockEnd +
			", or make pairs of them"},
}

// as reports whether an error of type E is in err's tree.
func as[E error](err error) bool {
	_, found := errors.AsType[E](err)
	return found
}

func because(cause error) func(error) bool {
	return func(err error) bool { return errors.Is(err, cause) }
}

func code(c sqlite.Code) func(error) bool {
	return func(err error) bool { return sqlite.Is(err, c) }
}

// refusedBySQLite reports whether err means that the schema refuses rows of fixtures.
func refusedBySQLite(err error) bool {
	mistake, ok := errors.AsType[*generate.FixtureError](err)
	return ok && mistake.Err != nil
}

// undoesRestore reports whether err is the refusal to undo a restore.
func undoesRestore(err error) bool {
	refused, ok := errors.AsType[*apply.NotUndoneError](err)
	return ok && refused.Run.Verb == "restore"
}

// isNotRun reports whether err means that seedkit cannot run a migration.
func isNotRun(err error) bool {
	baseline, ok := errors.AsType[*extract.BaselineError](err)
	return ok && baseline.NotRun
}

// lacksInSeed reports whether err means that a seed's script needs something that seedkit's SQLite
// lacks.
func lacksInSeed(err error) bool {
	at, ok := errors.AsType[*seed.StatementError](err)
	if ok {
		_, ok = sqlite.MissingOf(at.Err)
	}
	return ok
}
