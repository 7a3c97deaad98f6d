// Package seed opens what people call their seed: a database, or a script,
// which is replayed into a scratch database, so that whatever comes after
// reads rows and not text.
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

// The application ids (https://sqlite.org/pragma.html#pragma_application_id)
// of databases that seedkit generates. By them it knows what it may overwrite,
// and what must not reach production.
const (
	ApplicationID       = 0x5eed0001
	SampleApplicationID = 0x5eed0002
)

// SampleComment stands in scripts that seedkit extracts from a database with
// sample rows, so that they are known for that, too.
const SampleComment = "-- seedkit: sample rows"

// Seed is an open seed, for reading.
type Seed struct {
	Conn   *sqlite.Conn
	Schema *schema.Schema
	Sample bool // it is known to hold sample rows

	unsaid *unsaid // nil if nothing was noted
}

// Source is where a seed is.
type Source struct {
	// Path is that of a database or a script.
	Path string
	// Script, if not nil, is read instead, and Path is its name in messages.
	Script io.Reader
	// Schema makes the tables that a script inserts into if it does not make
	// them itself. Nil means that it has to.
	Schema func() (string, error)
	// StandIn lets the seed use collations that only the app's SQLite has, which then
	// compare as BINARY does. Rows may be read, and not be looked up by such a key.
	StandIn bool
	// Target, if not nil, is the database that the rows go to. INSERTs may
	// look values up by unique keys, there and in the rows before; see
	// [sqltext.LookupInsert].
	Target *sqlite.Conn
	// Rows, if not nil, is offered a script's INSERTs before they are
	// replayed. The rows that it takes are not in the Seed.
	Rows RowTaker
	// Now is the time to a script's defaults; the zero time means
	// [DefaultNow].
	Now time.Time
	// NoteUnsaid notes which columns a script's rows leave to their defaults,
	// for [Seed.Rows].
	NoteUnsaid bool
}

// RowTaker takes rows straight from a script.
type RowTaker interface {
	// Take takes INSERTs from the script, as many as it likes of those that
	// are next.
	Take(script *sqltext.Splitter)
	// TakeStatement is given each statement that Take has not taken, before
	// it is replayed on c, which holds the tables made so far. An error ends
	// the replay.
	TakeStatement(c *sqlite.Conn, kind sqltext.Kind, s sqltext.Statement) (taken bool, err error)
}

// Open opens a seed. A database is read in one transaction: what others write
// meanwhile is not seen. Of a script every statement must be one that a seed
// is made of; any other is an error that names its line, since to leave it
// out would be to lose what it does.
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
	if err := s.read(); err != nil {
		s.Conn.Close()
		return nil, fmt.Errorf("%s: %w", source.Path, err)
	}
	return s, nil
}

func (s *Seed) read() (err error) {
	if s.Schema, err = schema.Read(s.Conn); err != nil {
		return err
	}
	id, err := s.Conn.Int64("PRAGMA application_id")
	s.Sample = id == SampleApplicationID
	return err
}

// Close frees the seed; a scratch database is gone.
func (s *Seed) Close() error { return s.Conn.Close() }

const header = "SQLite format 3\x00" // https://sqlite.org/fileformat2.html#magic_header_string

// IsScript tells a script from a database by the first bytes, and where those
// are of neither by the name. What is no regular file, such as a pipe, is a
// script, and not read, since it could not be read again.
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
