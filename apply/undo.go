package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// UndoOptions are the options of [Undo] and [PreviewUndo].
type UndoOptions struct {
	// BackupDir is the folder that has the backup and the journal of the run, and gets the backup
	// of the undo. Empty means the target's folder.
	BackupDir string
	// AllowTriggers consents to the target's triggers that the undo fires.
	AllowTriggers bool
	// Confirm, if not nil, gets the plan before anything is written. Undo continues if Confirm
	// returns true.
	Confirm func(UndoPlan) (bool, error)
	// BackedUp, Now, Seedkit, BusyTimeout and LiteFSURL are as in [Options].
	BackedUp    func(backup.Manifest)
	Now         time.Time
	Seedkit     string
	BusyTimeout time.Duration
	LiteFSURL   string
	// Progress, if not nil, is called while Undo works.
	Progress func(Progress)
}

// UndoPlan says what [Undo] takes back, and what it leaves.
type UndoPlan struct {
	// Run is the run to undo.
	Run backup.Run `json:"run"`
	// Tables counts the rows that the run has changed, in the order of the run.
	Tables []UndoTable `json:"tables"`
	// Kept are the first few rows that stay, with the reasons. Tables counts all of them.
	Kept []KeptRow `json:"kept"`
	// Triggers are the triggers of the target that the undo fires.
	Triggers []Trigger `json:"triggers"`
	// LiteFSPosition is the position of LiteFS when the plan was made, TXID/checksum. It is empty
	// without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
}

// UndoTable counts the rows that a run has changed in a table by what becomes of them.
type UndoTable struct {
	Table string `json:"table"`
	// Deleted counts the rows that the run has inserted and that are taken away.
	Deleted int64 `json:"deleted"`
	// Restored counts the rows that the run has updated or deleted and that get their old values
	// back.
	Restored int64 `json:"restored"`
	// Kept counts the rows that stay as they are.
	Kept int64 `json:"kept"`
	// Gone counts the rows that the run has inserted and that others have deleted since, and the
	// rows that an earlier undo has taken back.
	Gone int64 `json:"gone"`
}

// KeptRow is a row that an undo leaves as it is.
type KeptRow struct {
	Table string `json:"table"`
	// Row names the row: `id = 7`. It is empty for a table without a key.
	Row string `json:"row"`
	Why string `json:"why"`
}

func (k KeptRow) String() string {
	if k.Row == "" {
		return fmt.Sprintf("a row of %s: %s", k.Table, k.Why)
	}
	return fmt.Sprintf("%s with %s: %s", k.Table, k.Row, k.Why)
}

// Changes returns how many rows are deleted or get their old values back.
func (p UndoPlan) Changes() int64 {
	return p.sum(func(t UndoTable) int64 { return t.Deleted + t.Restored })
}

// Stays returns how many rows of the run stay as they are.
func (p UndoPlan) Stays() int64 { return p.sum(func(t UndoTable) int64 { return t.Kept }) }

// Gone returns how many rows of the run are not there any more.
func (p UndoPlan) Gone() int64 { return p.sum(func(t UndoTable) int64 { return t.Gone }) }

func (p UndoPlan) sum(count func(UndoTable) int64) int64 {
	var n int64
	for _, t := range p.Tables {
		n += count(t)
	}
	return n
}

// UndoResult is what [Undo] did.
type UndoResult struct {
	// Plan is the plan that was confirmed.
	Plan UndoPlan `json:"plan"`
	// Backup describes the backup of the target before the undo. It is zero if Undo made none.
	Backup backup.Manifest `json:"backup,omitzero"`
	// Tables and Kept are what became of the run's rows. They differ from the plan's if others
	// wrote to the target after the plan was made. They are empty if Undo wrote nothing.
	Tables []UndoTable `json:"tables"`
	Kept   []KeptRow   `json:"kept"`
	// LiteFSPosition is the position of LiteFS after the undo, as in [Result].
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// JournalErr is why the journal does not have the outcome of the undo, or nil.
	JournalErr error `json:"-"`
}

// NotUndoneError reports a run that cannot be undone. Nothing was changed.
type NotUndoneError struct {
	Run backup.Run
	Why string
}

func (e *NotUndoneError) Error() string {
	return fmt.Sprintf("run %s cannot be undone: %s", e.Run.ID, e.Why)
}

// PreviewUndo returns the plan that [Undo] would carry out. It writes nothing. Its errors are the
// errors that Undo returns before it asks.
func PreviewUndo(
	ctx context.Context, run, target string, opts UndoOptions,
) (UndoPlan, error) {
	u, err := openUndo(ctx, run, target, opts)
	if err != nil {
		return UndoPlan{}, err
	}
	defer u.dst.Close()
	return u.plan, u.refuseTriggers(u.plan.Triggers)
}

// Undo takes back what a run of [Run] did to the target database. run is the ID of the run, see
// [backup.Runs].
//
// Undo deletes a row that the run has inserted if the row still has the same values and if no row
// refers to it, except rows that Undo deletes, too. It gives a row that the run has updated the old
// values if the columns still have the values of the run, and it inserts a row that the run has
// deleted if nobody has taken the row's keys. All other rows stay as they are, and the plan lists
// the first of them with the reasons. Undo never changes a row of others: it deletes only rows to
// which nothing refers, so that no foreign key passes a deletion on. It lowers no counter of an
// AUTOINCREMENT table, so no id is given out twice.
//
// The old values of columns that may hold secrets are only in the backup of the run. Without the
// backup such a row stays as it is.
//
// Like Run, Undo plans, asks, backs up the target and verifies the backup. Then it decides about
// each row again, in one transaction, because others may have written since. After the commit, and
// also before it if triggers fire, Undo looks for each row. An undo is a run of the journal itself,
// and cannot be undone.
//
// After any error except [ErrCommitted] and [*UncertainError] the target is unchanged. If there is
// nothing to take back, Undo writes nothing and makes no backup. Undo returns these errors before
// it writes anything: the errors of the target, as [backup.Restore] does; [backup.ErrNoRun];
// [*NotUndoneError]; [*TriggersError]. If another file has taken the place of the target since the
// plan, the error is a [*ChangedError].
func Undo(ctx context.Context, run, target string, opts UndoOptions) (UndoResult, error) {
	u, err := openUndo(ctx, run, target, opts)
	if err != nil {
		return UndoResult{}, err
	}
	defer u.dst.Close()
	result := UndoResult{Plan: u.plan}
	if err := u.refuseTriggers(u.plan.Triggers); err != nil {
		return result, err
	}
	if u.plan.Changes() == 0 {
		return result, nil
	}
	result.Backup, err = agreeAndBackUp(ctx, target, u.plan, opts.Confirm, backup.Options{
		Dir: opts.BackupDir, Now: opts.Now, Progress: opts.Progress,
	})
	if err != nil {
		return result, err
	}
	if opts.BackedUp != nil {
		opts.BackedUp(result.Backup)
	}
	return u.carryOut(ctx, result)
}

// undo takes back one run.
type undo struct {
	path    string // of the target
	opts    UndoOptions
	run     backup.Run
	entry   journal.Entry
	earlier []journal.Entry // undos of the run
	file    os.FileInfo     // the target's
	dst     *sqlite.Conn
	plan    UndoPlan
}

// openUndo finds the run, checks the target and makes the plan. It leaves no lock on the target.
func openUndo(ctx context.Context, id, path string, opts UndoOptions) (*undo, error) {
	place := live.Target{
		Path: path, BusyTimeout: opts.BusyTimeout, LiteFSURL: opts.LiteFSURL,
		BackupDir: opts.BackupDir,
	}
	dst, err := place.Open(ctx)
	if err != nil {
		return nil, err
	}
	u := &undo{path: path, opts: opts, dst: dst}
	if u.file, err = os.Stat(path); err == nil {
		err = u.find(ctx, id)
	}
	if err == nil {
		err = u.makePlan()
	}
	if err != nil {
		dst.Close()
		return nil, err
	}
	return u, nil
}

// find finds the run, and refuses one that cannot be undone.
func (u *undo) find(ctx context.Context, id string) error {
	runs, err := backup.Runs(ctx, u.path, u.opts.BackupDir)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(runs, func(r backup.Run) bool { return r.ID == id })
	if i < 0 {
		dir := live.BackupFolder(u.path, u.opts.BackupDir)
		return fmt.Errorf("%s in %s: %w", id, dir, backup.ErrNoRun)
	}
	u.run = runs[i]
	if u.run.Err != nil {
		return u.run.Err
	}
	if why := whyNotUndone(u.run); why != "" {
		return &NotUndoneError{Run: u.run, Why: why}
	}
	if u.earlier, err = earlierUndos(runs, id); err != nil {
		return err
	}
	u.entry, err = journal.Read(u.run.Path)
	return err
}

// undoVerb is the verb of an undo in the journal.
const undoVerb = "undo"

func whyNotUndone(r backup.Run) string {
	switch {
	case r.Outcome == backup.Running:
		return "a process is at work on it"
	case r.Outcome == backup.RolledBack:
		return "it has changed nothing"
	case r.Outcome == backup.Unknown && r.Seen == nil:
		return "nobody knows whether it has changed anything"
	case r.Verb == undoVerb:
		return "it is an undo"
	case r.Verb == "restore":
		return "it is a restore"
	case r.Outcome == backup.Unknown && r.Seen.Done == 0:
		return "it did not finish, and the database has nothing of it"
	}
	return ""
}

// makePlan does the work of the transaction on an overlay of the target's snapshot, and discards
// the overlay.
func (u *undo) makePlan() error {
	if err := u.dst.Exec("BEGIN"); err != nil {
		return err
	}
	defer u.dst.Rollback()
	overlay, err := sqlite.OpenOverlay(u.dst)
	if err != nil {
		return err
	}
	defer overlay.Close()
	w, err := u.takeBack(overlay, nil)
	if err != nil {
		if ctx := u.dst.Context(); ctx.Err() != nil {
			return ctx.Err() // instead of an I/O error of the overlay
		}
		return err
	}
	w.close()
	u.plan = UndoPlan{Run: u.run, Tables: w.counts(), Kept: w.kept, Triggers: w.triggers}
	u.plan.LiteFSPosition, err = positionOf(u.path)
	return err
}

func (u *undo) refuseTriggers(triggers []Trigger) error {
	if len(triggers) > 0 && !u.opts.AllowTriggers {
		return &TriggersError{Triggers: triggers}
	}
	return nil
}

// header describes the undo for the journal.
func (u *undo) header() (journal.Header, error) {
	target, err := filepath.Abs(u.path)
	return journal.Header{
		Time: u.opts.Now.UTC(), Seedkit: u.opts.Seedkit, Verb: undoVerb, Source: u.run.ID,
		Target: target,
	}, err
}

var errUndoneThere = errors.New("rows that were taken back are there again")
