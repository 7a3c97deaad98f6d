package btree_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// build runs a script on a new database and returns the file.
func build(t testing.TB, script string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	run(t, path, script)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t testing.TB, path, script string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
}

// pagesOf reads pages from a file in memory. It takes the page size from the file's header.
func pagesOf(file []byte) *btree.Pages {
	size := int(binary.BigEndian.Uint16(file[16:]))
	if size == 1 {
		size = 65536
	}
	return &btree.Pages{
		Read: func(number uint32) ([]byte, error) {
			return file[int(number-1)*size:][:size], nil
		},
		Count:  uint32(len(file) / size),
		Size:   size,
		Usable: size - int(file[20]),
	}
}

// root is the root page of the table that was created first.
const root = 2

// read returns the rows of a table: rowid, then the bytes of the values.
func read(pages *btree.Pages) (rows []string, err error) {
	err = each(pages, func(row btree.Row) {
		header, _ := btree.Varint(row.Record)
		rows = append(rows, fmt.Sprintf("%d %x", row.ID, row.Record[header:]))
	})
	return rows, err
}

func each(pages *btree.Pages, do func(row btree.Row)) error {
	var chunk btree.Chunk
	walk := btree.NewWalk(pages, root)
	for {
		more, err := walk.Next(&chunk)
		if err != nil || !more {
			return err
		}
		for _, row := range chunk.Rows {
			do(row)
		}
	}
}

// TestOverflow has records whose length is near the lengths at which they need a first or a further
// overflow page.
func TestOverflow(t *testing.T) {
	for _, size := range []int{512, 4096, 65536} {
		for _, reserved := range []int{0, 32} {
			t.Run(fmt.Sprint(size, reserved), func(t *testing.T) {
				file := buildReserving(t, size, reserved, `CREATE TABLE t(x);
					WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
					INSERT INTO t SELECT zeroblob(page_size * k / 2 + i - 80) FROM n,
					pragma_page_size, (SELECT 2 AS k UNION SELECT 3 UNION SELECT 4) ORDER BY i, k`)
				rows, err := read(pagesOf(file))
				if err != nil {
					t.Fatal(err)
				}
				for i, got := range rows {
					length := size*(2+i%3)/2 + (i/3 + 1) - 80
					want := fmt.Sprintf("%d %s", i+1, strings.Repeat("00", length))
					if got != want {
						t.Fatalf("row %d is %.40s…, want %.40s…", i, got, want)
					}
				}
				if len(rows) != 300 {
					t.Errorf("%d rows, want 300", len(rows))
				}
			})
		}
	}
}

// buildReserving creates a database whose pages end with reserved bytes.
func buildReserving(t *testing.T, size, reserved int, script string) []byte {
	t.Helper()
	file := build(t,
		fmt.Sprintf("PRAGMA page_size = %d; CREATE TABLE t(x); DROP TABLE t; VACUUM", size))
	file[20] = byte(reserved)
	// the start of the cells of the empty schema
	binary.BigEndian.PutUint16(file[105:], uint16(size-reserved))
	path := filepath.Join(t.TempDir(), "reserving.db")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, path, script)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCorrupt spoils a table with an interior root, page 2, above leaves. The first row of the
// table uses overflow pages.
func TestCorrupt(t *testing.T) {
	const size = 512
	whole := build(t, `PRAGMA page_size = 512; CREATE TABLE t(x);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
		INSERT INTO t SELECT zeroblob(100) FROM n;
		UPDATE t SET x = zeroblob(3000) WHERE rowid = 1`)
	page := func(file []byte, number uint32) []byte { return file[(number-1)*size:][:size] }
	cell := func(page []byte, pointer int) []byte {
		return page[binary.BigEndian.Uint16(page[pointer:]):]
	}
	leaf := func(file []byte, i int) []byte {
		p := page(file, root)
		return page(file, binary.BigEndian.Uint32(cell(p, 12+2*i)))
	}
	// 3003 bytes, 463 of them local
	long := func(file []byte) []byte { return cell(leaf(file, 0), 8) }
	short := func(file []byte) []byte { return cell(leaf(file, 2), 8) }
	tests := []struct {
		name  string
		spoil func(file []byte)
		want  string
	}{
		{"type", func(f []byte) { leaf(f, 2)[0] = 0x0a }, "is of type 0x0a"},
		{"more cells than fit", func(f []byte) { leaf(f, 2)[3] = 0xff },
			"more than it has room for"},
		{"no cells", func(f []byte) { leaf(f, 2)[3], leaf(f, 2)[4] = 0, 0 }, "has no cells"},
		{"no cells in the root", func(f []byte) { page(f, root)[3], page(f, root)[4] = 0, 0 },
			"has no cells"},
		{"cell in the header", func(f []byte) { leaf(f, 2)[8], leaf(f, 2)[9] = 0, 4 },
			"has cell 0 at byte 4"},
		{"cell behind the page", func(f []byte) { leaf(f, 2)[8] = 0xff }, "has cell 0 at byte"},
		{"same cell again", func(f []byte) {
			n := 2 * int(leaf(f, 2)[4])
			copy(leaf(f, 2)[8+n:], bytes.Repeat(leaf(f, 2)[8:10], 8))
			leaf(f, 2)[4] += 8
		}, "overlap"},
		{"overflow page again", func(f []byte) {
			first := binary.BigEndian.Uint32(long(f)[3+463:])
			binary.BigEndian.PutUint32(page(f, first), first)
			copy(long(f), []byte{0xff, 0x7f}) // a record of 16383 bytes, 127 of them local
			binary.BigEndian.PutUint32(long(f)[3+127:], first)
		}, "more than once"},
		{"child 0", func(f []byte) { binary.BigEndian.PutUint32(page(f, root)[8:], 0) },
			"page 0 is referred to"},
		{"child behind the end",
			func(f []byte) { binary.BigEndian.PutUint32(page(f, root)[8:], 1<<31) },
			"is referred to, but"},
		{"its own ancestor", func(f []byte) { binary.BigEndian.PutUint32(page(f, root)[8:], root) },
			"more than once"},
		{"record longer than the database",
			func(f []byte) { copy(long(f), []byte{0xff, 0xff, 0x7f}) },
			"more than the database has"},
		{"record longer than any", func(f []byte) { copy(short(f), bytes.Repeat([]byte{0xff}, 9)) },
			"has a record of"},
		{"overflow page behind the end",
			func(f []byte) { binary.BigEndian.PutUint32(long(f)[3+463:], 1<<20) },
			"is referred to, but"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := bytes.Clone(whole)
			tt.spoil(file)
			_, err := read(pagesOf(file))
			if !isCorrupt(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a corrupt page that %s", err, tt.want)
			}
		})
	}
	if rows, err := read(pagesOf(whole)); err != nil || len(rows) != 100 {
		t.Errorf("whole: %d rows, %v", len(rows), err)
	}
}

func isCorrupt(err error) bool {
	_, ok := errors.AsType[*btree.CorruptError](err)
	return ok
}

func FuzzWalk(f *testing.F) {
	for _, size := range []int{512, 1024} {
		f.Add(build(f, fmt.Sprintf(`PRAGMA page_size = %d; CREATE TABLE t(a, b);
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
			INSERT INTO t SELECT i, zeroblob(i * i) FROM n`, size)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		const size = 512
		if len(file) < size {
			return
		}
		file[16], file[17], file[20] = size>>8, 0, file[20]&0x1f
		rows := 0
		err := each(pagesOf(file), func(btree.Row) { rows++ })
		if err != nil && !isCorrupt(err) {
			t.Error(err)
		}
		if rows > len(file) {
			t.Errorf("%d rows in %d bytes", rows, len(file))
		}
	})
}
