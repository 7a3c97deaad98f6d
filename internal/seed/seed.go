// Package seed opens a user's seed, which is a database or a script. It replays a script into a
// scratch database, so that other packages read rows and not text.
package seed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The application ids (https://sqlite.org/pragma.html#pragma_application_id) of databases that
// seedkit generates. They tell seedkit which databases it may overwrite, and which must not reach
// production.
const (
	ApplicationID       = 0x5eed0001
	SampleApplicationID = 0x5eed0002
)

// SampleComment marks scripts that seedkit extracts from a database with sample rows, so that
// seedkit recognizes their rows as samples.
const SampleComment = "-- seedkit: sample rows"

// Seed is an open seed, to read from.
type Seed struct {
	Conn   *sqlite.Conn
	Schema *schema.Schema
	// Sample says that the seed is known to hold sample rows.
	Sample bool

	unsaid *unsaid // Nil if nothing was noted.
}

// Source says where a seed is, and how to open it.
type Source struct {
	// Path is the path of a database or a script.
	Path string
	// Script is read instead of the file at Path if it is not nil. Then Path is only its name in
	// messages.
	Script io.Reader
	// Schema returns the SQL of the tables that a script inserts into but does not make. Nil means
	// that the script must make its tables.
	Schema func() (string, error)
	// StandIn lets the seed use collations that only the app's SQLite has. They then compare as
	// BINARY does, so that rows can be read but must not be looked up by a key with such a
	// collation.
	StandIn bool
	// Target is the database that the rows go to, or nil. With a target, INSERTs may look up values
	// by unique keys, in the target and in the rows that the script has inserted; see
	// [sqltext.LookupInsert].
	Target *sqlite.Conn
	// Rows is offered a script's INSERTs before they are replayed, unless it is nil. The Seed does
	// not hold the rows that Rows takes.
	Rows RowTaker
	// Now is the time that a script's defaults see. The zero time means [DefaultNow].
	Now time.Time
	// NotUTF8, if not nil, is called with the number of the first line of a script that is not
	// UTF-8.
	NotUTF8 func(line int)
	// NoteUnsaid makes [Seed.Rows] tell which columns a script's rows leave to their defaults.
	NoteUnsaid bool
}

// RowTaker takes rows straight from a script.
type RowTaker interface {
	// Take takes as many INSERTs as it wants from those that come next in the script.
	Take(script *sqltext.Splitter)
	// TakeStatement gets each statement that Take has left, before the statement is replayed on c.
	// c holds the tables that are made by then. An error ends the replay.
	TakeStatement(c *sqlite.Conn, kind sqltext.Kind, s sqltext.Statement) (taken bool, err error)
}

// Open opens a seed. It reads a database in one transaction, so that later writes of others are not
// seen. Every statement of a script must be one that a seed can have. Any other statement is an
// error that names its line, because leaving the statement out would lose its effect.
// A seed without a table is [ErrNothing].
func Open(ctx context.Context, source Source) (*Seed, error) {
	script, err := source.IsScript()
	if err != nil {
		return nil, err
	}
	s := &Seed{}
	if script {
		s.Conn, s.unsaid, err = replay(ctx, source)
	} else {
		s.Conn, err = sqlite.OpenSource(ctx, source.Path)
		if err == nil && source.StandIn {
			err = s.Conn.StandInForCollations()
		}
	}
	if err != nil {
		return nil, err
	}
	err = s.read()
	if err == nil {
		err = s.wantTables()
	}
	if err != nil {
		s.Conn.Close()
		return nil, source.errorOf(err)
	}
	return s, nil
}

// ErrNothing reports a seed without a table, and therefore without a row: an empty file, a database
// without a table, or a script without a statement that makes or fills a table.
var ErrNothing = errors.New("has neither a table nor a row")

// wantTables returns [ErrNothing] if the seed has no table. A table that seedkit leaves out counts.
func (s *Seed) wantTables() error {
	some, err := s.Conn.Int64("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table')")
	if err == nil && some == 0 {
		return ErrNothing
	}
	return err
}

// errorOf adds the name of the source to an error about its content.
func (s Source) errorOf(err error) error {
	if errors.Is(err, ErrNothing) {
		return fmt.Errorf("%s %w", s.Path, err)
	}
	return fmt.Errorf("%s: %w", s.Path, err)
}

func (s *Seed) read() (err error) {
	if s.Schema, err = schema.Read(s.Conn); err != nil {
		return err
	}
	id, err := s.Conn.Int64("PRAGMA application_id")
	s.Sample = id == SampleApplicationID
	return err
}

// Close frees the seed. It deletes a scratch database.
func (s *Seed) Close() error { return s.Conn.Close() }

const header = "SQLite format 3\x00" // https://sqlite.org/fileformat2.html#magic_header_string

// IsScript reports whether the source is a script. A file is a database if it has the header of a
// database, or if its name ends like the names of databases. Every other file is a script. So is a
// source that is not a regular file, such as a pipe: IsScript does not read it, because nothing
// could read it again.
func (s Source) IsScript() (bool, error) {
	if s.Script != nil {
		return true, nil
	}
	info, err := os.Stat(s.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("%s: %w", s.Path, fs.ErrNotExist)
	case err != nil:
		return false, err
	case info.IsDir():
		return false, fmt.Errorf("%s %w", s.Path, sqlite.ErrIsDirectory)
	case !info.Mode().IsRegular():
		return true, nil
	}
	f, err := os.Open(s.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	first := make([]byte, len(header))
	if n, err := io.ReadFull(f, first); err == nil && string(first[:n]) == header {
		return false, nil
	}
	databases := []string{".db", ".sqlite", ".sqlite3", ".db3"}
	return !slices.Contains(databases, strings.ToLower(filepath.Ext(s.Path))), nil
}
