package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// tablePair is a table of the backup and the table of the same name in the database. A missing
// table is the zero table.
type tablePair struct{ backup, present table }

func (p tablePair) name() string {
	if p.backup.name == "" {
		return p.present.name
	}
	return p.backup.name
}

// isHalf reports whether only one side has the table.
func (p tablePair) isHalf() bool { return p.backup.name != p.present.name }

// pairTables pairs tables by name. The tables of the backup come first.
func pairTables(backup, present []table) []tablePair {
	present = slices.Clone(present)
	var pairs []tablePair
	for _, t := range backup {
		p := tablePair{backup: t}
		i := slices.IndexFunc(present, func(o table) bool { return o.name == t.name })
		if i >= 0 {
			p.present = present[i]
			present = slices.Delete(present, i, i+1)
		}
		pairs = append(pairs, p)
	}
	for _, t := range present {
		pairs = append(pairs, tablePair{present: t})
	}
	return pairs
}

// comparison compares the tables of two databases.
type comparison struct{ backup, present *scan.Scanner }

// newComparison begins a comparison. A table WITHOUT ROWID cannot be read without the collations of
// its key, and the app may have collations of its own. They get stand-ins, because the order of the
// rows does not matter.
func newComparison(backup, present *sqlite.Conn) (*comparison, error) {
	err := errors.Join(backup.StandInForCollations(), present.StandInForCollations())
	return &comparison{
		scan.New(backup, scan.DecodeLarge), scan.New(present, scan.DecodeLarge),
	}, err
}

// rowHash is a hash that tells rows apart.
type rowHash [16]byte

// hashesAtOnce is how many hashes of each side are in memory at a time.
var hashesAtOnce = 1 << 19

// change counts the rows that only one side of the pair has. If more rows differ than hashesAtOnce,
// it reads both sides several times. Each time it compares one part of the hashes.
func (c *comparison) change(p tablePair) (TableChange, error) {
	change := TableChange{Table: p.name()}
	hashes, most, err := c.differing(p, 0, 1)
	if err != nil || most <= hashesAtOnce {
		change.add(hashes)
		return change, err
	}
	parts := uint64(most/hashesAtOnce) + 1
	for part := range parts {
		if hashes, _, err = c.differing(p, part, parts); err != nil {
			return change, err
		}
		change.add(hashes)
	}
	return change, nil
}

// add adds the rows that only one side has.
func (c *TableChange) add(hashes [2][]rowHash) {
	for _, side := range hashes {
		slices.SortFunc(side, func(a, b rowHash) int { return bytes.Compare(a[:], b[:]) })
	}
	c.Back += countMissing(hashes[scan.Here], hashes[scan.There])
	c.Lost += countMissing(hashes[scan.There], hashes[scan.Here])
}

// differing returns hashes of rows of both sides, and how many such rows the side with more of them
// has. Without these rows, both sides have the same rows. It returns only the hashes of a part, and
// for a single part no more than hashesAtOnce of a side.
func (c *comparison) differing(
	p tablePair, part, parts uint64,
) (hashes [2][]rowHash, most int, err error) {
	var key []byte
	var found [2]int
	add := func(side scan.Side, row []scan.Value) error {
		found[side]++
		if parts == 1 && found[side] > hashesAtOnce {
			return nil
		}
		key = key[:0]
		for i := range row {
			key = row[i].AppendKey(key)
		}
		sum := sha256.Sum256(key)
		if binary.BigEndian.Uint64(sum[len(rowHash{}):])%parts == part {
			hashes[side] = append(hashes[side], rowHash(sum[:]))
		}
		return nil
	}
	switch {
	case p.backup.name == "":
		err = readAll(c.present, p.present, scan.There, add)
	case p.present.name == "":
		err = readAll(c.backup, p.backup, scan.Here, add)
	default:
		err = c.backup.Differ(p.backup.query(), c.present, p.present.query(), add)
	}
	if err != nil {
		err = fmt.Errorf("read table %s: %w", p.name(), err)
	}
	return hashes, max(found[0], found[1]), err
}

func readAll(
	s *scan.Scanner, t table, side scan.Side, add func(scan.Side, []scan.Value) error,
) error {
	for row, err := range s.Rows(t.query()) {
		if err == nil {
			err = add(side, row)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
