package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// RestorePlan is what a restore would change.
type RestorePlan struct {
	Backup   Manifest `json:"backup"`
	Database string   `json:"database"` // path of the database that would be overwritten
	Exists   bool     `json:"exists"`   // false: the database would be made
	// NoManifest says that nothing vouches for what the backup holds.
	NoManifest bool `json:"no_manifest"`
	// SchemaDiffers says that the schema was changed since the backup.
	SchemaDiffers bool `json:"schema_differs"`
	// Tables are those of the app that differ, those of the backup first.
	// SQLite's own, such as sqlite_sequence, are restored and not counted,
	// nor are the shadow tables of virtual tables, in whose place the
	// virtual table counts if its rows are not those of another table.
	Tables []TableChange `json:"tables"`
}

// TableChange counts the rows of a table that a restore changes. A row that
// was changed since the backup counts on both sides, and a table that is on
// one side only counts with all its rows.
type TableChange struct {
	Table string `json:"table"`
	Lost  int64  `json:"lost"` // rows of the database that are not in the backup
	Back  int64  `json:"back"` // rows of the backup that are not in the database
}

// planRestore compares the backup that m describes and src has open with the
// database's present state. Rows are compared as wholes, by storage class and
// bytes; equal rows of a table without a key count as often as they are there.
func planRestore(m Manifest, src, dst *sqlite.Conn, progress reporter) (RestorePlan, error) {
	plan := RestorePlan{Backup: m, Exists: true}
	schema, err := digestSchema(dst)
	if err != nil {
		return plan, err
	}
	plan.SchemaDiffers = schema != m.SchemaHash
	present, err := digestTables(dst, progress)
	if err != nil {
		return plan, err
	}
	pairs, err := pairTables(src, dst)
	if err != nil {
		return plan, err
	}
	for _, p := range pairs {
		was, is := digestOf(p.backup.stored, m.Tables), digestOf(p.present.stored, present)
		digested := p.backup.digested || p.present.digested
		if digested && was == is {
			continue
		}
		change, err := p.compare(src, dst, max(was.Rows, is.Rows))
		if err != nil {
			return plan, err
		}
		if digested || change.Lost+change.Back > 0 {
			plan.Tables = append(plan.Tables, change)
		}
	}
	return plan, nil
}

func digestOf(table string, digests []TableDigest) TableDigest {
	i := slices.IndexFunc(digests, func(d TableDigest) bool { return d.Name == table })
	if i < 0 {
		return TableDigest{}
	}
	return digests[i]
}

// tablePair is a table in the backup and in the database; the zero table where
// there is none.
type tablePair struct{ backup, present appTable }

func (p tablePair) name() string {
	if p.backup.name == "" {
		return p.present.name
	}
	return p.backup.name
}

func pairTables(src, dst *sqlite.Conn) ([]tablePair, error) {
	backup, err := appTables(src)
	if err != nil {
		return nil, err
	}
	present, err := appTables(dst)
	if err != nil {
		return nil, err
	}
	var pairs []tablePair
	for _, t := range backup {
		p := tablePair{backup: t}
		if i := slices.IndexFunc(present, func(o appTable) bool { return o.name == t.name }); i >= 0 {
			p.present = present[i]
			present = slices.Delete(present, i, i+1)
		}
		pairs = append(pairs, p)
	}
	for _, t := range present {
		pairs = append(pairs, tablePair{present: t})
	}
	return pairs, nil
}

// rowHash tells rows apart.
type rowHash [16]byte

// hashesAtOnce is how many rows' hashes of either side are held in memory.
var hashesAtOnce int64 = 1 << 20

// compare counts the rows of the pair that only one side has. For a table of
// more than hashesAtOnce rows it reads both sides several times, each time
// looking at one part of the hashes.
func (p tablePair) compare(src, dst *sqlite.Conn, rows int64) (TableChange, error) {
	change := TableChange{Table: p.name()}
	parts := uint64(rows/hashesAtOnce) + 1
	for part := range parts {
		backup, err := p.backup.sortedHashes(src, part, parts)
		if err != nil {
			return change, err
		}
		present, err := p.present.sortedHashes(dst, part, parts)
		if err != nil {
			return change, err
		}
		change.Back += countMissing(backup, present)
		change.Lost += countMissing(present, backup)
	}
	return change, nil
}

func (t table) sortedHashes(c *sqlite.Conn, part, parts uint64) ([]rowHash, error) {
	if t.name == "" {
		return nil, nil
	}
	var hashes []rowHash
	for hash, err := range t.hashes(c) {
		if err != nil {
			return nil, err
		}
		if binary.BigEndian.Uint64(hash[sha256.Size-8:])%parts == part {
			hashes = append(hashes, rowHash(hash[:]))
		}
	}
	slices.SortFunc(hashes, func(a, b rowHash) int { return bytes.Compare(a[:], b[:]) })
	return hashes, nil
}

// countMissing counts what of the sorted a is not in the sorted b, equal
// elements as often as they occur.
func countMissing(a, b []rowHash) int64 {
	var missing int64
	for _, hash := range a {
		for len(b) > 0 && bytes.Compare(b[0][:], hash[:]) < 0 {
			b = b[1:]
		}
		if len(b) > 0 && b[0] == hash {
			b = b[1:]
			continue
		}
		missing++
	}
	return missing
}
