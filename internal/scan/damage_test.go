package scan_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestMalformedRecords spoils a record of a table of several pages. The record's header has one
// byte for its own size and one for the type of the value.
func TestMalformedRecords(t *testing.T) {
	tests := []struct{ name, header string }{
		{"header longer than the record", "\x7f\x17"},
		{"value longer than the record", "\x02\x7f"},
		{"record longer than its values", "\x02\x13"},
		{"header that ends within a type", "\x02\xff"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			reopen(t, path,
				"CREATE TABLE t(a); "+numbers(2000)+
					" INSERT INTO t SELECT CASE i WHEN 1500 THEN 'spoil' ELSE 'leave' END FROM n")
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			whole, spoilt := []byte("\x02\x17spoil"), []byte(test.header+"spoil")
			if bytes.Count(file, whole) != 1 {
				t.Fatal("the record is not where it was")
			}
			if err := os.WriteFile(path, bytes.Replace(file, whole, spoilt, 1), 0o666); err != nil {
				t.Fatal(err)
			}
			s := scan.New(reopen(t, path, ""), scan.DecodeLarge)
			q := scan.Query{Table: "t", SQL: "SELECT a FROM t"}
			for _, err = range s.Rows(q) {
			}
			checkCorrupt(t, "rows", err)
			dot := func(text *scan.Buffer, _ []scan.Value) { text.Bytes = append(text.Bytes, '.') }
			err = s.Text(q, dot, func([]byte, int64) error { return nil })
			checkCorrupt(t, "text", err)
			other := open(t, "CREATE TABLE t(a); "+numbers(2000)+
				" INSERT INTO t SELECT 'leave' FROM n")
			_, err = s.Same(q, scan.New(other, scan.DecodeLarge), q)
			checkCorrupt(t, "same", err)
		})
	}
}

func checkCorrupt(t *testing.T, what string, err error) {
	t.Helper()
	_, decoded := errors.AsType[*btree.CorruptError](err)
	if !decoded || !sqlite.Is(err, sqlite.Corrupt) || !strings.Contains(err.Error(), "rowid 1500") {
		t.Errorf("%s: got %v, want an error that names the row", what, err)
	}
}
