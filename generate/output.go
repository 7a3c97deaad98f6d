package generate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrNotOurs reports a file in the way that no run of ours made.
var ErrNotOurs = errors.New("exists and was not made by seedkit")

// output is a database that takes the place of another when it is whole.
type output struct {
	path      string
	temporary string
}

func newOutput(ctx context.Context, path string, force bool) (*output, error) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = path, nil
	}
	if err != nil {
		return nil, err
	}
	if err := checkOverwrite(ctx, target, force); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+"-*")
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, errors.Unwrap(err)) // without the temporary name
	}
	return &output{path: target, temporary: f.Name()}, errors.Join(f.Chmod(0o644), f.Close())
}

// checkOverwrite refuses to replace what is no seed of ours, and a database
// that somebody has open: its -wal file would be left to the new one.
func checkOverwrite(ctx context.Context, path string, force bool) error {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer c.Close()
	id, err := c.Int64("PRAGMA application_id")
	ours := err == nil && (id == seed.ApplicationID || id == seed.SampleApplicationID)
	switch {
	case !ours && !force:
		return fmt.Errorf("%s %w", path, ErrNotOurs)
	case sqlite.Is(err, sqlite.NotADB):
		return nil
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	}
	c.SetBusyTimeout(0)
	if err := c.Exec("PRAGMA journal_mode = DELETE"); err != nil {
		return fmt.Errorf("%s is in use: %w", path, err)
	}
	return nil
}

// commit puts the database in its place.
func (o *output) commit() error {
	if err := os.Rename(o.temporary, o.path); err != nil {
		return fmt.Errorf("put %s in place: %w", o.path, err)
	}
	o.temporary = ""
	dir, err := os.Open(filepath.Dir(o.path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// discard removes the database unless it is in its place.
func (o *output) discard() {
	if o.temporary == "" {
		return
	}
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		os.Remove(o.temporary + suffix)
	}
}
