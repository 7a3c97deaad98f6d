// Package journal keeps what each run did to a database. Each run has a file of its own, which is
// named after the run's backup and is beside it.
//
// Each line of the file is a JSON value. The first line is the header. A line for each row that the
// run changes follows, then a line that says that the list of rows is whole. All of these lines are
// on the disk before the run commits. The last line has the outcome. So the file is true at each
// instant: without the line for the whole list nothing was committed, and without an outcome the
// process was killed. The process holds a lock on the file while it works.
//
// A row is named by its key, and its values are in the file as a hash. The old values of a row that
// was updated or deleted are in the file, too. The values of columns that may hold secrets are not:
// the backup has them.
package journal

import (
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Suffix follows the name of a backup in the name of a run's file.
const Suffix = ".run"

const format = 1

// Header says which run it is.
type Header struct {
	Format int64 `json:"seedkit_run"`
	// Time is when the run began. It is zero if the caller did not know.
	Time time.Time `json:"time,omitzero"`
	// Seedkit is the version of seedkit.
	Seedkit string `json:"seedkit,omitempty"`
	// Verb is what the user called.
	Verb string `json:"verb"`
	// Source is the seed, the backup or the run that was given.
	Source string `json:"source"`
	// SourceSHA256 is the SHA-256 of the source's file in hexadecimal, "" if there is no file.
	SourceSHA256 string `json:"source_sha256,omitempty"`
	// Target is the absolute path of the database.
	Target string `json:"target"`
	// Backup is the name of the backup's file, in the folder of the run's file. It is "" if there
	// was nothing to back up.
	Backup string `json:"backup,omitempty"`
}

// Rows counts the rows of a table that a run changes.
type Rows struct {
	Table    string `json:"table"`
	Inserted int64  `json:"inserted,omitzero"`
	Updated  int64  `json:"updated,omitzero"`
	Deleted  int64  `json:"deleted,omitzero"`
}

// Outcome is how a run ended.
type Outcome string

const (
	Committed  Outcome = "committed"
	RolledBack Outcome = "rolled back"
	// Uncertain is the outcome of a commit of which nobody knows whether it took effect.
	Uncertain Outcome = "uncertain"
)

// Table is a table whose rows a run changes.
type Table struct {
	Name string `json:"table"`
	// Columns are the stored columns at the time of the run. The hash of a row has their values in
	// this order.
	Columns []string `json:"columns"`
	// Key are the columns that name a row. There are none if the table has no key, or if a column
	// of the key may hold a secret. Such a row is found by its hash alone.
	Key []string `json:"key"`
}

// NewTable describes a table of the database.
func NewTable(t *schema.Table) *Table {
	key := t.Key()
	if slices.ContainsFunc(key, schema.IsSecret) {
		key = nil
	}
	return &Table{Name: t.Name, Columns: t.Stored(), Key: key}
}

// Is reports whether a table of the database has the columns that the run knew.
func (t *Table) Is(there *schema.Table) bool {
	now := NewTable(there)
	return slices.Equal(t.Columns, now.Columns) && slices.Equal(t.Key, now.Key)
}

// KeyOf returns the values of the key in a row of all stored columns.
func (t *Table) KeyOf(row []sqlite.Value) []sqlite.Value {
	at, _ := schema.Positions(t.Columns, t.Key)
	return sqlite.Pick(row, at)
}

// Kind is what a run does to a row.
type Kind string

const (
	Insert Kind = "i"
	Update Kind = "u"
	Delete Kind = "d"
)

// Change is what a run does to one row.
type Change struct {
	Table *Table
	Kind  Kind
	// Key has the values of the table's key, after an update the new ones.
	Key []sqlite.Value
	// Hash is the hash of the row that was inserted or deleted, or of the new values of the columns
	// that were updated.
	Hash Hash
	// Was is the hash of the old values of the columns that were updated.
	Was Hash
	// Old has the old values of the columns that were updated, or of all columns of a deleted row.
	// It is empty if the run does not keep them.
	Old []Old
	// Place is where the change is in the file, see [Reader.At].
	Place int64
}

// Old is the value of a column before a run.
type Old struct {
	Column string
	Value  sqlite.Value
	// Hidden reports that only the backup has the value, because the column may hold a secret.
	Hidden bool
}

// OldValues pairs columns with their values, and hides what may be secret.
func OldValues(columns []string, values []sqlite.Value) []Old {
	all := make([]Old, len(columns))
	for i, name := range columns {
		all[i] = Old{Column: name, Value: values[i]}
		if schema.IsSecret(name) {
			all[i] = Old{Column: name, Hidden: true}
		}
	}
	return all
}
