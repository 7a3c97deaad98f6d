package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// carryOut takes the rows back in one transaction, after the backup, and reads the target again
// after the commit.
func (u *undo) carryOut(ctx context.Context, result UndoResult) (UndoResult, error) {
	h, err := u.header()
	if err != nil {
		return result, err
	}
	log, err := beginLog(u.dst, h, result.Backup)
	if err != nil {
		return result, err
	}
	w, position, err := u.write(log)
	result.JournalErr = log.finish(err)
	result.LiteFSPosition = position
	if err != nil {
		return result, err
	}
	result.Tables, result.Kept = w.counts(), w.kept
	reporter(u.opts.Progress).report(Verifying, 0, 0)
	return result, unverified(ctx, u.path, u.verify(ctx, log.log.Path()))
}

// write is the transaction.
func (u *undo) write(log *runLog) (w *takingBack, after string, err error) {
	defer live.RollBack(u.dst)
	w, err = u.takeBack(u.dst, log)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w; rolled back", u.path, err)
	}
	defer w.close()
	before, err := positionOf(u.path)
	if err != nil {
		return nil, "", err
	}
	if err := u.checkInside(w, log); err != nil {
		return nil, "", fmt.Errorf("%s: %w; rolled back", u.path, err)
	}
	after, err = live.ConfirmCommit(u.path, before, u.dst.Commit())
	if _, uncertain := errors.AsType[*UncertainError](err); err != nil && !uncertain {
		err = fmt.Errorf("%s: commit: %w", u.path, err)
	}
	return w, after, err
}

// checkInside checks the transaction's result before the commit.
func (u *undo) checkInside(w *takingBack, log *runLog) error {
	file, err := os.Stat(u.path)
	if err != nil || !os.SameFile(file, u.file) {
		return &ChangedError{Path: u.path, What: "another file has taken its place"}
	}
	if err := u.refuseTriggers(w.triggers); err != nil {
		return err
	}
	if err := w.checkDangling(); err != nil {
		return err
	}
	if err := log.ready(); err != nil {
		return err
	}
	if len(w.triggers) == 0 {
		return nil // the rows were counted when they were deleted
	}
	return checkUndone(u.dst, log.log.Path())
}

// verify looks for the rows in the committed database, on a new connection.
func (u *undo) verify(ctx context.Context, path string) error {
	c, err := sqlite.OpenSnapshot(ctx, u.path)
	if err != nil {
		return err
	}
	defer c.Close()
	return checkUndone(c, path)
}

// checkUndone reads the journal's file of an undo. It returns an error if the database of c has one
// of the undo's rows as the row was before the undo.
func checkUndone(c *sqlite.Conn, path string) error {
	entry, err := journal.Read(path)
	if err != nil {
		return err
	}
	seen, err := journal.Look(c, entry)
	if err == nil && seen.Not > 0 {
		err = errUndoneThere
	}
	return err
}

// checkDangling looks for references that triggers have left without their rows. Without triggers
// there are none: a row is deleted only if nothing refers to it, and a row gets old references only
// if the rows are there.
func (w *takingBack) checkDangling() error {
	if len(w.triggers) == 0 {
		return nil
	}
	after, err := live.ForeignKeyViolations(w.c)
	if err != nil {
		return err
	}
	for _, v := range after {
		if !slices.Contains(w.dangling, v) {
			return fmt.Errorf("foreign keys would be violated: %s", v)
		}
	}
	return nil
}

// positionOf returns the position of LiteFS, "" without LiteFS.
func positionOf(db string) (string, error) {
	position, _, err := litefs.Position(db)
	return position, err
}
