package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/filelock"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Seen counts the rows of a run by what the database has of them.
type Seen struct {
	// Done counts the rows that are as the run leaves them.
	Done int64 `json:"done"`
	// Not counts the rows that are as they were before the run.
	Not int64 `json:"not"`
	// Other counts the rows of which nobody can tell.
	Other int64 `json:"other"`
}

// Look counts the rows of a run in c's database. Of the rows that can be found by their hash alone
// it looks for inserted ones only.
func Look(c *sqlite.Conn, e Entry) (seen Seen, err error) {
	there, err := schema.Read(c)
	if err != nil {
		return seen, err
	}
	l := &looker{c: c, there: there, seen: &seen, finders: map[string]*Finder{},
		unnamed: map[string]map[Hash]int64{}, tables: map[string]*Table{}}
	defer l.close()
	for change, err := range e.Changes() {
		if err == nil {
			err = l.look(change)
		}
		if err != nil {
			return seen, err
		}
	}
	return seen, l.lookForUnnamed()
}

// looker finds the rows of all tables of a run.
type looker struct {
	c       *sqlite.Conn
	there   *schema.Schema
	seen    *Seen
	finders map[string]*Finder // by table and columns
	tables  map[string]*Table
	// unnamed has the hashes of the first inserted rows of each table without a key.
	unnamed map[string]map[Hash]int64
}

func (l *looker) close() {
	for _, f := range l.finders {
		f.Close()
	}
}

// finder returns the Finder for a table, or nil if the table has changed.
func (l *looker) finder(t *Table, columns []string) (*Finder, error) {
	there := l.there.Table(t.Name)
	if there == nil || !t.Is(there) || len(Identity(there)) == 0 {
		return nil, nil
	}
	name := fmt.Sprintf("%q", append([]string{t.Name}, columns...))
	if f := l.finders[name]; f != nil {
		return f, nil
	}
	f, err := NewFinder(l.c, t, there, columns)
	if err == nil {
		l.finders[name] = f
	}
	return f, err
}

func (l *looker) look(c Change) error {
	columns := c.Table.Columns
	if c.Kind == Update {
		columns = c.Columns()
	}
	f, err := l.finder(c.Table, columns)
	if err != nil {
		return err
	}
	if f == nil || f.byKey == nil {
		l.lookLater(f, c)
		return nil
	}
	_, state, err := f.Find(c.Key, c.Hash)
	if err != nil {
		return err
	}
	switch {
	case c.Kind == Insert && state == Same, c.Kind == Update && state == Same,
		c.Kind == Delete && state == Gone:
		l.seen.Done++
		return nil
	case c.Kind == Insert && state == Gone, c.Kind == Delete && state == Same:
		l.seen.Not++
		return nil
	}
	if c.Kind == Update {
		if _, state, err = f.Find(c.Key, c.Was); err != nil {
			return err
		}
		if state == Same {
			l.seen.Not++
			return nil
		}
	}
	l.seen.Other++
	return nil
}

// Columns returns the columns of Old.
func (c Change) Columns() []string {
	columns := make([]string, len(c.Old))
	for i, o := range c.Old {
		columns[i] = o.Column
	}
	return columns
}

// lookLater keeps the first hashes of rows without a key.
func (l *looker) lookLater(f *Finder, c Change) {
	const most = 1000
	if f == nil || c.Kind != Insert || len(l.unnamed[c.Table.Name]) >= most {
		l.seen.Other++
		return
	}
	if l.unnamed[c.Table.Name] == nil {
		l.unnamed[c.Table.Name], l.tables[c.Table.Name] = map[Hash]int64{}, c.Table
	}
	l.unnamed[c.Table.Name][c.Hash]++
}

func (l *looker) lookForUnnamed() error {
	for name, wanted := range l.unnamed {
		f, err := l.finder(l.tables[name], l.tables[name].Columns)
		if err != nil {
			return err
		}
		for row, err := range f.All() {
			if err != nil {
				return err
			}
			if wanted[row.Hash] > 0 {
				wanted[row.Hash]--
				l.seen.Done++
			}
		}
		for _, n := range wanted {
			l.seen.Not += n
		}
	}
	return nil
}

// Settle writes down what was seen of a killed run. It does nothing if a process is at work on the
// run, or has finished it.
func Settle(path string, seen Seen) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := filelock.Try(f); errors.Is(err, filelock.ErrInUse) {
		return nil
	}
	e := Entry{Path: path}
	if err := e.read(f); err != nil || e.Outcome != "" || e.Seen != nil {
		return err
	}
	return appendLine(f, end{Seen: &seen})
}

// appendLine writes a line after the last whole line of the file.
func appendLine(f *os.File, v any) error {
	size, err := wholeLines(f)
	if err != nil {
		return err
	}
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := f.Truncate(size); err != nil {
		return err
	}
	if _, err := f.WriteAt(append(line, '\n'), size); err != nil {
		return err
	}
	return f.Sync()
}

// wholeLines returns how many bytes the lines of a file have without a last line that broke off.
func wholeLines(f *os.File) (size int64, err error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	for line, err := range lines(f) {
		if err != nil {
			return 0, err
		}
		size += int64(len(line))
	}
	return size, nil
}
