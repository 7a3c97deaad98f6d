package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// OpenSnapshot opens an existing database for reading only and begins a read transaction.
// Everything that the connection reads belongs to one snapshot, including rows in the -wal.
// OpenSnapshot also checks that the file is a database. See [Conn.Check].
//
// OpenSnapshot leaves the database and its folder unchanged as far as SQLite allows. SQLite reads a
// database in WAL mode through its -wal and -shm. It creates them if needed and removes them only
// if it has write permission (https://sqlite.org/wal.html#read_only_databases). Therefore:
//
//   - If the -wal has rows, OpenSnapshot opens the file read-only, so that closing it does not
//     move the rows into the database. SQLite creates a missing -shm, which stays.
//   - Otherwise OpenSnapshot opens the file for writing, and writes nothing. Closing the file
//     removes a -wal and -shm that nobody else uses. SQLite rolls back the journal of a killed
//     writer, because the database is inconsistent without that.
//   - If there is no write permission for the file or its folder and the database is in WAL mode,
//     OpenSnapshot reads it without locks (https://sqlite.org/uri.html#uriimmutable).
//     [Conn.Close] returns [ErrChanged] if somebody wrote to the database meanwhile. Then the
//     data that was read is useless.
func OpenSnapshot(ctx context.Context, path string) (*Conn, error) {
	mode, begin := ReadWrite, (*Conn).beginTidily
	if hasContent(path, "-wal") {
		mode, begin = ReadOnly, (*Conn).beginSnapshot
	}
	c, err := Open(ctx, path, mode)
	if err != nil {
		return nil, err
	}
	err = begin(c)
	if err == nil {
		err = c.checkLength(path)
	}
	if mode == ReadWrite && (Is(err, ReadOnlyDB) || Is(err, CantOpen)) {
		if unlocked, err := openImmutable(ctx, path); err == nil {
			c.Close()
			return unlocked, nil
		}
		err = c.beginSnapshot()
	}
	switch {
	case err == nil:
		return c, nil
	case errors.Is(err, ErrEmpty):
		err = fmt.Errorf("%s %w", path, err)
	case mode == ReadOnly && Is(err, CantOpen):
		err = fmt.Errorf("open %s: make its -shm, which the rows in its -wal need: %w", path, err)
	default:
		err = fmt.Errorf("open %s: %w", path, err)
	}
	c.Close()
	return nil, err
}

// OpenSource does what [OpenSnapshot] does for a database that is only read. As SQLite does, it
// opens an empty file as a database without tables.
func OpenSource(ctx context.Context, path string) (*Conn, error) {
	c, err := OpenSnapshot(ctx, path)
	if errors.Is(err, ErrEmpty) {
		return Open(ctx, path, ReadOnly)
	}
	return c, err
}

// beginTidily begins a snapshot if SQLite can remove the files that it creates for it.
func (c *Conn) beginTidily() error {
	if lib.Xsqlite3_db_readonly(c.tls, c.db, c.scratch.put(c.tls, "main\x00")) == 1 {
		return &Error{Extended: lib.SQLITE_READONLY, Msg: "the file may not be written", Offset: -1}
	}
	return c.beginSnapshot()
}

func (c *Conn) beginSnapshot() error {
	if err := c.ignoreSamples(); err != nil {
		return err
	}
	for _, sql := range []string{"PRAGMA query_only = ON", "BEGIN"} {
		if err := c.Exec(sql); err != nil {
			return err
		}
	}
	err := c.Check()
	if err != nil {
		c.Rollback()
	}
	return err
}

// checkLength finds a file that was cut within its last page. SQLite would read the missing bytes
// as zeros. A page in the -wal may be missing in the file.
func (c *Conn) checkLength(path string) error {
	info, err := os.Stat(path)
	if err != nil || hasContent(path, "-wal") {
		return err
	}
	bytes, err := c.Int64("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	if err == nil && info.Size() < bytes {
		msg := fmt.Sprintf("the file is cut: it has %d of %d bytes", info.Size(), bytes)
		err = &Error{Extended: lib.SQLITE_CORRUPT, Msg: msg, Offset: -1}
	}
	return err
}

// ignoreSamples stops the samples in sqlite_stat4 from deciding how SQLite reads a table, and with
// that the order of rows without ORDER BY. The sqlite3 shell is built without SQLITE_ENABLE_STAT4,
// and seedkit needs the same order. ignoreSamples works only before the schema is read.
func (c *Conn) ignoreSamples() error {
	const stat4 = 0x0800 // SQLITE_Stat4 of SQLite's sqliteInt.h
	args := libc.Xcalloc(c.tls, 2, 8)
	defer libc.Xfree(c.tls, args)
	return c.check(lib.Xsqlite3_test_control(c.tls, lib.SQLITE_TESTCTRL_OPTIMIZATIONS,
		libc.VaList(args, c.db, int32(stat4))))
}

// ErrChanged reports a database that changed while it was read without locks.
var ErrChanged = errors.New("the database was written to while it was read")

// openImmutable opens a snapshot without locks, if the database is in WAL mode and all of it is in
// its file.
func openImmutable(ctx context.Context, path string) (*Conn, error) {
	before, err := stateOf(path)
	if err != nil {
		return nil, err
	}
	c, err := Open(ctx, path, immutable)
	if err != nil {
		return nil, err
	}
	if err := c.beginSnapshot(); err != nil {
		c.Close()
		return nil, err
	}
	if wal, err := c.isWAL(); err != nil || !wal || before.wal || before.journal {
		c.Close()
		return nil, errors.Join(err, errNeedsLocks)
	}
	c.verify = func() error {
		after, err := stateOf(path)
		if err == nil && after != before {
			err = ErrChanged
		}
		return err
	}
	return c, nil
}

var errNeedsLocks = errors.New("cannot be read without locks")

// isWAL examines the read version in the database header
// (https://sqlite.org/fileformat2.html#file_format_version_numbers).
func (c *Conn) isWAL() (bool, error) {
	version, err := c.Value("SELECT substr(data, 20, 1) FROM sqlite_dbpage WHERE pgno = 1")
	return version.Data() == "\x02", err
}

// fileState is the knowledge about a database that does not need its file to be opened. Closing the
// file would drop the locks of the process's other connections
// (https://sqlite.org/howtocorrupt.html, section 2.2).
type fileState struct {
	size, modified int64
	wal, journal   bool // whether a file with that suffix exists and is not empty
}

func stateOf(path string) (fileState, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}, err
	}
	return fileState{
		size:     info.Size(),
		modified: info.ModTime().UnixNano(),
		wal:      hasContent(path, "-wal"),
		journal:  hasContent(path, "-journal"),
	}, nil
}

// hasContent reports whether the database has a file with the given suffix that is not empty. If
// path is a symbolic link, SQLite puts such files beside the target of the link.
func hasContent(path, suffix string) bool {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		path = file
	}
	info, err := os.Stat(path + suffix)
	return err == nil && info.Size() > 0
}
