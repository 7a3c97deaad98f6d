package extract_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestRowsInEveryWay has rows that are formatted on several goroutines, rows that SQLite reads, and
// large rows. The result must be the same if extract checks the length of each statement, because
// then one goroutine formats all rows.
func TestRowsInEveryWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.db")
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const script = `CREATE TABLE many(id INTEGER PRIMARY KEY, r REAL, x);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO many SELECT i, i % 7 / 2.0,
			CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'it''s' || char(10) WHEN 2 THEN x'00ff'
				WHEN 3 THEN i ELSE char(1, 233) END
			FROM n;
		ALTER TABLE many ADD added TEXT DEFAULT 'later';
		INSERT INTO many VALUES(-1, 2, 'first', NULL);
		UPDATE many SET x = zeroblob(2000000) WHERE id = 70;
		UPDATE many SET x = replace(hex(zeroblob(500000)), '0000', 'it''s' || char(10))
			WHERE id = 80;
		UPDATE many SET x = hex(zeroblob(500000)) WHERE id IN (90, 4000);
		UPDATE many SET x = CAST(zeroblob(500000) AS TEXT) WHERE id = 100;
		CREATE TABLE keyed(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
		INSERT INTO keyed SELECT 'k' || id, r FROM many;
		CREATE TABLE few(id INTEGER PRIMARY KEY, up INT REFERENCES many);
		INSERT INTO few VALUES(1, 2), (2, NULL);
		CREATE TABLE none(x);`
	if err := c.ExecScript("PRAGMA synchronous = OFF;" + script); err != nil {
		t.Fatal(err)
	}
	got, gotReport := extracted(t, path, extract.Options{NoProof: true})
	want, wantReport := extracted(t, path,
		extract.Options{NoProof: true, MaxStatementBytes: 1 << 30})
	if got != want {
		t.Errorf("got %d bytes, want %d others", len(got), len(want))
	}
	if rows := strings.Count(got, "INSERT INTO"); rows != 5001+5001+2 {
		t.Errorf("%d INSERTs, want 10004", rows)
	}
	for i, want := range wantReport.Tables {
		if got := gotReport.Tables[i]; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func extracted(t *testing.T, path string, opts extract.Options) (string, extract.Report) {
	t.Helper()
	var out strings.Builder
	report, err := extract.Write(t.Context(), &out, path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return withoutMarks(t, out.String()), report
}
