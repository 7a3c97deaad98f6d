package apply

import (
	"crypto/sha256"
	"fmt"
	"math"
)

const (
	// samplePages is how many pages of the target are read to estimate the time of a backup.
	samplePages = 2048
	// backupFactor is how many times longer a backup takes than a hash of the same pages: the pages
	// are read, written, flushed, read again, compared, hashed and checked. It was measured.
	backupFactor = 8
)

// estimateBackup finds the size of the backup and, with the options' clock, estimates its time.
func (r *run) estimateBackup() error {
	pages, err := r.dst.Int64("PRAGMA page_count")
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	size, err := r.dst.Int64("PRAGMA page_size")
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	r.plan.BackupBytes = pages * size
	switch {
	case r.opts.Clock == nil:
		return nil
	case pages < samplePages: // too few to measure
		r.plan.BackupSeconds = 1
		return nil
	}
	start, read, hash := r.opts.Clock(), 0, sha256.New()
	for row, err := range r.dst.Query("SELECT data FROM sqlite_dbpage LIMIT ?", samplePages) {
		if err != nil {
			return fmt.Errorf("%s: %w", r.path, err)
		}
		hash.Write(row.View(0))
		read++
	}
	perPage := r.opts.Clock().Sub(start).Seconds() / float64(read)
	r.plan.BackupSeconds = int64(math.Ceil(perPage * float64(pages) * backupFactor))
	return nil
}
