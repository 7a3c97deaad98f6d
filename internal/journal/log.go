package journal

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/atomicfile"
	"github.com/seedkit/seedkit/internal/filelock"
)

// Log is the file of a run that is at work. Its methods are for one goroutine. After a failed write
// each method returns the error.
type Log struct {
	f     *os.File
	w     *bufio.Writer
	sum   hash.Hash // of all lines up to ready
	table *Table    // of the last table line
	rows  []Rows
	line  []byte
	err   error
}

// Create makes the file of a run, which only its owner can read, and writes the header to the disk.
// It overwrites no file: the error is [fs.ErrExist].
func Create(path string, h Header) (*Log, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	l := &Log{f: f, sum: sha256.New()}
	l.w = bufio.NewWriterSize(f, 1<<16)
	l.lock()
	h.Format = format
	l.write(h)
	l.flush()
	if l.err == nil {
		l.err = atomicfile.SyncDir(filepath.Dir(path))
	}
	if l.err != nil {
		l.Discard()
		return nil, l.err
	}
	return l, nil
}

// lock shows that the run is at work. A reader may have the file locked for a moment. Where there
// are no locks, the run looks killed until it ends.
func (l *Log) lock() {
	for errors.Is(filelock.Try(l.f), filelock.ErrInUse) {
		time.Sleep(time.Millisecond)
	}
}

// Path returns the path of the file.
func (l *Log) Path() string { return l.f.Name() }

// Add adds what the run does to a row.
func (l *Log) Add(c Change) error {
	if l.table != c.Table {
		l.table = c.Table
		l.write(c.Table)
	}
	l.line = append(l.line[:0], `["`+string(c.Kind)+`",`...)
	l.line = append(appendValues(l.line, c.Key), ',')
	l.line = appendHash(l.line, c.Hash)
	if c.Kind == Update {
		l.line = appendHash(append(l.line, ','), c.Was)
	}
	if len(c.Old) > 0 {
		l.line = appendOld(append(l.line, ','), c.Old)
	}
	l.line = append(l.line, ']', '\n')
	l.put(l.line)
	l.count(c)
	return l.err
}

func (l *Log) count(c Change) {
	i := slices.IndexFunc(l.rows, func(r Rows) bool { return r.Table == c.Table.Name })
	if i < 0 {
		i, l.rows = len(l.rows), append(l.rows, Rows{Table: c.Table.Name})
	}
	switch c.Kind {
	case Insert:
		l.rows[i].Inserted++
	case Update:
		l.rows[i].Updated++
	case Delete:
		l.rows[i].Deleted++
	}
}

// SetRows gives the counts of a run that adds no rows one by one.
func (l *Log) SetRows(rows []Rows) { l.rows = rows }

// ready is the line after the rows.
type ready struct {
	Rows []Rows `json:"rows"`
	// SHA256 is the SHA-256 of all lines before, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// Ready says that the list of rows is whole, and writes all to the disk. The run may commit after
// that, and not before.
func (l *Log) Ready() error {
	l.write(map[string]ready{
		"ready": {Rows: l.rows, SHA256: hex.EncodeToString(l.sum.Sum(nil))},
	})
	l.flush()
	return l.err
}

// end is the last line.
type end struct {
	Outcome Outcome `json:"outcome,omitempty"`
	// Seen is what a later run found of a run that was killed.
	Seen *Seen `json:"seen,omitempty"`
}

// Finish writes the outcome to the disk and closes the file.
func (l *Log) Finish(o Outcome) error {
	l.write(end{Outcome: o})
	l.flush()
	return l.Close()
}

// Close closes the file. Without an outcome the run looks killed.
func (l *Log) Close() error {
	if closed := l.f.Close(); l.err == nil {
		l.err = closed
	}
	return l.err
}

// Discard closes and removes the file of a run that changes nothing.
func (l *Log) Discard() {
	err := os.Remove(l.f.Name())
	l.f.Close()
	if err != nil { // some systems cannot remove an open file
		os.Remove(l.f.Name())
	}
}

// write writes a value as a line.
func (l *Log) write(v any) {
	text, err := json.Marshal(v)
	if l.err == nil {
		l.err = err
	}
	l.put(append(text, '\n'))
}

func (l *Log) put(line []byte) {
	if l.err != nil {
		return
	}
	l.sum.Write(line)
	if _, err := l.w.Write(line); err != nil {
		l.err = fmt.Errorf("write the journal: %w", err)
	}
}

func (l *Log) flush() {
	if l.err == nil {
		l.err = l.w.Flush()
	}
	if l.err == nil {
		l.err = l.f.Sync()
	}
}
