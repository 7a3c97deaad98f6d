package backup

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Run is a change of a database that seedkit made or began: an apply, a restore or an undo.
type Run struct {
	// ID names the run among the runs of the database in the folder. It is the time of the run as
	// yyyymmddThhmmssZ, or what else the name of the backup has after the database's name.
	ID string `json:"id"`
	// Path is the path of the run's file in the journal.
	Path string `json:"path"`
	// Time is when the run began. It is zero if the caller did not say.
	Time time.Time `json:"time,omitzero"`
	// Seedkit is the version of seedkit.
	Seedkit string `json:"seedkit,omitempty"`
	// Verb is apply, rbac apply, restore or undo.
	Verb string `json:"verb"`
	// Source is the seed, the backup that was restored, or the ID of the run that was undone.
	Source string `json:"source"`
	// SourceSHA256 is the SHA-256 of the source's file in hexadecimal, "" without a file.
	SourceSHA256 string `json:"source_sha256,omitempty"`
	// Target is the absolute path of the database.
	Target string `json:"target"`
	// Rows counts the rows of each table that the run changes. It is empty if the run ended before
	// it knew.
	Rows []RunRows `json:"rows"`
	// Backup is the path of the backup of the database before the run, "" if there was none.
	Backup string `json:"backup,omitempty"`
	// BackupThere reports that the backup and its manifest are still there.
	BackupThere bool `json:"backup_there"`
	// Outcome is how the run ended.
	Outcome Outcome `json:"outcome"`
	// Killed reports that the process ended before the run did.
	Killed bool `json:"killed,omitzero"`
	// Seen is what is known of a run whose outcome is [Unknown]. It is nil if nobody could look.
	Seen *RunSeen `json:"seen,omitempty"`
	// Err is why the file of the run cannot be read. The fields after Path are then zero.
	Err error `json:"-"`
}

// RunRows counts the rows of a table that a run changes. The rows of a restore are those that it
// takes away, Deleted, and those that it brings back, Inserted.
type RunRows = journal.Rows

// RunSeen counts the rows of a run by what the database has of them: as the run leaves them, as
// they were before, or neither. For a restore it counts the whole database as one.
type RunSeen = journal.Seen

// Outcome is how a run ended.
type Outcome string

const (
	Committed Outcome = "committed"
	// RolledBack is the outcome of a run that changed nothing.
	RolledBack Outcome = "rolled back"
	// Running is the outcome of a run at which a process is at work.
	Running Outcome = "running"
	// Unknown is the outcome of a run that was killed around its commit, or whose commit returned
	// an error. The database has all of the run or nothing. [Run.Seen] tells which, as far as the
	// rows do.
	Unknown Outcome = "unknown"
)

// ErrNoRun reports a run that the journal does not have.
var ErrNoRun = errors.New("the journal has no such run")

// Runs returns the runs of the database at path db, newest first. dir is the folder of their
// backups; empty means the database's folder. A run belongs to db if its target is db's file. If
// the target is gone, a run belongs to db if its target had db's file name, because a database can
// have another path on another machine. If the outcome of a run is unknown, Runs looks at the rows
// of db, unless a later run has looked before it wrote.
func Runs(ctx context.Context, db, dir string) ([]Run, error) {
	entries, err := readEntries(db, dir)
	if err != nil {
		return nil, err
	}
	runs := make([]Run, len(entries))
	for i, e := range entries {
		runs[i] = newRun(db, e)
		if runs[i].Outcome == Unknown && e.Seen == nil {
			if seen, err := look(ctx, db, e.Entry); err == nil {
				runs[i].Seen = &seen
			}
		}
	}
	slices.SortStableFunc(runs, func(a, b Run) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(len(b.ID), len(a.ID)),
			cmp.Compare(b.ID, a.ID))
	})
	return runs, nil
}

// SettleRuns looks for what became of the runs of the database at path db whose outcome is unknown,
// and writes it into the journal. A later run can change the rows that tell. So [Restore] and the
// functions of package apply call SettleRuns before they write. A run stays as it is if its rows
// cannot be read, for example because the database is damaged.
func SettleRuns(ctx context.Context, db, dir string) error {
	entries, err := readEntries(db, dir)
	if err != nil {
		return nil // the backup that follows makes the folder, or says why it cannot
	}
	for _, e := range entries {
		if e.err != nil || newRun(db, e).Outcome != Unknown || e.Seen != nil {
			continue
		}
		seen, err := look(ctx, db, e.Entry)
		if err != nil {
			continue
		}
		if err := journal.Settle(e.Path, seen); err != nil {
			return err
		}
	}
	return nil
}

// runEntry is a file of the journal, or why it cannot be read.
type runEntry struct {
	journal.Entry
	err error
}

func readEntries(db, dir string) ([]runEntry, error) {
	dir = live.BackupFolder(db, dir)
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []runEntry
	for _, file := range files {
		path := filepath.Join(dir, file.Name())
		if !file.Type().IsRegular() || !strings.HasSuffix(path, journal.Suffix) {
			continue
		}
		e, err := journal.Read(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, journal.ErrNoHeader) {
			continue
		}
		ours := isPathOf(e.Target, db)
		if e.Target == "" {
			ours = hasStem(path, db)
		}
		if ours {
			all = append(all, runEntry{e, err})
		}
	}
	return all, nil
}

func newRun(db string, e runEntry) Run {
	r := Run{ID: runID(db, e.Path), Path: e.Path, Err: e.err, Outcome: Unknown}
	if e.err != nil {
		return r
	}
	r.Time, r.Seedkit, r.Verb = e.Time, e.Seedkit, e.Verb
	r.Source, r.SourceSHA256, r.Target = e.Source, e.SourceSHA256, e.Target
	r.Rows, r.Backup, r.Seen, r.Killed = e.Rows, e.BackupPath(), e.Seen, e.Killed()
	if r.Backup != "" {
		_, missing := os.Stat(r.Backup)
		_, unvouched := os.Stat(ManifestPath(r.Backup))
		r.BackupThere = missing == nil && unvouched == nil
	}
	switch {
	case e.Running:
		r.Outcome = Running
	case e.Outcome == journal.Committed:
		r.Outcome = Committed
	case e.Outcome == journal.RolledBack, e.Killed() && !e.Ready:
		r.Outcome = RolledBack
	}
	return r
}

// runID returns what the name of a run's file has after the name of the database.
func runID(db, path string) string {
	name := strings.TrimSuffix(filepath.Base(path), journal.Suffix)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	base := filepath.Base(db)
	return strings.TrimPrefix(name, strings.TrimSuffix(base, filepath.Ext(base))+"-")
}

// look looks for the rows of a run in the database at path db.
func look(ctx context.Context, db string, e journal.Entry) (journal.Seen, error) {
	if e.Verb == restoreVerb {
		return lookForBackup(ctx, db, e)
	}
	c, err := sqlite.OpenSnapshot(ctx, db)
	if err != nil {
		return journal.Seen{}, err
	}
	seen, err := journal.Look(c, e)
	if closed := c.Close(); err == nil {
		err = closed
	}
	return seen, err
}

// lookForBackup compares the database with the backup that was restored, and with the backup of the
// state before.
func lookForBackup(ctx context.Context, db string, e journal.Entry) (journal.Seen, error) {
	if _, err := os.Stat(db); errors.Is(err, fs.ErrNotExist) {
		return journal.Seen{Not: 1}, nil
	}
	for _, side := range []struct {
		backup string
		seen   journal.Seen
	}{{e.Source, journal.Seen{Done: 1}}, {e.BackupPath(), journal.Seen{Not: 1}}} {
		m, err := ReadManifest(side.backup)
		if err == nil {
			err = m.verifyBesideOthers(ctx)
		}
		if err != nil {
			continue // nobody can tell
		}
		differ, err := m.compareWith(ctx, db, nil)
		if err != nil {
			return journal.Seen{}, err
		}
		if len(differ) == 0 {
			return side.seen, nil
		}
	}
	return journal.Seen{Other: 1}, nil
}
