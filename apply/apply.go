package apply

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Policy says what happens to a row of the seed whose key is taken in the
// target by a row with other values.
type Policy string

const (
	// Abort inserts nothing at all if there is such a row.
	Abort Policy = "abort"
	// Skip leaves the row out, and the target's as it is. Rows of the seed
	// that refer to one that is left out are an error.
	Skip Policy = "skip"
)

// Policies lists the policies, the default first.
var Policies = []Policy{Abort, Skip}

// Options are the options of [Run] and [Preview].
type Options struct {
	// Script, if not nil, is read as the seed; the source's path is its name
	// in messages.
	Script io.Reader
	// Tables are patterns of the tables to apply; none means all. A star
	// stands for any letters, a question mark for one, and the case of letters
	// makes no difference; commas separate patterns, and double quotes hold
	// what stands for itself.
	Tables []string
	// Exclude are patterns of tables to leave out. Rows of theirs that rows of
	// the seed refer to must be in the target.
	Exclude []string
	// OnConflict is the policy; empty means Abort.
	OnConflict Policy
	// AllowTriggers consents to the triggers that the rows will fire.
	AllowTriggers bool
	// AllowSample consents to rows that are known to be samples.
	AllowSample bool
	// Confirm, if not nil, is shown the plan before anything is written. The
	// seed is applied if it returns true.
	Confirm func(Plan) (bool, error)
	// BackedUp, if not nil, is told of the backup as soon as it is verified,
	// before the insertion.
	BackedUp func(backup.Manifest)
	// BackupDir is the folder for the backup, made where it is missing; if
	// empty, the target's own.
	BackupDir string
	// Datetime is the form that times get, one of [Datetimes]: auto, or empty,
	// for what the rows of each column in the target have; keep for what the
	// seed has; or the name of a form, for each column that is declared to
	// hold a day and a time of day.
	Datetime string
	// Now is the present time: of the backup's name and manifest, and to what
	// a script leaves to the defaults of columns.
	Now time.Time
	// BusyTimeout is how long to wait for the lock of another writer. Zero
	// means five seconds.
	BusyTimeout time.Duration
	// LiteFSURL is where LiteFS answers on this machine; empty means
	// [LiteFSURL].
	LiteFSURL string
	// NotUTF8, if not nil, is called with the number of the first line of the script that is not
	// UTF-8. The bytes are taken as they are. A script that is read again is told of again.
	NotUTF8 func(line int)
	// Progress, if not nil, is called on the way.
	Progress func(Progress)
}

// Result says what [Run] did.
type Result struct {
	Plan Plan `json:"plan"` // as it was confirmed
	// Backup is that of the target as it was; zero if nothing was to be inserted.
	Backup backup.Manifest `json:"backup,omitzero"`
	// Inserted counts the rows that are in the target now. It can differ from
	// the plan's where others wrote meanwhile.
	Inserted int64 `json:"inserted"`
}

// Preview says what [Run] would do. It writes nothing anywhere. Its errors are
// those that Run would return before it asks.
func Preview(ctx context.Context, source, target string, opts Options) (Plan, error) {
	r, err := open(ctx, source, target, opts)
	if err != nil {
		return Plan{}, err
	}
	defer r.close()
	return r.plan, r.refusal()
}

// Run inserts the rows of the seed at source, a database or a script, that the
// target database does not have yet.
//
// It compares the seed with the target, asks, backs up the target, verifies
// the backup, and inserts the rows in one transaction, in which it compares
// anew: what others wrote meanwhile counts. Before the commit every row of the
// seed must be there, the tables must have grown by as many rows as were
// inserted, no reference may dangle that did not before, and no counter of an
// AUTOINCREMENT table may be lower than the seed's. After the commit the
// seed's rows are read back.
//
// After any error but [ErrCommitted] the target is as it was. If nothing is to
// be inserted, nothing is written, and there is no backup.
//
// Errors that come before anything is written: those of the target, as for
// [Restore]; [*SchemaError]; [ErrSample]; [*ConflictsError];
// [*StrangersError]; [*RefusedError]; [*TriggersError]. The plan tries the
// insertion on a private copy of the pages that it changes, with the target's
// triggers, so these errors are found before anything is written; the
// transaction finds the rest, which others have written since.
func Run(ctx context.Context, source, target string, opts Options) (Result, error) {
	r, err := open(ctx, source, target, opts)
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	result := Result{Plan: r.plan}
	if err := r.refusal(); err != nil {
		return result, err
	}
	if r.plan.New() == 0 {
		return result, nil
	}
	if opts.Confirm != nil {
		ok, err := opts.Confirm(r.plan)
		if err != nil {
			return result, err
		}
		if !ok {
			return result, ErrDeclined
		}
	}
	result.Backup, err = backup.Make(ctx, target, backup.Options{Dir: opts.BackupDir, Now: opts.Now, Progress: opts.Progress})
	if err != nil {
		return result, err
	}
	if opts.BackedUp != nil {
		opts.BackedUp(result.Backup)
	}
	result.Inserted, err = r.insertAll()
	if err != nil {
		return result, err
	}
	if err := r.verify(ctx); err != nil {
		return result, fmt.Errorf("%s: %w: %w", target, ErrCommitted, err)
	}
	return result, nil
}

// verify reads the seed's rows back from what was committed, on a connection
// of its own.
func (r *run) verify(ctx context.Context) error {
	c, err := sqlite.OpenSnapshot(ctx, r.path)
	if err != nil {
		return err
	}
	defer c.Close()
	committed := *r
	committed.dst = c
	if err := committed.checkPresence(); err != nil {
		return err
	}
	return committed.checkCounters()
}

// refusal returns why the plan cannot be carried out as the options have it.
func (r *run) refusal() error {
	switch {
	case r.plan.Sample && !r.opts.AllowSample:
		return fmt.Errorf("%s %w", r.source, ErrSample)
	case len(r.plan.Conflicts) > 0 && r.opts.OnConflict != Skip:
		return &ConflictsError{Conflicts: r.plan.Conflicts, Total: r.plan.Conflicting(), CanSkip: r.plan.CanSkip}
	case r.plan.EstrangedRows > 0:
		return &StrangersError{Strangers: r.plan.Strangers, Total: r.plan.EstrangedRows}
	case r.plan.RefusedRows > 0:
		return &RefusedError{Rows: r.plan.Refused, Total: r.plan.RefusedRows}
	case len(r.plan.Triggers) > 0 && !r.opts.AllowTriggers:
		return &TriggersError{Triggers: r.plan.Triggers}
	}
	return nil
}

// run is one application of a seed to a target.
type run struct {
	source    string
	path      string // the target's
	opts      Options
	seed      *seed.Seed
	dst       *sqlite.Conn
	selection pattern.Selection
	tables    []tablePlace // parents first
	aside     []tablePlace // left out, to which rows of the others refer
	times     times
	plan      Plan
}

// open looks at the target, opens the seed and plans. The target is locked by
// nobody afterwards.
func open(ctx context.Context, source, path string, opts Options) (*run, error) {
	selection, err := pattern.Select(opts.Tables, opts.Exclude)
	if err != nil {
		return nil, err
	}
	choice, err := timeform.ParseChoice(opts.Datetime)
	if err != nil {
		return nil, err
	}
	place := live.Target{
		Path: path, BusyTimeout: opts.BusyTimeout, LiteFSURL: opts.LiteFSURL,
		BackupDir: opts.BackupDir, EmptyToo: true,
	}
	dst, err := place.Open(ctx)
	if err != nil {
		return nil, err
	}
	r := &run{
		source: source, path: path, opts: opts, dst: dst,
		selection: selection, times: newTimes(choice),
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

func (r *run) close() {
	r.seed.Close()
	r.dst.Close()
}
