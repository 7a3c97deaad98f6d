package generate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/atomicfile"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrNotOurs reports an existing file that seedkit did not make.
var ErrNotOurs = errors.New("exists and was not made by seedkit")

// output is a complete database file that will replace another file.
type output struct {
	path string
	file *atomicfile.File
}

// newOutput refuses a path that cannot be written. Unless forced, it also refuses a path with any
// file other than a database made by seedkit.
func newOutput(ctx context.Context, path string, force bool) (*output, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s %w", path, sqlite.ErrIsDirectory)
	case err == nil && !force && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s %w", path, ErrNotOurs)
	case err == nil && !force:
		err = checkOurs(ctx, path)
	case errors.Is(err, fs.ErrNotExist) && !force:
		err = checkJournals(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := atomicfile.Create(path, 0o666)
	if err == nil {
		_, err = file.Write(nil) // opens the file, so that an obstacle shows now
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err // the path is that of the temporary file
	}
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	return &output{path, file}, nil
}

// close discards the file, unless replace has put it in place.
func (o *output) close() { o.file.Close() }

func checkOurs(ctx context.Context, path string) error {
	c, err := sqlite.OpenSnapshot(ctx, path)
	switch {
	case errors.Is(err, sqlite.ErrEmpty), sqlite.Is(err, sqlite.NotADB),
		sqlite.Is(err, sqlite.Corrupt):
		return fmt.Errorf("%s %w", path, ErrNotOurs)
	case err != nil:
		return err
	}
	defer c.Close()
	id, err := c.Int64("PRAGMA application_id")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if id != seed.ApplicationID && id != seed.SampleApplicationID {
		return fmt.Errorf("%s %w", path, ErrNotOurs)
	}
	return nil
}

// journals are the suffixes of files that SQLite would read as part of a database
// (https://sqlite.org/tempfiles.html), although they belong to the database before.
var journals = []string{"-journal", "-wal"}

// checkJournals refuses the journals of a database that somebody removed.
func checkJournals(path string) error {
	for _, suffix := range journals {
		if _, err := os.Stat(path + suffix); err == nil {
			return fmt.Errorf("%s %w", path+suffix, ErrNotOurs)
		}
	}
	return nil
}

// replace writes the database that c has made, and puts it in place.
func (o *output) replace(ctx context.Context, c *sqlite.Conn) error {
	const together = 1 << 18 // bytes to write at once
	out := bufio.NewWriterSize(o.file, together)
	for page, err := range c.Query("SELECT data FROM sqlite_dbpage ORDER BY pgno") {
		if err != nil {
			return fmt.Errorf("read the database that was made: %w", err)
		}
		if _, err := out.Write(page.View(0)); err != nil {
			return fmt.Errorf("write %s: %w", o.path, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", o.path, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := retire(ctx, o.path); err != nil {
		return err
	}
	if err := o.file.Commit(); err != nil {
		return fmt.Errorf("put %s in place: %w", o.path, err)
	}
	return nil
}

// retire checks that nobody is using the database that will be replaced, and removes its journals,
// so that SQLite does not apply them to the new database.
func retire(ctx context.Context, path string) error {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		if err := foldJournals(ctx, path); err != nil {
			return err
		}
	}
	for _, suffix := range journals {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// foldJournals moves the content of a database's journals into the database. SQLite needs exclusive
// access for that. A file that is not a database has no journals.
func foldJournals(ctx context.Context, path string) error {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetBusyTimeout(0)
	for _, sql := range []string{"PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE", "ROLLBACK"} {
		switch err := c.Exec(sql); {
		case sqlite.Is(err, sqlite.NotADB), sqlite.Is(err, sqlite.Corrupt):
			return nil
		case sqlite.Is(err, sqlite.Busy):
			return fmt.Errorf("%s is in use: %w", path, err)
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
