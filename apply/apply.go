package apply

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Options are the options of [Run] and [Preview].
type Options struct {
	// Script, if not nil, is the text of the seed. The source's path is then only its name in
	// messages.
	Script io.Reader
	// Tables are patterns of the tables to apply. None means all tables. A star matches any
	// letters, and a question mark matches one letter. The case of letters does not matter. Commas
	// separate patterns. Text in double quotes matches itself.
	Tables []string
	// Exclude are patterns of tables to leave out. If rows of the seed refer to a row of such a
	// table, the target must have that row.
	Exclude []string
	// OnConflict is the policy for all tables that OnConflictIn does not name. Empty means [Abort].
	OnConflict Policy
	// OnConflictIn has policies for single tables, by the tables' names. The case of letters does
	// not matter. A table that the target does not have is a [*PolicyError].
	OnConflictIn map[string]Policy
	// Create makes the target if no file is there. The seed must then make its own tables, and the
	// target gets everything that the seed has, the record of a migration tool included. Tables,
	// Exclude, Edits and Check are then [ErrAllTables]. The journal does not have such a run.
	Create bool
	// Edits are made before the rows are inserted, in their order. Each edit must find exactly one
	// row, and must change no other row, except through triggers. Otherwise the error is an
	// [*EditError]. Run ranges over Edits several times, and Edits must yield the same edits each
	// time. Nil means none.
	Edits iter.Seq2[Edit, error]
	// Check, if not nil, judges the target as the change leaves it: for the plan, and again in the
	// transaction, before the commit. Its error ends the run, and nothing is changed. Run does not
	// call Check if nothing would change.
	Check Check
	// AllowTriggers consents to the target's triggers that the new rows and the edits fire.
	AllowTriggers bool
	// AllowSample consents to a seed that is known to hold sample rows.
	AllowSample bool
	// Confirm, if not nil, gets the plan before anything is written. Run applies the seed if
	// Confirm returns true.
	Confirm func(Plan) (bool, error)
	// BackedUp, if not nil, gets the manifest of the backup, after the backup is verified and
	// before a row is inserted.
	BackedUp func(backup.Manifest)
	// BackupDir is the folder for the backup. Run makes a missing folder. Empty means the target's
	// folder.
	BackupDir string
	// Datetime is the form that times get, one of [Datetimes]. Empty or auto means the form that
	// the rows of each column in the target have. Keep means the form that the seed has. The name
	// of a form applies to each column that is declared to hold a date and a time of day.
	Datetime string
	// Now is the present time. The backup's name and manifest have it. It is also the present for a
	// script that leaves a time to the default of a column.
	Now time.Time
	// Clock, if not nil, returns the present time. Run measures with it how fast it reads the
	// target, to estimate the time of the backup, and for how long it holds the write lock.
	Clock func() time.Time
	// Origin is what the journal records of the caller.
	Origin Origin
	// BusyTimeout is how long to wait for another writer's lock. Zero means five seconds.
	BusyTimeout time.Duration
	// LiteFSURL is the address of LiteFS's HTTP API. Empty means [backup.LiteFSURL].
	LiteFSURL string
	// NotUTF8, if not nil, is called with the number of the script's first line that is not UTF-8.
	// The bytes stay as they are. If the script is read again, NotUTF8 is called again.
	NotUTF8 func(line int)
	// Progress, if not nil, is called while Run or [Preview] works.
	Progress func(Progress)

	name string // the path of the target for the user; empty means the path that Run gets
}

// Result is what [Run] did.
type Result struct {
	// Plan is the plan that was confirmed.
	Plan Plan `json:"plan"`
	// Backup describes the backup of the target before the change. It is zero if Run made no
	// backup.
	Backup backup.Manifest `json:"backup,omitzero"`
	// Inserted counts the rows that Run inserted. The count differs from the plan's if others wrote
	// to the target after the plan was made.
	Inserted int64 `json:"inserted"`
	// Updated counts the rows that [Update] and edits have changed.
	Updated int64 `json:"updated,omitzero"`
	// Deleted counts the rows that edits have deleted.
	Deleted int64 `json:"deleted,omitzero"`
	// LockSeconds is for how long Run held the write lock. It is 0 without [Options.Clock].
	LockSeconds float64 `json:"lock_seconds,omitzero"`
	// LiteFSPosition is the position of LiteFS after the change, TXID/checksum. A replica has the
	// rows when it is at this position. It is empty without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// JournalErr is why the journal does not have the outcome of the run, or nil.
	JournalErr error `json:"-"`
}

// Preview returns the plan that [Run] would carry out. It writes nothing. Its errors are the errors
// that Run returns before it asks.
func Preview(ctx context.Context, source, target string, opts Options) (Plan, error) {
	if opts.creates(target) {
		n, err := newCreation(ctx, source, target, opts)
		if err != nil {
			return Plan{}, err
		}
		defer n.close()
		return n.plan, n.refusal()
	}
	r, err := open(ctx, source, target, opts)
	if err != nil {
		return Plan{}, err
	}
	defer r.close()
	return r.plan, r.refusal()
}

// Run inserts the rows of a seed that the target database lacks, after it has made the edits of
// opts. The seed at source is a database or a script.
//
// Run compares the seed with the target, asks, backs up the target and verifies the backup. Then it
// edits and inserts the rows in one transaction. If nobody has written to the target since the
// plan, the transaction may write the pages that the plan has made of the target's. If others have
// written to the target, the transaction compares the rows again, and inserts them. If others have
// changed the schema, or have put another file in the place of the target, the error is a
// [*ChangedError]. Before the commit the target has every row of the seed except skipped rows,
// every edited row is as edited, no reference dangles that did not dangle before, no counter of an
// AUTOINCREMENT table is lower than the seed's, and the check of opts has passed. If the change
// fires triggers, a row may have other values. After the commit Run reads the seed's rows and the
// edited rows back.
//
// Run keeps a journal: a file beside the backup says before the commit what Run does to which rows,
// and after it how the run ended. [backup.Runs] reads the journal, and [Undo] takes the rows back.
//
// After any error except [ErrCommitted] and [*UncertainError] the target is unchanged. If there is
// nothing to change, Run writes nothing and makes no backup.
//
// Run returns these errors before it writes anything: the errors of the target, as [backup.Restore]
// does; [*SchemaError]; [*EditError]; [ErrSample]; [*ConflictsError]; [*StrangersError];
// [*RefusedError]; [*TriggersError]; the error of the check. The plan makes the edits and inserts
// the rows in a private copy of the pages that they change, and fires the target's triggers there.
// So the plan finds these errors. The transaction finds the errors that come from later writes of
// others.
func Run(ctx context.Context, source, target string, opts Options) (Result, error) {
	if opts.creates(target) {
		return create(ctx, source, target, opts)
	}
	sum := hashSource(source, &opts)
	r, err := open(ctx, source, target, opts)
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	result := Result{Plan: r.plan}
	if err := r.refusal(); err != nil {
		return result, err
	}
	if r.plan.Changes() == 0 {
		return result, nil
	}
	result.Backup, err = agreeAndBackUp(ctx, target, r.plan, opts.Confirm, backup.Options{
		Dir: opts.BackupDir, Now: opts.Now, Progress: opts.Progress,
	})
	if err != nil {
		return result, err
	}
	if opts.BackedUp != nil {
		opts.BackedUp(result.Backup)
	}
	err = r.change(ctx, sum(), &result)
	return result, err
}

// change writes the rows, with a journal beside the backup, and reads them back. sum is the SHA-256
// of the seed.
func (r *run) change(ctx context.Context, sum string, result *Result) error {
	h, err := r.header(sum)
	if err == nil {
		r.log, err = beginLog(r.dst, h, result.Backup)
	}
	if err != nil {
		return err
	}
	w, err := r.write()
	result.JournalErr = r.log.finish(err)
	result.LiteFSPosition, result.LockSeconds = r.position, r.held.Seconds()
	if err != nil {
		return err
	}
	result.Inserted, result.Updated, result.Deleted = w.total, w.changed, w.deleted
	return unverified(ctx, r.path, r.verify(ctx))
}

// unverified returns the error for a committed target whose check has returned err, or nil if err
// is nil.
func unverified(ctx context.Context, path string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s %w: interrupted", path, ErrCommitted)
	}
	return fmt.Errorf("%s %w: %w", path, ErrCommitted, err)
}

// agreeAndBackUp asks whether the plan shall be carried out, if there is somebody to ask, and backs
// the target up.
func agreeAndBackUp[P any](
	ctx context.Context, target string, plan P, confirm func(P) (bool, error), o backup.Options,
) (m backup.Manifest, err error) {
	if confirm != nil {
		ok, err := confirm(plan)
		if err != nil {
			return m, err
		}
		if !ok {
			return m, ErrDeclined
		}
	}
	if err := backup.SettleRuns(ctx, target, o.Dir); err != nil {
		return m, err
	}
	return backup.Make(ctx, target, o)
}

// verify reads the seed's rows and the edited rows back from the committed database, on a new
// connection.
func (r *run) verify(ctx context.Context) error {
	reporter(r.opts.Progress).report(Verifying, 0, int64(len(r.tables)))
	// SQLite bounds the caches of all connections together. While the transaction's pages are in
	// memory, the new connection would drop each page after its use.
	if err := r.dst.Exec("PRAGMA shrink_memory"); err != nil {
		return err
	}
	c, err := sqlite.OpenSnapshot(ctx, r.path)
	if err != nil {
		return err
	}
	defer c.Close()
	committed := *r
	committed.dst = c
	if committed.tables, err = committed.tablesThatDiffer(); err != nil {
		return err
	}
	if err := committed.checkPresence(); err != nil {
		return err
	}
	if err := committed.checkEdits(); err != nil {
		return err
	}
	committed.tables = r.tables
	return committed.checkCounters()
}

// tablesThatDiffer returns the tables whose rows in r.dst are not exactly those of the seed, in the
// same order. The rows of the other tables need no search: the target had none before.
func (r *run) tablesThatDiffer() (differ []tablePlace, err error) {
	for _, t := range r.tables {
		same := r.decidesAlone() && r.times.converters[t.seed].Idle()
		if same {
			same, err = rowdiff.SameRows(r.seed.Conn, t.seed, r.dst, t.there)
		}
		if err != nil {
			return nil, err
		}
		if !same {
			differ = append(differ, t)
		}
	}
	return differ, nil
}

// refusal returns why the options forbid the plan. It returns nil if they allow it.
func (r *run) refusal() error {
	switch {
	case r.plan.Sample && !r.opts.AllowSample:
		return fmt.Errorf("%s %w", r.source, ErrSample)
	case r.plan.Conflicting() > r.plan.Skipped():
		return r.conflictsError()
	case r.plan.EstrangedRows > 0:
		return &StrangersError{
			Strangers: r.plan.Strangers, Total: r.plan.EstrangedRows, Help: r.plan.Help,
		}
	case r.plan.RefusedRows > 0:
		return &RefusedError{Rows: r.plan.Refused, Total: r.plan.RefusedRows}
	case len(r.plan.Triggers) > 0 && !r.opts.AllowTriggers:
		return &TriggersError{Triggers: r.plan.Triggers}
	}
	return r.blocked
}

// run applies one seed to one target.
type run struct {
	source    string // the path or name of the seed
	path      string // the path of the target
	name      string // the path of the target for the user, who knows no copy
	opts      Options
	seed      *seed.Seed
	dst       *sqlite.Conn
	selection pattern.Selection
	tables    []tablePlace // parents first
	aside     []tablePlace // the tables that are left out and to which rows of others refer
	there     *schema.Schema
	times     times
	moves     *moves
	plan      Plan
	seen      seen
	fates     map[*schema.Table]*fates // what the plan has decided; nil if it may not be kept
	updates   [sha256.Size]byte        // what the plan updates
	draft     *sqlite.Draft            // what the plan would write; nil if it may not be kept
	blocked   error                    // why the change must not be made, beside the plan
	position  string                   // LiteFS's after the commit
	locked    time.Time                // when the write lock was taken
	held      time.Duration            // for how long the write lock was held
	log       *runLog                  // nil before the run writes
}

// open checks the target, opens the seed and makes the plan. It leaves no lock on the target.
func open(ctx context.Context, source, path string, opts Options) (*run, error) {
	selection, err := pattern.Select(opts.Tables, opts.Exclude)
	if err != nil {
		return nil, err
	}
	choice, err := timeform.ParseChoice(opts.Datetime)
	if err != nil {
		return nil, err
	}
	file, _ := os.Stat(path) // Open says what is wrong with the file
	dst, err := opts.target(path).Open(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{
		seen:   seen{file: file},
		source: source, path: path, name: cmp.Or(opts.name, path), opts: opts, dst: dst,
		selection: selection,
		times:     times{choice: choice, converters: map[*schema.Table]*timeform.Converter{}},
	}
	r.seed, err = seed.Open(ctx, seed.Source{
		Path: source, Script: opts.Script, Target: dst,
		Schema: func() (string, error) { return schema.Statements(dst) },
		Now:    opts.Now, NoteUnsaid: true, NotUTF8: opts.NotUTF8,
	})
	if err != nil {
		dst.Close()
		return nil, err
	}
	if err := r.makePlan(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// target describes the target at path for the checks before a write.
func (o *Options) target(path string) live.Target {
	return live.Target{
		Path: path, BusyTimeout: o.BusyTimeout, LiteFSURL: o.LiteFSURL,
		BackupDir: o.BackupDir, EmptyToo: true,
	}
}

func (r *run) close() {
	r.draft.Close()
	r.moves.close()
	r.seed.Close()
	r.dst.Close()
}
