package extract_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// TestD1TakesRowsInPieces lets the real Wrangler run rows that are longer than D1's limit of a
// statement, from a migration and from a file.
func TestD1TakesRowsInPieces(t *testing.T) {
	tools := authority.Migrators(t)
	const tables = "CREATE TABLE t(id TEXT PRIMARY KEY NOT NULL, a TEXT, b BLOB);\n"
	text := sqltext.AppendText(nil, []byte(strings.Repeat("a; ä€😀'\n\\nCOMMIT;", 6_000)))
	blob := sqltext.AppendBlob(nil, []byte(strings.Repeat(string(everyByte), 150)))
	seed := fmt.Sprintf("%sINSERT INTO t VALUES('it''s', %s, %s);", tables, text, blob)
	want := valuesAfter(t, seed)

	dir, path := filepath.Join(t.TempDir(), "migrations"), filepath.Join(t.TempDir(), "migrated.db")
	put(t, filepath.Join(dir, "0001_init.sql"), tables)
	edit, err := extract.New(t.Context(), "seed", dir, "test.sql",
		extract.Options{Script: strings.NewReader(seed), Format: "d1",
			Now: time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	put(t, edit.Path, string(edit.New))
	if _, err := tools.D1(t.Context(), dir, path); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, valuesIn(t, openDatabase(t, path))); diff != "" {
		t.Errorf("by a migration (-want +got)\n%.1000s", diff)
	}

	script := filepath.Join(t.TempDir(), "rows.sql")
	path = filepath.Join(t.TempDir(), "executed.db")
	rows, _, err := write(t, seed, extract.Options{Format: "d1"})
	if err != nil {
		t.Fatal(err)
	}
	put(t, script, tables+rows)
	if _, err := tools.D1Execute(t.Context(), script, path); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, valuesIn(t, openDatabase(t, path))); diff != "" {
		t.Errorf("from a file (-want +got)\n%.1000s", diff)
	}
}
