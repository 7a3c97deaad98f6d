package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/filelock"
)

// Entry is a run as its file has it.
type Entry struct {
	Path string
	Header
	// Ready reports that the list of rows is whole. Otherwise nothing was committed.
	Ready bool
	// Rows counts the rows of each table. It is empty unless Ready.
	Rows []Rows
	// Outcome is "" if the run is at work or was killed.
	Outcome Outcome
	// Seen is what a later run found of a killed run, or nil.
	Seen *Seen
	// Running reports that a process is at work on the run.
	Running bool
}

// ErrDamaged reports a file that is not as a run has written it.
var ErrDamaged = errors.New("is not as it was written")

// ErrNoHeader reports a file without a whole line: the process was killed before it did anything.
var ErrNoHeader = errors.New("has no run yet")

// FormatError reports a file of a newer version of seedkit.
type FormatError struct {
	Path   string
	Format int64
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has format %d, want %d", e.Path, e.Format, format)
}

// Read reads the file of a run, and compares the list of rows with its SHA-256. A line that broke
// off, because the process was killed while it wrote, counts as no line.
func Read(path string) (e Entry, err error) {
	e.Path = path
	f, err := os.Open(path)
	if err != nil {
		return e, err
	}
	defer f.Close()
	if err := e.read(f); err != nil {
		return e, err
	}
	if e.Outcome == "" && e.Seen == nil {
		e.Running = errors.Is(filelock.TryShared(f), filelock.ErrInUse)
	}
	if e.Outcome == "" && e.Seen == nil && !e.Running {
		return e.readAgain(f)
	}
	return e, nil
}

// readAgain reads the rest that a process wrote between the reading and its end.
func (e Entry) readAgain(f *os.File) (Entry, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return e, err
	}
	again := Entry{Path: e.Path}
	return again, again.read(f)
}

func (e *Entry) read(f io.Reader) error {
	sum := sha256.New()
	for line, err := range lines(f) {
		switch {
		case err != nil:
			return err
		case e.Format == 0:
			err = e.readHeader(line)
		case line[0] == '[' && !e.Ready:
		default:
			err = e.readLine(line, hex.EncodeToString(sum.Sum(nil)))
		}
		if err != nil {
			return err
		}
		sum.Write(line)
	}
	if e.Format == 0 {
		return fmt.Errorf("%s: %w", e.Path, ErrNoHeader)
	}
	return nil
}

func (e *Entry) readHeader(line []byte) error {
	if err := json.Unmarshal(line, &e.Header); err != nil || e.Format == 0 {
		return fmt.Errorf("%s: %w", e.Path, ErrDamaged)
	}
	if e.Format > format {
		return &FormatError{Path: e.Path, Format: e.Format}
	}
	return nil
}

// readLine reads a line that is neither the header nor a row. sum is the SHA-256 of the lines
// before.
func (e *Entry) readLine(line []byte, sum string) error {
	var l struct {
		Table string `json:"table"`
		Ready *ready `json:"ready"`
		end
	}
	err := json.Unmarshal(line, &l)
	switch {
	case err != nil:
	case l.Ready != nil && !e.Ready && l.Ready.SHA256 == sum:
		e.Ready, e.Rows = true, l.Ready.Rows
		return nil
	case l.Ready != nil:
	case l.Outcome != "":
		e.Outcome = l.Outcome
		return nil
	case l.Seen != nil:
		e.Seen = l.Seen
		return nil
	case l.Table != "" && !e.Ready:
		return nil
	}
	return fmt.Errorf("%s: %w", e.Path, ErrDamaged)
}

// lines yields the lines with their ends. The line is valid until the next one.
func lines(f io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r := bufio.NewReaderSize(f, 1<<16)
		var long []byte
		for {
			part, err := r.ReadSlice('\n')
			if errors.Is(err, bufio.ErrBufferFull) {
				long = append(long, part...)
				continue
			}
			line := part
			if len(long) > 0 {
				line, long = append(long, part...), nil
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// Changes yields what the run does to rows, in the order in which the run does it. A Change is
// valid until the next one. The caller must have read the entry with [Read], which checks it.
func (e Entry) Changes() iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		f, err := os.Open(e.Path)
		if err != nil {
			yield(Change{}, err)
			return
		}
		defer f.Close()
		var table *Table
		header := true
		var place, next int64
		for line, err := range lines(f) {
			var c Change
			place, next = next, next+int64(len(line))
			switch {
			case err != nil:
			case header:
				header = false
				continue
			case line[0] == '[':
				c, err = parseChange(line, table)
				c.Place = place
			case bytes.HasPrefix(line, []byte(`{"table"`)):
				table = &Table{}
				if err = json.Unmarshal(line, table); err == nil {
					continue
				}
			default:
				return
			}
			if err != nil {
				err = fmt.Errorf("%s: %w: %w", e.Path, ErrDamaged, err)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Reader reads single changes of an entry again.
type Reader struct{ f *os.File }

// Open opens the file of the entry.
func (e Entry) Open() (*Reader, error) {
	f, err := os.Open(e.Path)
	return &Reader{f}, err
}

// Close closes the file.
func (r *Reader) Close() error { return r.f.Close() }

// At reads the change at a place. The table is the change's.
func (r *Reader) At(place int64, t *Table) (Change, error) {
	for line, err := range lines(io.NewSectionReader(r.f, place, 1<<62)) {
		if err != nil {
			return Change{}, err
		}
		return parseChange(line, t)
	}
	return Change{}, fmt.Errorf("%s: %w", r.f.Name(), ErrDamaged)
}

func parseChange(line []byte, t *Table) (c Change, err error) {
	var parts []json.RawMessage
	if err := json.Unmarshal(line, &parts); err != nil {
		return c, err
	}
	if t == nil || len(parts) < 3 {
		return c, errors.New("no row")
	}
	c = Change{Table: t, Kind: Kind(strings.Trim(string(parts[0]), `"`))}
	if c.Key, err = parseValues(parts[1]); err != nil {
		return c, err
	}
	if c.Hash, err = parseHash(parts[2]); err != nil {
		return c, err
	}
	rest := parts[3:]
	if c.Kind == Update && len(rest) > 0 {
		if c.Was, err = parseHash(rest[0]); err != nil {
			return c, err
		}
		rest = rest[1:]
	}
	if len(rest) > 0 {
		c.Old, err = parseOld(rest[0])
	}
	return c, err
}

// BackupPath returns the path of the run's backup, or "" if it has none.
func (e Entry) BackupPath() string {
	if e.Backup == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(e.Path), e.Backup)
}

// Killed reports that the process ended before the run did, so that nobody wrote down the outcome.
func (e Entry) Killed() bool { return e.Outcome == "" && !e.Running }
