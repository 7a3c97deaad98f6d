package dump_test

import (
	"testing"

	"github.com/seedkit/seedkit/dump"
)

// TestLargeRows has, among small rows, rows that are formatted one by one and in pieces.
func TestLargeRows(t *testing.T) {
	path := build(t, manyRows+`CREATE TABLE large(a, b);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
		INSERT INTO large SELECT i, CASE i % 4
			WHEN 0 THEN zeroblob(i * 300000)
			WHEN 1 THEN replace(printf('%.*c', i * 300000, 'x'), 'x', char(10) || 'it''s')
			WHEN 2 THEN printf('%.*c', i * 300000, '''')
			ELSE i END FROM n;
		INSERT INTO large SELECT * FROM many;`)
	want := written(t, dump.WriteSelecting, path, dump.Options{})
	got := written(t, dump.WriteDecoding, path, dump.Options{})
	if got != want {
		t.Errorf("decoding gives %d bytes, selecting %d others", len(got), len(want))
	}
}
