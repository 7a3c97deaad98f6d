package apply

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// runLog writes what a run does to the rows of the target into the journal. The first error of its
// methods for rows is the error of ready.
type runLog struct {
	c      *sqlite.Conn
	log    *journal.Log
	tables map[*schema.Table]*loggedTable
	late   lateRows
	edits  *editor
	err    error
	header journal.Header
}

// loggedTable is a table of the target whose rows a run changes.
type loggedTable struct {
	*journal.Table
	there *schema.Table
	// at has the positions of the stored columns in a row of the seed. It is nil if the seed does
	// not have all values that the target stores.
	at []int
}

// beginLog begins the journal's file of a run on the database of c, after the run's backup.
func beginLog(c *sqlite.Conn, h journal.Header, m backup.Manifest) (l *runLog, err error) {
	h.Backup = filepath.Base(m.Path)
	return createLog(c, m.Path+journal.Suffix, h)
}

func createLog(c *sqlite.Conn, path string, h journal.Header) (l *runLog, err error) {
	l = &runLog{c: c, tables: map[*schema.Table]*loggedTable{}, edits: newEditor(c), header: h}
	l.late.c = c
	l.log, err = journal.Create(path, h)
	return l, err
}

// restart removes the file of a run that has not changed anything, and begins it again.
func (l *runLog) restart() error {
	l.closeHelpers()
	l.log.Discard()
	again, err := createLog(l.c, l.log.Path(), l.header)
	if err == nil {
		*l = *again
	}
	return err
}

func (l *runLog) closeHelpers() {
	l.late.close()
	l.edits.close()
}

// Origin is what the journal records of the caller of [Run].
type Origin struct {
	// Verb is what the user called. Empty means apply.
	Verb string
	// Seedkit is the version of seedkit.
	Seedkit string
	// Source names what the seed was made from. SHA256 is its SHA-256 in hexadecimal, or "" without
	// a file. If Source is empty, the journal has the path of the seed, and Run hashes the seed.
	Source, SHA256 string
}

// header describes the run for the journal. sum is the SHA-256 of the seed.
func (r *run) header(sum string) (h journal.Header, err error) {
	from := r.opts.Origin
	if from.Source == "" {
		from.Source, from.SHA256 = r.source, sum
	}
	h = journal.Header{
		Time: r.opts.Now.UTC(), Seedkit: from.Seedkit, Verb: cmp.Or(from.Verb, "apply"),
		Source: from.Source, SourceSHA256: from.SHA256,
	}
	h.Target, err = filepath.Abs(r.path)
	return h, err
}

// hashSource returns a function that returns the SHA-256 of the source, in hexadecimal, after the
// run has read the source. A script of the options is hashed while it is read. A file is hashed at
// once: closing a file later would release the locks that SQLite holds on it
// (https://sqlite.org/howtocorrupt.html, section 2.2). A pipe has no hash.
func hashSource(path string, opts *Options) (sum func() string) {
	hash := sha256.New()
	text := func() string { return hex.EncodeToString(hash.Sum(nil)) }
	if opts.Script != nil {
		opts.Script = io.TeeReader(opts.Script, hash)
		return text
	}
	none := func() string { return "" }
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return none // opening the seed reports the error
	}
	f, err := os.Open(path)
	if err != nil {
		return none
	}
	defer f.Close()
	if _, err := io.Copy(hash, f); err != nil {
		return none
	}
	return text
}

func (l *runLog) table(t *schema.Table) *loggedTable {
	if l.tables[t] == nil {
		l.tables[t] = &loggedTable{Table: journal.NewTable(t), there: t}
	}
	return l.tables[t]
}

// begin prepares a table whose rows the run inserts. complete reports that the target stores the
// values of the seed's rows and no others.
func (l *runLog) begin(t tablePlace, complete bool) {
	of := l.table(t.there)
	if at, ok := schema.Positions(t.seed.Stored(), of.Columns); ok && complete {
		of.at = at
	}
}

// storesAsGiven reports whether the target stores the values of the seed's rows of a table and no
// others: no row leaves a value to a default, and no trigger can change a row.
func (r *run) storesAsGiven(t tablePlace) bool {
	fires := func(t tablePlace) bool { return len(insertTriggers(t.there)) > 0 }
	return !r.firesTriggers() && !slices.ContainsFunc(r.tables, fires) &&
		r.seed.UnsaidSets(t.seed) == nil
}

// inserted adds a row that the run has inserted just now.
func (l *runLog) inserted(t tablePlace, row []sqlite.Value) {
	if l.err != nil {
		return
	}
	of := l.table(t.there)
	if of.at == nil {
		l.err = l.late.add(of, t.seed.Stored(), row)
		return
	}
	l.err = l.insert(of, sqlite.Pick(row, of.at))
}

func (l *runLog) insert(of *loggedTable, stored []sqlite.Value) error {
	return l.log.Add(journal.Change{
		Table: of.Table, Kind: journal.Insert, Key: of.KeyOf(stored), Hash: journal.HashOf(stored),
	})
}

// edited adds an edit that the run has made just now. was has the old values of the columns that
// are set, or all values of a deleted row.
func (l *runLog) edited(p preparedEdit, was []sqlite.Value) {
	if l.err != nil {
		return
	}
	of := l.table(p.table)
	c := journal.Change{Table: of.Table, Kind: journal.Delete}
	if p.deletes {
		c.Key, c.Hash = of.KeyOf(was), journal.HashOf(was)
		c.Old = journal.OldValues(of.Columns, was)
		l.err = l.log.Add(c)
		return
	}
	c.Kind, c.Was = journal.Update, journal.HashOf(was)
	c.Old = journal.OldValues(p.set.columns, was)
	now, err := l.edits.find(preparedEdit{
		table: p.table, where: of.find(p.set.over(p.where)),
		set: columnValues{columns: append(append([]string{}, of.Key...), p.set.columns...)},
	})
	if err != nil {
		l.err = p.failed(err)
		return
	}
	c.Key, c.Hash = now[:len(of.Key)], journal.HashOf(now[len(of.Key):])
	l.err = l.log.Add(c)
}

// find returns the key's values among the values of a row, or all of them if the key is not among
// them. A trigger may have changed the other values.
func (of *loggedTable) find(row columnValues) columnValues {
	at, ok := schema.Positions(row.columns, of.Key)
	if !ok || len(at) == 0 {
		return row
	}
	return columnValues{columns: of.Key, values: sqlite.Pick(row.values, at)}
}

// ready completes the list of rows before the commit.
func (l *runLog) ready() error {
	if l.err == nil {
		l.err = l.late.each(l.insert)
	}
	if l.err == nil {
		l.err = l.log.Ready()
	}
	return l.err
}

// finish writes the outcome of a transaction that ended with err.
func (l *runLog) finish(err error) error {
	l.closeHelpers()
	outcome := journal.Committed
	if _, uncertain := errors.AsType[*UncertainError](err); uncertain {
		outcome = journal.Uncertain
	} else if err != nil {
		outcome = journal.RolledBack
	}
	return l.log.Finish(outcome)
}

// readRow returns the stored values of the row with the identity, or nil if it is gone.
func readRow(c *sqlite.Conn, of *loggedTable, id []sqlite.Value) ([]sqlite.Value, error) {
	sql := "SELECT " + sqltext.QuoteIdents(of.Columns) + " FROM " +
		sqltext.QuoteIdent(of.Name) + " WHERE " + equals(journal.Identity(of.there))
	for row, err := range c.Query(sql, sqlite.Args(id)...) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}
