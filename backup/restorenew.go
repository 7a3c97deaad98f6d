package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// create makes a database at a path without a file.
func (r *restore) create() error {
	if err := CheckPlace(r.ctx, r.db, r.opts.LiteFSURL, r.manifest.bytes()); err != nil {
		return err
	}
	r.result.Plan = RestorePlan{
		Backup: r.manifest, Database: r.db, NoManifest: r.noManifest, SchemaDiffers: true,
	}
	tables, err := appTables(r.src)
	if err != nil {
		return err
	}
	for _, t := range tables {
		back := rowsOf(t.stored, r.manifest.Tables)
		r.result.Plan.Tables = append(r.result.Plan.Tables, TableChange{Table: t.name, Back: back})
	}
	if r.opts.Confirm != nil {
		if err := r.ask(); err != nil {
			return err
		}
	}
	return r.createFile()
}

func (r *restore) createFile() error {
	file, err := createUnfinished(r.db, forRestore)
	if err != nil {
		return err
	}
	defer file.discard()
	mode, progress := r.manifest.newJournalMode(), r.progress.pages(Restoring)
	c, err := copyDatabase(r.ctx, file.path, r.src, mode, nil, progress)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.flush(); err != nil {
		return err
	}
	if err := c.compare(r.ctx, r.progress); err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	return file.publish(r.db)
}

// newJournalMode returns the journal mode for a new file. A file keeps only WAL mode. Each
// connection chooses the other modes for itself.
func (m Manifest) newJournalMode() string {
	if m.JournalMode == "wal" {
		return "wal"
	}
	return "delete"
}

// LeftoverError reports a journal whose database is gone. SQLite would take the journal for that of
// a new database or backup, and write the journal's pages into it.
type LeftoverError struct{ Path string }

func (e *LeftoverError) Error() string {
	return fmt.Sprintf("%s was left behind by another database", e.Path)
}

func refuseLeftovers(db string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		if _, err := os.Lstat(db + suffix); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(&LeftoverError{Path: db + suffix}, err)
		}
	}
	return nil
}
