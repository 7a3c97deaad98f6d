package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestDraft writes what an overlay has made of a database into the database. The rows must then be
// the overlay's, for the connection that writes, for one that was open before, and for a new one.
func TestDraft(t *testing.T) {
	const grow = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO t SELECT NULL, 'n%[1]d_' || (i * 7919 %% 1000003), zeroblob(i %% 900) FROM n;`
	tests := []struct{ name, settings, before, write string }{
		{"few", "page_size = 4096", "", fmt.Sprintf(grow, 3)},
		{"many", "page_size = 4096", fmt.Sprintf(grow, 500), fmt.Sprintf(grow, 8000)},
		{"small pages", "page_size = 512", "", fmt.Sprintf(grow, 1000)},
		{"large pages", "page_size = 65536", "", fmt.Sprintf(grow, 1000)},
		{"on free pages", "page_size = 4096",
			fmt.Sprintf(grow, 1500) + "DELETE FROM t WHERE id > 10;", fmt.Sprintf(grow, 1000)},
		{"free pages at the end", "page_size = 4096", fmt.Sprintf(grow, 100),
			fmt.Sprintf(grow, 1500) + "DELETE FROM t WHERE id > 10;"},
		{"none", "page_size = 4096", "", "DELETE FROM t WHERE 0;"},
	}
	for _, mode := range []string{"wal", "delete"} {
		for _, test := range tests {
			t.Run(mode+", "+test.name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "data.db")
				app := openFile(t, path, sqlite.Create)
				mustRun(t, app, "PRAGMA synchronous = OFF; PRAGMA "+test.settings+
					"; PRAGMA journal_mode = "+mode+"; CREATE TABLE t(id INTEGER PRIMARY KEY, "+
					"name TEXT UNIQUE, body BLOB); CREATE INDEX i ON t(body);"+
					"INSERT INTO t VALUES(-1, 'a', 'b');"+test.before)
				base := openFile(t, path, sqlite.ReadWrite)
				mustRun(t, base, "BEGIN; SELECT count(*), max(name) FROM t;")
				overlay, err := sqlite.OpenOverlay(base)
				if err != nil {
					t.Fatal(err)
				}
				mustRun(t, overlay, "BEGIN;"+test.write+"COMMIT")
				const digest = "SELECT count(*) + total(id) + total(length(body)) FROM t"
				want, err := overlay.Int64(digest)
				if err != nil {
					t.Fatal(err)
				}
				draft, err := overlay.TakeDraft()
				if draft == nil || err != nil {
					t.Fatalf("got %v, %v, want a draft", draft, err)
				}
				defer draft.Close()
				overlay.Close()
				mustRun(t, base, "ROLLBACK; BEGIN IMMEDIATE")
				if err := draft.Write(base); err != nil {
					t.Fatal(err)
				}
				mustRun(t, base, "COMMIT")
				for _, c := range []*sqlite.Conn{openFile(t, path, sqlite.ReadOnly), app, base} {
					mustCount(t, c, digest, want)
					const faults = "SELECT count(*) FROM pragma_integrity_check " +
						"WHERE integrity_check <> 'ok'"
					mustCount(t, c, faults, 0)
					mustCount(t, c, "SELECT count(*) FROM pragma_journal_mode "+
						"WHERE journal_mode = '"+mode+"'", 1)
				}
				mustRun(t, app, fmt.Sprintf(grow, 77))
				mustCount(t, base, "SELECT count(*) FROM t WHERE name GLOB 'n77_*'", 77)
			})
		}
	}
}
