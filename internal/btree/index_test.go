package btree_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seedkit/seedkit/internal/btree"
)

// indexRoot is the root page of the index that was created after the table.
const indexRoot = 3

// entries returns the bytes of the values of an index, up to an error.
func entries(pages *btree.Pages) (records []string, err error) {
	walk := btree.NewIndexWalk(pages, indexRoot)
	for {
		record, err := walk.Next()
		if record == nil || err != nil {
			return records, err
		}
		header, _ := btree.Varint(record)
		if header > uint64(len(record)) {
			header = uint64(len(record))
		}
		records = append(records, fmt.Sprintf("%x", record[header:]))
	}
}

// TestIndexWalk has an index with several levels, whose pages above the leaves hold entries, too.
func TestIndexWalk(t *testing.T) {
	for _, rows := range []int{0, 1, 40, 2000} {
		file := build(t, fmt.Sprintf(`PRAGMA page_size = 512;
			CREATE TABLE t(a); CREATE INDEX i ON t(a);
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO t SELECT printf('%%06d', i * 7919 %% 10007) FROM n WHERE %[1]d;
			CREATE TABLE want AS SELECT a FROM t ORDER BY a`, rows))
		got, err := entries(pagesOf(file))
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, entry := range got {
			texts = append(texts, entry[:12]) // the rowid follows
		}
		if len(texts) != rows {
			t.Errorf("%d entries, want %d", len(texts), rows)
		}
		for i := 1; i < len(texts); i++ {
			if texts[i-1] >= texts[i] {
				t.Errorf("%s comes before %s", texts[i-1], texts[i])
			}
		}
	}
}

// TestIndexWalkRefusesLongKeys has records near the length of 102 bytes, which is the longest
// without an overflow page. The header and the rowid take 4 bytes.
func TestIndexWalkRefusesLongKeys(t *testing.T) {
	for length, want := range map[int]bool{98: false, 99: true, 500: true} {
		file := build(t, fmt.Sprintf(`PRAGMA page_size = 512; CREATE TABLE t(a);
			CREATE INDEX i ON t(a); INSERT INTO t VALUES(zeroblob(%d))`, length))
		_, err := entries(pagesOf(file))
		if got := errors.Is(err, btree.ErrLongKey); got != want {
			t.Errorf("%d bytes: got %v", length, err)
		}
	}
}

func FuzzIndexWalk(f *testing.F) {
	for _, rows := range []int{3, 300} {
		f.Add(build(f, fmt.Sprintf(`PRAGMA page_size = 512;
			CREATE TABLE t(a); CREATE INDEX i ON t(a);
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO t SELECT zeroblob(i %% 90) FROM n`, rows)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		const size = 512
		if len(file) < size {
			return
		}
		file[16], file[17], file[20] = size>>8, 0, file[20]&0x1f
		found, err := entries(pagesOf(file))
		if err != nil && !isCorrupt(err) && !errors.Is(err, btree.ErrLongKey) {
			t.Error(err)
		}
		if len(found) > len(file) {
			t.Errorf("%d entries in %d bytes", len(found), len(file))
		}
	})
}
