package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// RestorePlan is what a restore would change.
type RestorePlan struct {
	// Backup describes the backup to restore.
	Backup Manifest `json:"backup"`
	// Database is the path of the database to restore to.
	Database string `json:"database"`
	// Exists reports whether the database exists. If it does not, Restore makes it.
	Exists bool `json:"exists"`
	// LiteFSPosition is the position of LiteFS when the plan was made, TXID/checksum. It is empty
	// without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// NoManifest reports that no manifest vouches for the backup's content.
	NoManifest bool `json:"no_manifest"`
	// SchemaDiffers reports that the database's schema differs from the backup's.
	SchemaDiffers bool `json:"schema_differs"`
	// Tables are the app's tables that differ. The tables of the backup come first. A restore also
	// restores SQLite's own tables, such as sqlite_sequence, and the shadow tables of virtual
	// tables, but Tables does not list them. Instead of its shadow tables, Tables lists a virtual
	// table whose rows are not another table's.
	Tables []TableChange `json:"tables"`
}

// TableChange counts the rows that a restore changes in a table. A row that was changed since the
// backup counts as lost and as back. If only one side has the table, all its rows count.
type TableChange struct {
	Table string `json:"table"`
	// Lost counts the rows of the database that are not in the backup.
	Lost int64 `json:"lost"`
	// Back counts the rows of the backup that are not in the database.
	Back int64 `json:"back"`
}

// plan compares the backup with dst's present state. It compares whole rows, by storage class and
// bytes. Each of several equal rows counts.
func (r *restore) plan(dst *sqlite.Conn) error {
	r.result.Plan = RestorePlan{
		Backup: r.manifest, Database: r.db, Exists: true, NoManifest: r.noManifest,
	}
	plan := &r.result.Plan
	var err error
	if plan.LiteFSPosition, _, err = litefs.Position(r.db); err != nil {
		return err
	}
	schema, err := digestSchema(dst)
	if err != nil {
		return err
	}
	plan.SchemaDiffers = schema != r.manifest.SchemaHash
	present, err := digestTables(dst, r.progress)
	if err != nil {
		return err
	}
	pairs, err := pairTables(r.src, dst)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		was, is := digestOf(p.backup.stored, r.manifest.Tables), digestOf(p.present.stored, present)
		digested := p.backup.digested || p.present.digested
		if digested && was == is {
			continue
		}
		change, err := p.compare(r.src, dst, max(was.Rows, is.Rows))
		if err != nil {
			return err
		}
		if digested || change.Lost+change.Back > 0 {
			plan.Tables = append(plan.Tables, change)
		}
	}
	return nil
}

func digestOf(table string, digests []TableDigest) TableDigest {
	i := slices.IndexFunc(digests, func(d TableDigest) bool { return d.Name == table })
	if i < 0 {
		return TableDigest{}
	}
	return digests[i]
}

// tablePair is a table of the backup and the table of the same name in the database. A missing
// table is the zero appTable.
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
		i := slices.IndexFunc(present, func(o appTable) bool { return o.name == t.name })
		if i >= 0 {
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

// rowHash is a hash that tells rows apart.
type rowHash [16]byte

// hashesAtOnce is about how many hashes of each side are in memory at a time.
var hashesAtOnce int64 = 1 << 20

// compare counts the rows that only one side of the pair has. For more than hashesAtOnce rows it
// reads both sides several times. Each time it compares one part of the hashes.
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

// countMissing counts the elements of the sorted a that are not in the sorted b. Each of several
// equal elements counts.
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
