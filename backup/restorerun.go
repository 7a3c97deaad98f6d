package backup

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/live"
)

// restoreVerb is the verb of a restore in the journal.
const restoreVerb = "restore"

// begin begins the journal's file for the restore. If there is no backup of a present state, the
// file has the name that such a backup would have.
func (r *restore) begin() error {
	source, err := filepath.Abs(r.manifest.Path)
	if err != nil {
		return err
	}
	target, err := filepath.Abs(r.db)
	if err != nil {
		return err
	}
	h := journal.Header{
		Time: r.opts.Now.UTC(), Seedkit: r.opts.Seedkit, Verb: restoreVerb,
		Source: source, SourceSHA256: r.manifest.SHA256, Target: target,
	}
	if path := r.result.Present.Path; path != "" {
		h.Backup = filepath.Base(path)
		r.log, err = journal.Create(path+journal.Suffix, h)
	} else {
		r.log, err = r.createUnnamed(h)
	}
	if err != nil {
		return err
	}
	var rows []journal.Rows
	for _, t := range r.result.Plan.Tables {
		rows = append(rows, journal.Rows{Table: t.Table, Inserted: t.Back, Deleted: t.Lost})
	}
	r.log.SetRows(rows)
	return r.log.Ready()
}

func (r *restore) createUnnamed(h journal.Header) (*journal.Log, error) {
	dir := live.BackupFolder(r.db, r.opts.BackupDir)
	folders, err := makeFolder(dir)
	if err != nil {
		return nil, err
	}
	r.folders = append(r.folders, folders...)
	name := backupName{first: filepath.Join(dir, defaultName(r.db, Options{Now: r.opts.Now}))}
	for i := 1; ; i++ {
		path := name.candidate(i)
		if isTaken(path) {
			continue
		}
		log, err := journal.Create(path+journal.Suffix, h)
		if !errors.Is(err, fs.ErrExist) {
			return log, err
		}
	}
}

// finish writes the outcome of the restore that ended with err into the journal.
func (r *restore) finish(err error) {
	if r.log == nil {
		return
	}
	outcome := journal.Committed
	_, uncertain := errors.AsType[*UncertainError](err)
	switch {
	case uncertain:
		outcome = journal.Uncertain
	case err != nil && !errors.Is(err, ErrCommitted):
		outcome = journal.RolledBack
	}
	r.result.JournalErr = r.log.Finish(outcome)
	r.log = nil
}
