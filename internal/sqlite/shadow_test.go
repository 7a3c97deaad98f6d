package sqlite_test

import (
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
)

func TestIsShadow(t *testing.T) {
	for _, test := range []struct {
		module, virtual, table string
		want                   bool
	}{
		{"fts4", "doc", "doc_content", true},
		{"FTS4", "Doc", "dOC_SegDir", true},
		{"fts4", "doc", "doc_data", false},
		{"fts5", "doc", "doc_data", true},
		{"fts5", "doc", "doc", false},
		{"fts5", "doc", "doc_", false},
		{"fts5", "doc", "docs_data", false},
		{"fts5", "doc", "doc_data2", false},
		{"rtree", "place", "place_node", true},
		{"vec0", "v", "v_vector_chunks00", true},
		{"vec0", "v", "v_vector_chunks", false},
		{"vec0", "v", "v_vector_chunksize", false},
		{"vec0", "v", "v_rowids", true},
		{"mine", "v", "v_segdir", true},
		{"mine", "v", "v_notes", false},
	} {
		if got := sqlite.IsShadow(test.module, test.virtual, test.table); got != test.want {
			t.Errorf("IsShadow(%q, %q, %q) = %t", test.module, test.virtual, test.table, got)
		}
	}
}
