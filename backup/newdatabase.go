package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// NewDatabase makes a database at a path without a file. write writes the database to the path of
// an empty file, which only its owner can read, and closes it. NewDatabase flushes the file to the
// disk, checks it, and gives it the name db. It never overwrites a file: the error is
// [fs.ErrExist]. The file takes about so many bytes. url is the address of LiteFS's HTTP API; empty
// means [LiteFSURL].
//
// A file whose pages contradict each other is a [*DamagedError]. What else integrity_check finds,
// such as a row that breaks a CHECK, and a reference to a missing row are a [*FaultsError]. These
// errors come before anything is written: [*ReplicaError], [*LiteFSFolderError], [*LeftoverError],
// [*NoSpaceError], [ErrReadOnly]. After any error there is no file at db.
func NewDatabase(
	ctx context.Context, db, url string, bytes int64, write func(path string) error,
) error {
	if err := CheckPlace(ctx, db, url, bytes); err != nil {
		return err
	}
	file, err := createUnfinished(db, forRestore)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := write(file.path); err != nil {
		return err
	}
	if err := flush(file.path); err != nil {
		return fmt.Errorf("flush %s: %w", db, err)
	}
	if err := checkNew(ctx, file.path, db); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return file.publish(db)
}

// flush writes the file to the disk. No connection may have the file open: closing a file releases
// all locks that the process holds on it (https://sqlite.org/howtocorrupt.html, section 2.2).
func flush(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// CheckPlace refuses a path at which [NewDatabase] cannot make a database of about so many bytes.
// It creates nothing. Its errors are those that NewDatabase returns before it writes.
func CheckPlace(ctx context.Context, db, url string, bytes int64) error {
	dir := filepath.Dir(db)
	if err := live.RefuseReplica(ctx, db, url); err != nil {
		return err
	}
	if err := litefs.RefuseMount(dir); err != nil {
		return err
	}
	// The name of a file never follows a link.
	if link, err := os.Lstat(db); err == nil && link.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is a symbolic link to a missing file", db)
	}
	if err := refuseLeftovers(db); err != nil {
		return err
	}
	if err := live.CheckSpace(dir, bytes); err != nil {
		return err
	}
	if err := live.CheckWritable(dir); err != nil {
		return fmt.Errorf("%s %w: %w", db, ErrReadOnly, err)
	}
	return nil
}

// checkNew checks the database at path, which will be db.
func checkNew(ctx context.Context, path, db string) error {
	found, err := live.CheckIntegrity(ctx, path)
	if damaged, ok := errors.AsType[*DamagedError](err); ok {
		damaged.Path = db
	}
	if err != nil {
		return err
	}
	c, err := sqlite.OpenSnapshot(ctx, path)
	if err != nil {
		return err
	}
	violations, err := live.ForeignKeyViolations(c)
	if closed := c.Close(); err == nil {
		err = closed
	}
	if err == nil && len(found.Faults)+len(violations) > 0 {
		err = &FaultsError{Path: db, Faults: found.Faults, ForeignKeyViolations: violations}
	}
	return err
}

// FaultsError reports a database that [NewDatabase] would make with faults.
type FaultsError struct {
	Path string
	// Faults are the first ten faults that PRAGMA integrity_check finds, in SQLite's words.
	Faults []string
	// ForeignKeyViolations are the references to missing rows.
	ForeignKeyViolations []ForeignKeyViolation
}

func (e *FaultsError) Error() string {
	faults := e.Faults
	if len(e.ForeignKeyViolations) > 0 {
		faults = append(slices.Clip(faults), live.DanglingText(e.ForeignKeyViolations))
	}
	return fmt.Sprintf("%s would have faults: %s", e.Path, strings.Join(faults, "; "))
}
