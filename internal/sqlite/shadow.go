package sqlite

import (
	"slices"
	"strings"
)

// shadowSuffixes are what modules append to the name of a virtual table, after
// an underscore, to name the tables that they keep its content in
// (https://sqlite.org/vtab.html#xshadowname). A star stands for a number.
var shadowSuffixes = map[string][]string{
	"fts3":      {"content", "segments", "segdir", "docsize", "stat"},
	"fts4":      {"content", "segments", "segdir", "docsize", "stat"},
	"fts5":      {"data", "idx", "content", "docsize", "config"},
	"rtree":     {"node", "parent", "rowid"},
	"rtree_i32": {"node", "parent", "rowid"},
	"geopoly":   {"node", "parent", "rowid"},
	"spellfix1": {"vocab"},
	// https://github.com/asg017/sqlite-vec, vec0_shadow_names
	"vec0": {
		"rowids", "chunks", "auxiliary", "info", "vector_chunks*", "metadatachunks*", "metadatatext*",
	},
}

// IsShadow reports whether a table is named as one that a module keeps the
// content of a virtual table in. Of a module that is not known, any other's names
// count.
func IsShadow(module, virtual, table string) bool {
	n := len(virtual)
	if len(table) <= n+1 || !strings.EqualFold(table[:n], virtual) || table[n] != '_' {
		return false
	}
	suffix := strings.ToLower(table[n+1:])
	named := func(pattern string) bool {
		stem, numbered := strings.CutSuffix(pattern, "*")
		rest, ok := strings.CutPrefix(suffix, stem)
		if !ok || (rest != "") != numbered {
			return false
		}
		return strings.Trim(rest, "0123456789") == ""
	}
	if own, known := shadowSuffixes[strings.ToLower(module)]; known {
		return slices.ContainsFunc(own, named)
	}
	for _, suffixes := range shadowSuffixes {
		if slices.ContainsFunc(suffixes, named) {
			return true
		}
	}
	return false
}
