package apply_test

import (
	"strings"
	"testing"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestNoPlaceForPages has more changed pages than the plan keeps in memory, and no folder for
// temporary files. That is not the fault of a row.
func TestNoPlaceForPages(t *testing.T) {
	const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB);"
	seed := testdb.Make(t, "delete", table+"WITH RECURSIVE n(i) AS "+
		"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "+
		"INSERT INTO t SELECT i, randomblob(2000) FROM n")
	target := testdb.Make(t, "delete", table)
	t.Setenv("TMPDIR", "/missing")
	plan, err := apply.Preview(t.Context(), seed, target, apply.Options{})
	if err == nil || !strings.Contains(err.Error(), "/missing/") {
		t.Errorf("got %v, want the folder", err)
	}
	if plan.RefusedRows > 0 {
		t.Errorf("%d rows are refused; the first: %v", plan.RefusedRows, plan.Refused[0])
	}
}
